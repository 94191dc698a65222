"""Buttons and lists for users who have only text: shown with numbers, answered with a number or a title.  Pure."""

import re
import unicodedata

from interconnections.desks.news import Choices

NUMBER = re.compile(r"[#(]?([0-9]{1,3})[.)]*")
Options = tuple[tuple[str, str], ...]  # (identifier, title)


def in_words(choices: Choices) -> str:
    lines = [f"{number} {title}" for number, _, title in _numbered(choices.options)]
    return "\n".join([choices.text, *lines] if choices.text.strip() else lines)


def chosen(answer: str, options: Options) -> str | None:
    """The identifier of the option that the user means; None: it is no answer, but something that they say.

    A title that two options share, with case and accents ignored, is neither's, unless it is written just so.
    """
    if not _folded(answer):
        return None
    numbered = _numbered(options)
    for reads in (str.strip, _folded):
        said = reads(answer)
        found = {id for number, id, title in numbered if said in (reads(title), reads(f"{number} {title}"))}
        if found:
            return found.pop() if len(found) == 1 else None
    number = NUMBER.fullmatch(_folded(answer))
    if number is None or _are_numbers(options) or not 1 <= int(number[1]) <= len(options):
        return None
    return options[int(number[1]) - 1][0]


def _numbered(options: Options) -> list[tuple[str, str, str]]:
    """(number as shown, identifier, title).  Titles that are numbers have none: `1. 3` leaves open what a 3 means."""
    bare = _are_numbers(options)
    return [("•" if bare else f"{place}.", id, title) for place, (id, title) in enumerate(options, 1)]


def _are_numbers(options: Options) -> bool:
    return any(NUMBER.fullmatch(_folded(title)) for _, title in options)


def _folded(words: str) -> str:
    """Without case, accents, the frames of keycaps, and more than one space."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    kept = (letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Me", "Cf"))
    return " ".join("".join(kept).split())
