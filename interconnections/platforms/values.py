"""Values of a platform's JSON, read tolerantly: whatever stands there, no message is refused for it.  Pure.

Numbers come as strings and strings as numbers, objects as null, lists as one object: each is read as what it says.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from interconnections.blanks import is_blank

Json = Mapping[str, object]

SECONDS_BELOW = 10**11  # as seconds the year 5138, as milliseconds 1973: a smaller number of a clock counts seconds
LATEST = 10**14  # ms: the year 5138; no datetime holds what lies far behind it
_CLOCK = re.compile(r"[0-9]{1,20}(\.[0-9]{1,9})?")
_DEGREES = re.compile(r"([+-]?[0-9]{1,3}(?:[.,][0-9]{1,50})?)\s*°?\s*([NSEWO]?)", re.IGNORECASE)
_SIDES = {90: {"": 1, "N": 1, "S": -1}, 180: {"": 1, "E": 1, "W": -1, "O": -1}}  # O: oeste


def mended(text: str) -> str:
    """Without halves of emoji, which cannot be stored, nor sent on."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def an_object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def a_list(value: object) -> list[object]:
    """One object where a list is expected is a list of one."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def a_text(value: object) -> str:
    """A string, or a number in its plain digits; "" for all else."""
    if isinstance(value, str):
        return mended(value)
    return plain(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(body: Json, *names: str) -> list[str]:
    """What stands under these names, in their order; without blanks, and each once."""
    found = (a_text(body.get(name)) for name in names)
    return list(dict.fromkeys(value for value in found if not is_blank(value)))


def text(body: Json, *names: str) -> str:
    """The first of these names that says something."""
    for name in names:
        if name in body and (value := a_text(body[name])) and not is_blank(value):
            return value
    return ""


def plain(value: int | float) -> str:
    """Without an exponent, and no `.0` behind a whole number."""
    digits = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def degrees(value: object, most: int) -> str:
    """A latitude (`most` 90) or longitude (180), as it came but for its side's letter; "" for anything else."""
    found = _DEGREES.fullmatch(a_text(value).strip())
    side = _SIDES[most].get(found[2].upper()) if found else None
    if not found or not side:
        return ""
    said = found[1].replace(",", ".").removeprefix("+")
    if abs(Decimal(said)) > most:
        return ""
    return f"-{said}" if side < 0 and not said.startswith("-") else said


def moment(value: object) -> int | None:
    """Milliseconds since 1970, whether seconds or milliseconds came; None for what is no moment, or absurdly late."""
    if isinstance(value, str):
        said = value.strip()
        if not _CLOCK.fullmatch(said):
            return None
        value = float(said) if "." in said else int(said)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < LATEST:
        return None
    at = round(value * 1000) if value < SECONDS_BELOW else int(value)
    return at if 0 < at < LATEST else None
