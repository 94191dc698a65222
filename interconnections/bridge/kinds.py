"""How a message reads for the agent when it cannot cross as itself: its kind, its words, its link.

`[imagen] la caja` and the link on a line of its own.  What a user chose or tapped crosses as what they chose.
"""

from functools import cache

from django.utils.translation import pgettext_lazy

from interconnections.platforms.words import Message
from interconnections.tongues import spoken, translated

SAID = frozenset({"text", "interactive", "button", "postback", "quick_reply"})  # as if the user had written it

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


def as_text(message: Message, language: str = "es") -> str:
    """What the agent reads; "" for a text that says nothing.  `language`: the bot's, as in `es-MX`."""
    known = labels(spoken(language))
    lines = [_first(message, known)]
    lines += [_line(each.kind, each.name, each.url, known) for each in message.more]
    return "\n".join(line for line in lines if line)


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
