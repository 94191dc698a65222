"""Reading JSON that others wrote: what has the wrong type is absent.  Pure."""

import re
from collections.abc import Mapping, Sequence

from interconnections.fast_json import loads

Json = Mapping[str, object]

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


def parsed(content: bytes | str) -> object:
    """What the JSON says; None for what is none: some gateways answer pages."""
    try:
        return loads(content)
    except (ValueError, RecursionError):
        return None


def text(body: Json, name: str, default: str = "") -> str:
    value = body.get(name)
    return whole_characters(value) if isinstance(value, str) else default


def first_text(body: Json, *names: str) -> str:
    """Under the first of the names that has one; "" where none has."""
    return next((found for name in names if (found := text(body, name)).strip()), "")


def whole_characters(value: str) -> str:
    """Half an emoji is no text that could be stored or sent."""
    return value.encode("utf-8", "replace").decode()


def whole(body: Json, name: str, default: int) -> int:
    found = number(body.get(name))
    return default if found is None else found


def number(value: object) -> int | None:
    """Numbers come as 40, 40.0 or "40"; anything else is absent, and so is what no counter reaches."""
    if isinstance(value, str) and (digits := re.fullmatch(r"(-?\d{1,18})(?:\.\d*)?", value)):
        value = int(digits[1])
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**18:
        return None
    return int(value)


def object_of(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def objects(value: object) -> list[Json]:
    """The objects of a list; whatever else stands in it is left out."""
    return [row for row in list_of(value) if isinstance(row, dict)]


def rows(holder: object, name: str) -> Sequence[object]:
    return list_of(object_of(holder).get(name))


def is_id(value: object) -> bool:
    """A record's id at Salesforce, of 15 or 18 characters."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
