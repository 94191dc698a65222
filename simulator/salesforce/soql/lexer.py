"""The words of a query, and the texts that its strings stand for (data sheet §3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..refusal import Refused

_WORD = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d(?![\d:T]))
    | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w.]))
    | (?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)
    | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True)
class Word:
    """One word; `kind` is string, datetime, date, number, name, sign or end."""

    kind: str
    text: str
    at: int

    def says(self, *words: str) -> bool:
        """Whether it is one of these, whatever its case."""
        return self.kind in ("name", "sign") and self.text.upper() in words


def words(text: str) -> list[Word]:
    """All of them, and an `end`; MALFORMED_QUERY for what is none."""
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _WORD.match(text, at)
        if match is None:
            raise unexpected(text, Word("", text[at:].lstrip()[:1], at))
        kind = match.lastgroup or ""
        found.append(Word(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Word("end", "<EOF>", end)]


def unexpected(text: str, word: Word) -> Refused:
    """A word where it does not belong."""
    row = text.count("\n", 0, word.at) + 1
    column = word.at - (text.rfind("\n", 0, word.at) + 1) + 1
    near = text[max(0, word.at - 40) : word.at + 20]
    return malformed(f"\n{near}\n^\nERROR at Row:{row}:Column:{column}\nunexpected token: '{word.text}'")


def malformed(message: str) -> Refused:
    """Not a query that is understood."""
    return Refused(400, "MALFORMED_QUERY", message)


def unescape(text: str, *, like: bool = False) -> str:
    """What a string literal says.  In LIKE `\\%` and `\\_` stay as they are: the pattern reads them."""
    said, letters = "", iter(text)
    for letter in letters:
        if letter != "\\":
            said += letter
            continue
        escaped = next(letters)
        if like and escaped in "%_\\":
            said += f"\\{escaped}"
        elif escaped in _ESCAPES:
            said += _ESCAPES[escaped]
        else:
            raise malformed(f"Illegal character sequence '\\{escaped}' in string literal")
    return said
