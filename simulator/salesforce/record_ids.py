"""Record ids: a kind's prefix, 15 characters that care for case, 3 more that repeat the case (data sheet §9)."""

from __future__ import annotations

import itertools
import string
from collections import defaultdict
from collections.abc import Iterator

PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Lead": "00Q",
    "User": "005",
    "CaseComment": "00a",
    "Group": "00G",
    "RecordType": "012",
    "Case": "500",
    "ContentVersion": "068",
    "ContentDocument": "069",
    "ContentDocumentLink": "06A",
}
LOCATOR = "01g"  # of a query that goes on
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_CHECK = string.ascii_uppercase + "012345"


class Mint:
    """Counts each kind from 1 on, as the samples of the sheet do; never the same twice, not even after a reset."""

    def __init__(self) -> None:
        self._counters: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def id(self, prefix: str) -> str:
        """A new id of 18 characters."""
        return long(f"{prefix}{next(self._counters[prefix]):012d}")

    def number(self, what: str) -> int:
        """A new number of something that counts, such as cases."""
        return next(self._counters[what])


def long(short: str) -> str:
    """The 18 characters of an id of 15: each of the last three tells which of five letters are capitals."""
    bits = [
        sum(1 << place for place, letter in enumerate(short[at : at + 5]) if letter.isupper()) for at in (0, 5, 10)
    ]
    return short + "".join(_CHECK[number] for number in bits)


def canonical(text: object) -> str | None:
    """An id as it is stored, from its 15 or 18 characters; None when it is none."""
    if not isinstance(text, str) or not (text.isascii() and text.isalnum()) or len(text) not in (15, 18):
        return None
    whole = long(text[:15])
    return whole if text in (whole, text[:15]) else None


def kind(id: str) -> str | None:
    """The object that an id is of."""
    return _KINDS.get(id[:3])
