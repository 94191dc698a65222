"""A row of the doors' tables: what is sent, and what must come back.

`<user>`, `<secret>` and the like stand for the test's own; a wanted text that ends in `…` is how it begins.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

Wanted = dict[str, Any] | list[Any] | Callable[[Any], bool] | None
ANY: Wanted = lambda body: True  # noqa: E731


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    status: int
    wanted: Wanted = ANY
    body: object = None  # bytes and str as they are, everything else as JSON; NOTHING for no body
    headers: dict[str, str] | None = None
    caller: str | None = "demo"  # whose token is shown; None shows none


NOTHING = object()


def row(id: str, method: str, path: str, status: int, wanted: Wanted = ANY, **more: Any) -> Any:
    return pytest.param(Row(method, path, status, wanted, **({"body": NOTHING} | more)), id=id)


def error(text: str) -> dict[str, str]:
    return {"ErrorDescription": text}


def message(text: str) -> dict[str, str]:
    return {"Message": text}


def filled(value: Any, words: dict[str, str]) -> Any:
    """`value` with every `<word>` replaced, however deep."""
    if isinstance(value, str):
        for word, own in words.items():
            value = value.replace(f"<{word}>", own)
        return value
    if isinstance(value, dict):
        return {filled(name, words): filled(each, words) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, words) for each in value]
    return value


def encoded(body: Any) -> bytes | None:
    if body is NOTHING:
        return None
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def fits(wanted: Wanted, got: object) -> bool:
    if callable(wanted):
        return wanted(got)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(_same(wanted[name], got[name]) for name in wanted)
    return wanted == got


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, str) and wanted.endswith("…"):
        return isinstance(got, str) and got.startswith(wanted[:-1])
    return wanted == got


def as_json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return answer.text
