"""How a message reads for the agent when it cannot cross as itself: its kind, its words, its link.

`[imagen] la caja` and the link on a line of its own.  What a user chose or tapped crosses as what they chose.
"""

from functools import cache

from django.utils.translation import pgettext_lazy

from interconnections.bridge.sayings import to_agent
from interconnections.items import File, Item, Kind, Origin
from interconnections.platforms.words import Message
from interconnections.tongues import spoken, translated

SAID = frozenset({"text", "interactive", "button", "postback", "quick_reply"})  # as if the user had written it

FILES = frozenset({"image", "audio", "voice", "document", "file", "video", "sticker"})  # where they have an address

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
    "fallback": pgettext_lazy("kind of message", "shared link"),
    "unknown": pgettext_lazy("kind of message", "message that cannot be shown here"),
}


@cache
def labels(language: str) -> dict[str, str]:
    return translated(LABELS, language)


def as_items(message: Message, language: str = "es", *, apart: bool = True) -> tuple[Item, ...]:
    """For the lane to the agent: words as words, each file by itself, in their order; nothing for what says nothing.

    `language`: the bot's, as in `es-MX`; not `apart`: what came together stays one text.
    """
    known = labels(spoken(language))
    words = "\n".join(part for part in (message.text, message.caption, message.detail) if part.strip())
    rows = [(_first(message, known), File(message.url, message.kind, message.mime_type, caption=words))]
    rows += [
        (_line(each.kind, each.name, each.url, known), File(each.url, each.kind, name=each.name))
        for each in message.more
    ]
    found: list[Item] = []
    said: list[str] = []  # words that nothing stands between go together
    for text, file in rows:
        if file.kind in FILES and file.url and (apart or not message.more):
            found += [*_said(said), Item(Kind.FILE, Origin.USER, text, file=file)]
            said = []
        elif text:
            said.append(text)
    return (*found, *_said(said))


def label_of(kind: str, language: str) -> str:
    """The word for a kind of message; "" for one that we have no word for."""
    return labels(spoken(language)).get(kind, "")


def _said(lines: list[str]) -> tuple[Item, ...]:
    return to_agent("\n".join(lines), Origin.USER) if lines else ()


def _first(message: Message, known: dict[str, str]) -> str:
    words = "\n".join(part for part in (message.text, message.caption, message.detail) if part.strip())
    if message.kind in SAID and not message.url and (words or message.kind == "text"):
        return words
    if message.kind == "reaction" and not words:
        return f"[{known['reaction removed']}]"
    return _line(message.kind, words, message.url, known)


def _line(kind: str, words: str, url: str, known: dict[str, str]) -> str:
    label = known.get(kind) or f"{known['unknown']}: {kind[:40]}"
    return "\n".join(part for part in (f"[{label}] {words}".rstrip(), url) if part)
