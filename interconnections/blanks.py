"""What shows nothing: more than str.strip() knows, as users have keyboards and apps that type it.  Pure."""

import regex

# White space, controls, and what Unicode says may be ignored: zero-width, direction marks, Hangul fillers, selectors;
# and Braille's empty cell, which is a symbol and shows nothing.
_NOTHING = r"[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]"
_ONLY = regex.compile(f"{_NOTHING}*+")
_BEFORE = regex.compile(f"^{_NOTHING}++")
_LAST_SHOWN = regex.compile(rf"(?r){_NOTHING[:1]}^{_NOTHING[1:]}")
_ITS_LOOK = regex.compile(r"[\uFE00-\uFE0F\U000E0020-\U000E007F]*")  # selectors and tags, as ❤️ and flags have


def is_blank(text: str) -> bool:
    first = text[:1]
    if not first or "!" <= first <= "~":  # as nearly all words begin
        return not first
    return _ONLY.fullmatch(text) is not None


def trimmed(text: str) -> str:
    """Without what shows nothing at either end; what an emoji is made of stays."""
    shown: str = _BEFORE.sub("", trimmed_end(text))
    return shown


def trimmed_end(text: str) -> str:
    last = _LAST_SHOWN.search(text)
    shown = _ITS_LOOK.match(text, last.end()) if last else None
    return text[: shown.end()] if shown else ""
