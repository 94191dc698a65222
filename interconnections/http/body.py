"""Reading what a caller sent: JSON as the old service read it, or a sentence that says what is wrong."""

import json

from django.http import HttpRequest

from interconnections.errors import BadInput


def _no_number(name: str) -> float:
    """NaN and the infinities, which Python would take and nobody after us."""
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_constant=_no_number)


def read_json(request: HttpRequest) -> object:
    """The first JSON value of the body; what follows it is ignored, as before.  Raises BadInput."""
    try:
        text = request.body.decode("utf-8-sig").lstrip()
        value, _ = DECODER.raw_decode(text)
    except (ValueError, RecursionError) as fault:
        why = "nested too deeply" if isinstance(fault, RecursionError) else str(fault)
        raise BadInput(f"Invalid payload received : {why}") from None
    parsed: object = value
    return parsed


def clean(text: str) -> str:
    """Without halves of emoji, which nothing stores."""
    return text.encode("utf-8", "replace").decode()
