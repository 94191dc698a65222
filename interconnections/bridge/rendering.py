"""How a message reads for the agent when it cannot cross as itself: its kind, its words, its link.

`[imagen] la caja` and the link on a line of its own.  What a user chose or tapped crosses as what they chose.
"""

from dataclasses import replace
from functools import cache

from django.utils.translation import pgettext_lazy

from interconnections.blanks import is_blank, trimmed
from interconnections.bridge.failure_notices import beginning
from interconnections.bridge.outgoing import to_agent
from interconnections.items import File, Item, Kind, Origin
from interconnections.languages import spoken, translated
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import Message

SAID = frozenset({"text", "interactive", "button", "postback", "quick_reply"})  # as if the user had written it

FILES = frozenset({"image", "audio", "voice", "document", "file", "video", "sticker"})  # where they have an address
NOTES = frozenset({"system", "referral"})  # what the platform says of a user, who said nothing
UNKNOWN = frozenset({"unsupported", "unknown"})  # what the platform cannot show, or we cannot read
BARE = SAID | FILES | {"location", "contacts"}  # in the past their words stand alone
LONGEST_CAPTION = 1_024  # characters that stay with a file; longer words follow it as texts of their own
MOST_FILES = 30  # of one message; further ones are told as links

LABELS = {
    "image": pgettext_lazy("kind of message", "image"),
    "audio": pgettext_lazy("kind of message", "audio"),
    "voice": pgettext_lazy("kind of message", "voice message"),
    "document": pgettext_lazy("kind of message", "document"),
    "file": pgettext_lazy("kind of message", "file"),
    "video": pgettext_lazy("kind of message", "video"),
    "sticker": pgettext_lazy("kind of message", "sticker"),
    "location": pgettext_lazy("kind of message", "location"),
    "contacts": pgettext_lazy("kind of message", "contact"),
    "interactive": pgettext_lazy("kind of message", "reply"),
    "button": pgettext_lazy("kind of message", "button"),
    "postback": pgettext_lazy("kind of message", "button"),
    "reaction": pgettext_lazy("kind of message", "reaction"),
    "reaction removed": pgettext_lazy("kind of message", "removed their reaction"),
    "order": pgettext_lazy("kind of message", "order"),
    "product": pgettext_lazy("kind of message", "product"),
    "referral": pgettext_lazy("kind of message", "came through"),
    "edit": pgettext_lazy("kind of message", "correction"),
    "revoke": pgettext_lazy("kind of message", "deleted a message"),
    "elsewhere": pgettext_lazy("kind of message", "the business wrote through another app"),
    "system": pgettext_lazy("kind of message", "notice"),
    "unsupported": pgettext_lazy("kind of message", "message that cannot be shown here"),
    "unknown": pgettext_lazy("kind of message", "message that cannot be shown here"),
}


@cache
def labels(language: str) -> dict[str, str]:
    """Ours, and those of the kinds that only one platform has."""
    own = {kind: label for platform in PLATFORMS.values() for kind, label in platform.kinds.items()}
    return translated(own | LABELS, language)


def as_items(message: Message, language: str = "es", *, apart: bool = True, quoted: str = "") -> tuple[Item, ...]:
    """For the lane to the agent: words as words, each file by itself, in their order; nothing for what says nothing.

    `language`: the bot's, as in `es-MX`; not `apart`: what came together stays one text; `quoted`:
    what it answers, reacts to or corrects.
    """
    known = labels(spoken(language))
    origin = Origin.BRIDGE if message.kind in NOTES or message.by_bot else Origin.USER
    words = _words(message)
    long = len(words) > LONGEST_CAPTION
    first = _line(message.kind, "", message.url, known) if long else _first(message, known)
    rows = [(first, _file(message, "" if long else words))]
    if not _crosses(rows[0][1], message, apart):
        rows[0] = (_first(message, known), rows[0][1])
    elif long:
        rows.append((words, File("", "text")))
    for each in message.more:
        rows.append((_line(each.kind, each.name, each.url, known), File(each.url, each.kind, name=each.name)))
    found: list[Item] = []
    files = 0
    said: list[str] = []  # words that nothing stands between go together
    for text, file in rows:
        if _crosses(file, message, apart) and files < MOST_FILES:
            files += 1
            found += [*_said(said, origin), Item(Kind.FILE, origin, text, file=file)]
            said = []
        elif text:
            said.append(text)
    return (*_before(message, quoted, known), *found, *_said(said, origin))


def _file(message: Message, caption: str) -> File:
    return File(
        message.url, message.kind, message.mime_type, name=message.file_name, caption=caption, id=message.file_id
    )


def _before(message: Message, quoted: str, known: dict[str, str]) -> tuple[Item, ...]:
    """Who says it, where that is neither agent nor user; and what it speaks of."""
    lines = [f"[{known['elsewhere']}]"] if message.by_bot else []
    if quoted:
        lines.append(f"↪ {beginning(quoted)}")
    return to_agent("\n".join(lines), Origin.BRIDGE) if lines else ()


def as_past(message: Message, language: str = "es") -> str:
    """How it reads in the talk before a chat, beside its caption and its addresses; "" for what says nothing."""
    known = labels(spoken(language))
    own = "\n".join(part for part in (message.text, message.detail) if not is_blank(part))
    if (message.kind in known and message.kind not in BARE) or not (own or message.url or message.caption):
        own = _first(replace(message, url="", caption=""), known)
    beside = (
        each.name if each.kind in FILES and each.url else _line(each.kind, each.name, "", known)
        for each in message.more
    )
    return "\n".join(part for part in (own, *beside) if part)


def _crosses(file: File, message: Message, apart: bool) -> bool:
    """Does it go as a file of its own?"""
    return file.kind in FILES and bool(file.url or file.id) and (apart or not message.more)


def _words(message: Message) -> str:
    return "\n".join(part for part in (message.text, message.caption, message.detail) if not is_blank(part))


def label_of(kind: str, language: str) -> str:
    """The word for a kind of message; "" for one that we have no word for."""
    return labels(spoken(language)).get(kind, "")


def _said(lines: list[str], origin: Origin) -> tuple[Item, ...]:
    return to_agent("\n".join(lines), origin) if lines else ()


def _first(message: Message, known: dict[str, str]) -> str:
    words = _words(message)
    if message.kind in SAID and not message.url and (words or message.kind == "text"):
        return words
    if message.kind == "reaction" and not words:
        return f"[{known['reaction removed']}]"
    return _line(message.kind, words, message.url, known)


def _line(kind: str, words: str, url: str, known: dict[str, str]) -> str:
    label = known.get(kind) or f"{known['unknown']}: {trimmed(kind)[:40]}"
    return "\n".join(part for part in (f"[{label}] {words}".rstrip(), url) if part)


def not_shown(message: Message) -> int:
    """How many of its parts an agent is only told that they were there: of kinds that nobody knows, or files of which
    is said neither where they lie nor why they lie nowhere.
    """
    known = _kinds_shown()
    parts = [(message.kind, message.url or message.file_id or message.detail)]
    parts += [(each.kind, each.url or each.name) for each in message.more]
    return sum(kind not in known or kind in FILES and not there for kind, there in parts)


@cache
def _kinds_shown() -> frozenset[str]:
    return frozenset(labels("en").keys() | SAID) - UNKNOWN
