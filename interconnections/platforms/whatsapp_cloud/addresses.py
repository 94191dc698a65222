"""How a user is named to the Cloud API (whatsapp-cloud-api.md sections 9 and 10).  Pure.

A number goes as `to`, with its +; a BSUID as `recipient`, or, where a number's API does not know that yet, as `to`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interconnections.platforms.platform import Recipient

_BSUID = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9.]+")
_BESIDE_DIGITS = re.compile(r"[\s+()\-]")


@dataclass(frozen=True, slots=True)
class Address:
    """`field`: to | recipient; `scoped`: it is a BSUID."""

    field: str
    value: str
    scoped: bool


def is_scoped(id: str) -> bool:
    """Is it an id of the business's own, and no number?"""
    return _BSUID.fullmatch(id) is not None


def addresses(to: Recipient, worked: str = "") -> Iterator[Address]:
    """In the order in which they are tried: the id of the chat first, the person's number as the last resort.

    `worked`: the field in which this number's API took a BSUID last, "" where that is not known; it is tried first,
    and the other one after it: what Meta's API takes may change from one day to the next.
    """
    if not is_scoped(to.user):
        yield Address("to", _dialled(to.user), False)
        return
    for field in ("to", "recipient") if worked == "to" else ("recipient", "to"):
        yield Address(field, to.user, True)
    for id in sorted((id for id in to.also if not is_scoped(id)), key=len, reverse=True):  # as wa_ids are written
        yield Address("to", _dialled(id), False)


def _dialled(number: str) -> str:
    """With its +, or Meta may put the business's own country before it; what is no number stays as it is."""
    digits = _BESIDE_DIGITS.sub("", number)
    return f"+{digits}" if digits.isascii() and digits.isdecimal() else number
