"""The words with which a user leaves the agent and begins anew with the bot: typed, or tapped on a button.  Pure."""

import unicodedata
from functools import lru_cache

import regex

from interconnections.blanks import is_blank
from interconnections.directory import Bot
from interconnections.platforms.messages import Message

# Between letters nobody sees these: zero-width, direction marks, the selectors of an emoji's look
_UNSEEN = regex.compile(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]")
_AROUND = r"[\s\p{P}\p{S}\p{Z}\p{C}\p{Me}\u2800]*+"  # punctuation, an arrow or an emoji beside the word

LONGEST = 1_000  # characters of what may be such a word


def is_restart(bot: Bot, text: str) -> bool:
    """One of the bot's words and nothing else, however it is spelt."""
    pattern = _pattern(bot.restart_keywords) if len(text) <= LONGEST else None
    return pattern is not None and pattern.fullmatch(_folded(text)) is not None


def spoken_words(message: Message) -> tuple[str, ...]:
    """What may be such a word: what was typed, or corrected to, or stands on a button or behind it."""
    match message.kind:
        case "text":
            return (message.text, *message.chosen)
        case "edit":
            return (message.detail,)
    return message.chosen


@lru_cache(64)
def _pattern(words: tuple[str, ...]) -> "regex.Pattern[str] | None":
    known = sorted({_folded(word) for word in words if not is_blank(word)}, key=len, reverse=True)
    return regex.compile(f"{_AROUND[:-1]}({'|'.join(map(regex.escape, known))}){_AROUND}") if known else None


def _folded(text: str) -> str:
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", " ".join(seen.split()).casefold())
