"""One chat at Enhanced Chat: its stream, its gaps, its messages (salesforce-enhanced-chat.md)."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import structlog

from interconnections.desks import news
from interconnections.desks.choices import chosen
from interconnections.desks.desk import Batch, Host, Keeper, Ref, Upload
from interconnections.desks.enhanced_chat import gap
from interconnections.desks.enhanced_chat.client import Ack, EnhancedChat
from interconnections.desks.enhanced_chat.entries import MOST, Page
from interconnections.desks.enhanced_chat.events import read_frame
from interconnections.desks.enhanced_chat.ids import derived, message_id
from interconnections.desks.enhanced_chat.session import Session
from interconnections.desks.enhanced_chat.sse import Frame
from interconnections.desks.enhanced_chat.stream import EventStream
from interconnections.errors import AlreadyTaken, ChatGone, DeskError, FileNotTaken
from interconnections.one_by_one import OneByOne
from interconnections.secret import Secret

LARGEST_FILE = 5_000_000  # bytes (section 4.4)
LOOKED_THROUGH = 4  # pages of the latest entries in which a message of ours is looked for
ACKNOWLEDGED = {"delivered": "Delivery", "read": "Read"}  # section 4.6
CHOICES, SEEN_UNTIL = "choices", "entriesUntil"  # fields of the hash

log = structlog.get_logger("bridge.enhanced_chat")


class EnhancedChatChat:
    def __init__(
        self,
        client: EnhancedChat,
        host: Host,
        opening: OneByOne,
        fields: Mapping[str, str],
        secrets: Mapping[str, Secret],
        keeper: Keeper | None,
    ) -> None:
        self.client, self.host = client, host
        self.id = fields["sessionId"]
        self.language = fields.get("language", "")
        self.attributes: dict[str, str] = json.loads(fields.get("routingAttributes") or "{}")
        self.session = Session(client, host, keeper, fields, secrets)
        self.stream = EventStream(self.session, opening)
        self._told: deque[Batch] = deque()  # read, and not stored yet
        self._given = False  # the first of them was
        self.learn(fields)

    def learn(self, fields: Mapping[str, str]) -> None:
        self.mark = fields.get("ack", "")
        self.seen_until = int(fields.get(SEEN_UNTIL) or 0)  # ms of theirs, of the latest entry that is stored
        self._choices = fields.get(CHOICES, "")
        self._leaving = fields.get("leaving") == "1"
        self._served = fields.get("status") == "Active" and fields.get("waitingAgain") != "1"

    @property
    def heard_at(self) -> float:
        return self.stream.heard_at

    @heard_at.setter
    def heard_at(self, moment: float) -> None:
        self.stream.heard_at = moment

    moving = False
    takes_file = True

    # Opening

    async def start(self) -> Mapping[str, str]:
        """Call 5.  The id was minted and stored before, so that however often this is asked there is one."""
        await self._end_what_was_left_open()
        try:
            await self.session.call(
                lambda access: self.client.create(access, self.id, attributes=self.attributes, language=self.language)
            )
        except AlreadyTaken:  # by us, and the answer was lost: it is there when it can be asked for
            await self.session.call(lambda access: self.client.routing_status(access, self.id))
        return {}

    async def _end_what_was_left_open(self) -> None:
        """Conversations of this user that no chat of ours stands for any more (section 4.1)."""
        if not self.session.verified:
            return
        for each in await self.session.call(self.client.conversations):
            if each.id != self.id and not each.ended and not await self.host.is_ours(each.id):
                log.warning("left open, closed now", session=each.id)
                self.host.count("tolerated:conversation left open")
                await self.session.call(lambda access, id=each.id: self.client.close(access, id))  # type: ignore[misc]

    # From the agent

    async def listen(self, patience: float | None) -> Batch | None:
        if not self._told:
            await self._read(patience)
        if not self._told:
            return None
        self._told[0] = await self._settled(self._told[0])
        self._given = True
        return self._told[0]

    def kept(self) -> None:
        if self._given:
            self._given = False
            self._told.popleft()

    async def _read(self, patience: float | None) -> None:
        if not self.stream.is_open:
            if pause := self.stream.pause:
                await asyncio.sleep(pause if patience is None else min(pause, max(patience, 0)))
            await self.session.renew_early()
            await self.stream.open(self.mark)
            try:
                self._told.extend(await self._gap())
            except BaseException:
                self.stream.close()  # whoever opens it again looks for the gap again
                raise
            return
        await self.session.renew_early()
        if batch := self._batch(await self.stream.read(patience)):
            self._told.append(batch)

    def _batch(self, frames: list[Frame]) -> Batch | None:
        """The last id is kept with what came before it, never alone ahead of it (section 9, 11)."""
        events = tuple(event for frame in frames if (event := read_frame(frame, self.id)))
        mark = next((frame.id for frame in reversed(frames) if frame.id), None)
        return Batch(events, mark, self._until(events)) if events or mark else None

    async def _gap(self) -> list[Batch]:
        """What is more than is held at once is looked for when this is stored and the stream is opened again: before
        that it would tell what follows.
        """
        found = await gap.since(self.seen_until, self._page, self.host.count)
        if found.hole:
            log.warning("entries of a gap cannot be asked for: what was said between may be missing", session=self.id)
        batches = [Batch(events, None, self._until(events)) for events in found.pages if events]
        if found.goes_on:
            self.stream.close()
            batches.append(Batch((), None, {SEEN_UNTIL: str(found.goes_on)}))
        return batches

    async def _page(self, since: int = 0, until: int = 0, *, from_end: bool = False) -> Page:
        return await self.session.call(
            lambda access: self.client.entries(access, self.id, since=since, until=until, from_end=from_end)
        )

    def _until(self, events: tuple[news.Event, ...]) -> dict[str, str]:
        last = max((event.at for event in events), default=0)
        return {SEEN_UNTIL: str(last)} if last > self.seen_until else {}

    async def _settled(self, batch: Batch) -> Batch:
        """What only another call can tell; may be asked again."""
        events = tuple([await self._asked(event) for event in batch.events])
        if any(isinstance(event.news, news.Ended | news.NoAgent) for event in events):
            await self._close()
        return replace(batch, events=events)

    async def _asked(self, event: news.Event) -> news.Event:
        """An agent who left: the routing status says what becomes of the user (section 4.2).

        An end that we asked for is the lane's to tell; a transfer that failed leaves the user with their agent.
        """
        if isinstance(event.news, news.Ended) and self._leaving:
            return replace(event, news=news.Other())
        if isinstance(event.news, news.NoAgent) and self._served:
            self.host.count("tolerated:routing failed beside an agent")
            return replace(event, news=news.Other())
        if not isinstance(event.news, news.AgentLeft):
            return event
        try:
            status = await self.session.call(lambda access: self.client.routing_status(access, self.id))
        except ChatGone:
            status = "NEEDS_ROUTING"
        match status:
            case "NEEDS_ROUTING":
                return replace(event, news=news.Ended("agent left"))
            case "TRANSFER" | "INITIAL":
                return replace(event, news=news.WaitingAgain(dropped=status == "INITIAL"))
        return replace(event, news=news.Other())  # another agent has them

    async def _close(self) -> None:
        """Each interconnection has a conversation of its own, which ends with it."""
        try:
            await self.session.call(lambda access: self.client.close(access, self.id))
        except DeskError as trouble:
            self.host.count("tolerated:conversation not closed")
            log.warning("conversation not closed", session=self.id, why=str(trouble))

    # To the agent

    async def send(self, text: str, ref: Ref) -> Mapping[str, str]:
        """The same id however often; after a lost answer it is looked for before it is sent again."""
        id, asked = message_id(self.id, ref.number), self._choices
        reply_to, option = self._answer(text)
        if not (ref.again and await self._is_there(id)):
            await self._send(id, text, reply_to, option, first=ref.first)
        return {CHOICES: ""} if option and self._choices == asked else {}  # others may have been offered meanwhile

    async def _send(self, id: str, text: str, reply_to: str, option: str, *, first: bool) -> None:
        try:
            if option:
                await self.session.call(
                    lambda access: self.client.choose(access, self.id, id, reply_to=reply_to, option=option)
                )
            else:
                await self.session.call(
                    lambda access: self.client.say(access, self.id, id, text, first=first, language=self.language)
                )
        except AlreadyTaken:
            self.host.count("tolerated:message id taken before")

    def _answer(self, text: str) -> tuple[str, str]:
        """(the message that it answers, the option); "" where it is no answer."""
        if not self._choices:
            return "", ""
        reply_to, options = json.loads(self._choices)
        option = chosen(text, tuple((id, title) for id, title in options))
        return (reply_to, option) if option else ("", "")

    async def _is_there(self, id: str) -> bool:
        """Among the latest messages of the conversation."""
        until = 0
        for _ in range(LOOKED_THROUGH):
            page = await self.session.call(
                lambda access, until=until: self.client.entries(  # type: ignore[misc]
                    access, self.id, until=until, from_end=True, types=("Message",)
                )
            )
            for event in page.events:
                if event.id == id or (isinstance(event.news, news.Echo) and event.news.message_id == id):
                    return True
            if page.rows < MOST:
                return False
            until = min((event.at for event in page.events if event.at), default=0) + 1
        return False

    def named(self, number: str) -> str:
        return message_id(self.id, number)

    async def send_file(self, file: Upload, ref: Ref) -> bool:
        """Call 8; what is too large or of a type that the org does not take stays outside."""
        id = message_id(self.id, ref.number)
        if file.size > LARGEST_FILE:
            return False
        if ref.again and await self._is_there(id):
            return True
        try:
            await self.session.call(
                lambda access: self.client.send_file(
                    access,
                    self.id,
                    id,
                    file_id=derived(self.id, ref.number, "file"),
                    name=file.name,
                    mime=file.mime,
                    content=file.content,
                    first=ref.first,
                    language=self.language,
                )
            )
        except FileNotTaken as refusal:
            log.info("file not taken", session=self.id, why=str(refusal))
            return False
        except AlreadyTaken:
            self.host.count("tolerated:message id taken before")
        return True

    async def receipts(self, found: Mapping[str, str]) -> None:
        """Call 10, all at once."""
        acks = [Ack(str(uuid4()), ACKNOWLEDGED[state], entry) for entry, state in found.items()]
        await self.session.call(lambda access: self.client.acknowledge(access, self.id, acks))

    def served(self) -> Mapping[str, str]:
        return {}

    async def end(self, ref: Ref, *, waiting: bool) -> None:
        """Calls 13 and 14."""
        try:
            await self.session.call(lambda access: self.client.end_session(access, self.id))
            await self.session.call(lambda access: self.client.close(access, self.id))
        except ChatGone:
            return

    # Letting go

    async def abandon(self) -> None:
        await self._close()

    async def close(self) -> None:
        self.stream.close()
