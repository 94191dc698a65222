"""Reading what a caller sent: JSON as the old service read it, or a sentence that says what is wrong."""

import json

from django.http import HttpRequest

from interconnections.errors import BadInput
from interconnections.fast_json import quickly
from interconnections.webhook_request import WebhookRequest

DEEPEST = 100  # levels of objects and lists: no platform nests so, and every later room can go through them


def _no_number(name: str) -> float:
    """NaN and the infinities, which Python would take and nobody after us."""
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    """A number with a point or an exponent; raises ValueError for one that would become infinite."""
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


DECODER = json.JSONDecoder(parse_constant=_no_number, parse_float=_number)


def read_json(request: HttpRequest | WebhookRequest) -> object:
    """The first JSON value of the body; what follows it is ignored, as before.  Raises BadInput."""
    try:
        value = _read(request.body)
        if _deeper_than(value, DEEPEST):
            raise RecursionError
    except (ValueError, RecursionError) as fault:
        why = "nested too deeply" if isinstance(fault, RecursionError) else str(fault)
        raise BadInput(f"Invalid payload received : {why}") from None
    return value


def _read(body: bytes) -> object:
    try:
        return quickly(body)
    except ValueError:  # it is odd, or wrong
        value, _ = DECODER.raw_decode(body.decode("utf-8-sig").lstrip())
        return value


def _deeper_than(value: object, levels: int) -> bool:
    """Level by level, so that it needs no stack of its own."""
    level = [value]
    for _ in range(levels):
        level = [
            each
            for outer in level
            for each in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(each, dict | list)
        ]
        if not level:
            return False
    return True


def clean(text: str) -> str:
    """Without halves of emoji, which nothing stores."""
    return text.encode("utf-8", "replace").decode()
