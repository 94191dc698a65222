"""The verb of users' files: to the chat when the agent asked for one, else to the case, else as a link.

A file is settled by what is said of it: the words go in front of the lane, under numbers of their own, so that they
stand where the file stood.
"""

from dataclasses import replace

import structlog

from interconnections.backoff import backoff
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.outgoing import to_agent, to_user, user_limit
from interconnections.bridge.records import note_usage, records_of
from interconnections.bridge.rendering import label_of
from interconnections.bridge.services import Bridge
from interconnections.desks.desk import Ref, Upload
from interconnections.desks.records.client import Records
from interconnections.desks.records.files import attach, attached
from interconnections.directory import Bot, Org
from interconnections.errors import (
    DeskError,
    DeskUnwell,
    FileError,
    FileUnwell,
    RecordsError,
    RecordsUnwell,
    StoreAway,
)
from interconnections.files.fetch import Fetched, Shown
from interconnections.files.names import name_for, title_for
from interconnections.items import Change, File, Item, Origin
from interconnections.store.lanes import Cause, Settled, Taken

PATIENCE = 3  # tries while it may get better; what the user says next waits behind it

# The bot's texts, by the platform's word for the kind.
TEXTS = {"image": "uploadImage", "sticker": "uploadImage", "audio": "uploadAudio", "voice": "uploadAudio"}
OTHER = "uploadFile"

log = structlog.get_logger("bridge.bring")


async def bring(bridge: Bridge, conversation: Conversation, bot: Bot | None, taken: Taken) -> Settled:
    """Delivered, to be tried again, or replaced by its link."""
    file = taken.item.file
    asked = conversation.chat.takes_file
    org = bot.org_of(conversation.org_name) if bot else None
    if bot is None or org is None or file is None:
        return as_link(taken, "nobody to bring it to")
    errand = FileDelivery(bridge, conversation, bot, org, file, f"{conversation.session_id}/{taken.number}")
    if errand.records is None and not asked:
        return as_link(taken, "there is no case")
    try:
        if taken.again and await errand.is_on_the_case():
            return _delivered(taken, bot, file, "Success")
        with await errand.fetch() as content:
            if asked and await errand.is_in_the_chat(content, ref_of(taken)):
                return _delivered(taken, bot, file, "", _served(conversation))
            if errand.records is None:
                return as_link(taken, "the chat did not take it", _served(conversation))
            await errand.put_on_the_case(content)
    except (FileUnwell, RecordsUnwell, StoreAway, DeskUnwell) as trouble:
        tried = taken.tried(Cause.TROUBLE)
        if tried < PATIENCE:
            pause = max(backoff(tried, base=1, cap=5), min(getattr(trouble, "wait", None) or 0, 10))
            return taken.retry(pause, str(trouble), Cause.TROUBLE)
        return _failed(conversation, taken, bot, file, trouble)
    except (FileError, RecordsError, DeskError) as refusal:
        return _failed(conversation, taken, bot, file, refusal)
    return _delivered(taken, bot, file, "Success", _served(conversation) if asked else {})


class FileDelivery:
    """One file, and the places where it may be brought; `mark`: by which it is known again on the case."""

    def __init__(self, bridge: Bridge, conversation: Conversation, bot: Bot, org: Org, file: File, mark: str) -> None:
        self.bridge, self.conversation, self.bot, self.org, self.file, self.mark = (
            bridge,
            conversation,
            bot,
            org,
            file,
            mark,
        )
        keeping = org.records if conversation.case_id else None
        self.records: Records | None = records_of(bridge, org, keeping) if keeping else None
        self.title = title_for(
            filename=conversation.masked(file.name).text,
            caption=conversation.masked(file.caption).text,
            url=file.url,
            fallback=label_of(file.kind, bot.language),
        )

    async def fetch(self) -> Fetched:
        """Where a file lies that only the bot's token opens, its platform says; that lapses, so it is asked now."""
        url, headers, listed = self.file.url, None, self.bot.media_hosts
        if self.file.id:
            place = await self.bridge.platforms[self.bot.platform].file(self.bot.settings, self.file.id)
            url, listed = place.url, (*listed, *place.hosts)
            headers = Shown(place.headers, place.hosts)
        return await self.bridge.files.fetch(
            url, listed=listed, declared=self.file.mime, name=self.file.name, shown=headers
        )

    async def is_on_the_case(self) -> bool:
        """Did an attempt bring it there whose answer nobody heard?"""
        return bool(self.records and await attached(self.records, self.title, self.mark))

    def _arrived(self, place: str) -> None:
        self.bridge.tally.count(f"files:{place}")

    async def put_on_the_case(self, content: Fetched) -> None:
        assert self.records
        case_id, extension = self.conversation.case_id, content.type.extension
        await attach(self.records, case_id, self.title, extension, content.content, self.mark)
        await note_usage(self.bridge, self.org, self.records)
        self._arrived("case")

    async def is_in_the_chat(self, content: Fetched, ref: Ref) -> bool:
        """False leaves the case."""
        name = name_for(self.title, content.type.extension)
        upload = Upload(name, content.type.mime, content.content, content.size)
        if not await self.conversation.chat.send_file(upload, ref):
            return False
        self._arrived("chat")
        return True


def _served(conversation: Conversation) -> dict[str, str]:
    return dict(conversation.chat.served())


def ref_of(taken: Taken) -> Ref:
    return Ref(taken.number, taken.sequence, taken.again, taken.first)


def as_link(taken: Taken, why: str, fields: dict[str, str] | None = None, *before: Item) -> Settled:
    """Words and address, for the agent to open, as all files went before there were cases."""
    words = (*before, *to_agent(taken.item.text, Origin.USER))
    return Settled(taken.number, "replaced", why, Change(fields=fields or {}, first_to_agent=words))


def _delivered(taken: Taken, bot: Bot, file: File, word: str, fields: dict[str, str] | None = None) -> Settled:
    """What the agent is told of it: that it is there, where Salesforce does not show it, and the words with it.

    `word`: "" where it is in the chat, and speaks for itself.
    """
    told = _said(bot, file, word) if word else ()
    if file.caption.strip():
        told += to_agent(file.caption, Origin.USER)
    change = Change(fields=fields or {}, first_to_agent=told)
    return Settled(taken.number, "delivered", change=change if change else None, aside=bool(word))


def _failed(conversation: Conversation, taken: Taken, bot: Bot, file: File, why: Exception) -> Settled:
    """Both are told, and the agent has the link."""
    log.warning("file not attached", session=conversation.session_id, why=str(why))
    settled = as_link(taken, str(why), _served(conversation), *_said(bot, file, "Error"))
    assert settled.change
    text = _text(bot, file, "Error")
    told = to_user(text, Origin.BRIDGE, user_limit(bot)) if text else ()
    return replace(settled, change=replace(settled.change, to_user=told))


def _said(bot: Bot, file: File, word: str) -> tuple[Item, ...]:
    text = _text(bot, file, word)
    return to_agent(text, Origin.BRIDGE) if text else ()


def _text(bot: Bot, file: File, word: str) -> str:
    """`word`: Success | Error.  The old service had no words for audio; that one failed is told all the same."""
    own = bot.texts[TEXTS.get(file.kind, OTHER) + word].strip()
    return own or (bot.texts[OTHER + word].strip() if word == "Error" else "")
