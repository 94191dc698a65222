"""Checking that a body has the fields it must have; what is wrong is a 400."""

from __future__ import annotations

from typing import Any

from .protocol_options import Json
from .refusal import Refused

_WORDS = {str: "a string", bool: "a boolean", int: "a whole number", list: "an array", dict: "an object"}


def require(body: Json, name: str, kind: type, *, where: str = "") -> Any:
    """The field's value, if it is there and of its kind."""
    path = f"{where}{name}"
    if name not in body:
        raise Refused(400, f"Missing required field {path}")
    return check(body[name], kind, path)


def optional(body: Json, name: str, kind: type, *, where: str = "") -> Any:
    """The same for a field that may be missing or null; then None."""
    value = body.get(name)
    return None if value is None else check(value, kind, f"{where}{name}")


def check(value: Any, kind: type, path: str) -> Any:
    """The value itself, if it is of its kind."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Refused(400, f"{path} must be {_WORDS[kind]}")
    return value


def objects(values: list[Any], path: str) -> list[Json]:
    """The array, if all of it are objects."""
    return [check(value, dict, f"{path}[{index}]") for index, value in enumerate(values)]


def salesforce_id(value: str, prefix: str, path: str) -> str:
    """A 15-character id; 18 characters are not taken here (§1, §13.8)."""
    if len(value) != 15 or not value.startswith(prefix) or not value.isalnum():
        raise Refused(400, f"{path} must be a 15-character id that begins with {prefix}")
    return value
