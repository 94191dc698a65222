"""Does a row fit a WHERE?  Texts are compared without regard to case; a value must be of its field's kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from ...protocol_options import Json
from ..record_ids import canonical
from ..refusal import Refused
from ..schema import TEXTS, Field
from .ast import Both, Condition, Literal, Not, Test
from .lexer import malformed, unescape

Read = Callable[[Json], object]
Find = Callable[[str], tuple[Field, Read]]  # a path: its field, and how to read it from a row
Fits = Callable[[Json], bool]
Value = str | float | None
_LITERALS = {"boolean": "boolean", "double": "number", "date": "date", "datetime": "datetime"}


def compiled(condition: Condition | None, find: Find) -> Fits:
    """A condition as a function of a row; INVALID_FIELD and its kin for what cannot be asked."""
    if condition is None:
        return lambda row: True
    if isinstance(condition, Not):
        inner = compiled(condition.part, find)
        return lambda row: not inner(row)
    if isinstance(condition, Both):
        parts = [compiled(part, find) for part in condition.parts]
        if condition.word == "AND":
            return lambda row: all(part(row) for part in parts)
        return lambda row: any(part(row) for part in parts)
    return _compare(condition, *find(condition.path))


def _compare(test: Test, field: Field, read: Read) -> Fits:
    if field.kind in ("textarea", "base64"):
        raise Refused(400, "INVALID_FIELD", f"field '{field.name}' can not be filtered in a query call")
    if test.sign == "LIKE":
        return _like(test, field, read)
    wanted = [_value(literal, field) for literal in test.values]
    if test.sign in ("=", "IN"):
        return lambda row: comparable(read(row), field.kind) in wanted
    if test.sign in ("!=", "NOT IN"):
        return lambda row: comparable(read(row), field.kind) not in wanted
    return _ordered(test.sign, wanted[0], field, read)


def _ordered(sign: str, wanted: Value, field: Field, read: Read) -> Fits:
    if wanted is None or field.kind in ("boolean", "id", "reference"):
        raise Refused(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field {field.name}")

    def fits(row: Json) -> bool:
        value = comparable(read(row), field.kind)
        if value is None:
            return False
        if value == wanted:
            return sign in ("<=", ">=")
        return (rank(value) < rank(wanted)) == sign.startswith("<")

    return fits


def _like(test: Test, field: Field, read: Read) -> Fits:
    literal = test.values[0]
    if field.kind not in TEXTS or literal.kind != "string":
        raise Refused(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid operator on field {field.name}")
    pattern = _pattern(unescape(literal.text, like=True))
    return lambda row: pattern.fullmatch(str(read(row) or "")) is not None


def _pattern(text: str) -> re.Pattern[str]:
    """% is any letters, _ is one; a backslash before either, or before itself, takes its meaning away."""
    made, letters = "", iter(text)
    for letter in letters:
        if letter == "\\":
            made += re.escape(next(letters))
        else:
            made += {"%": ".*", "_": "."}.get(letter) or re.escape(letter)
    return re.compile(made, re.IGNORECASE | re.DOTALL)


def _value(literal: Literal, field: Field) -> Value:
    if literal.kind == "null":
        return None
    if literal.kind != _LITERALS.get(field.kind, "string"):
        quotes = "" if literal.kind != "string" else " and should not be enclosed in quotes"
        message = f"value of filter criterion for field '{field.name}' must be of type {field.kind}{quotes}"
        raise Refused(400, "INVALID_FIELD", message)
    if literal.kind != "string":
        try:
            return comparable({"true": True, "false": False}.get(literal.text, literal.text), field.kind)
        except ValueError:
            raise malformed(f"'{literal.text}' is not a {literal.kind}") from None
    text = unescape(literal.text)
    if field.kind in ("id", "reference"):
        if text and canonical(text) is None:
            raise Refused(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}")
        return canonical(text)
    return comparable(text or None, field.kind)


def comparable(value: object, kind: str) -> Value:
    """A stored value, or a literal's, so that equal ones are equal."""
    if value is None:
        return None
    if kind == "boolean":
        return 1.0 if value else 0.0
    if kind == "double":
        return float(str(value))
    if kind == "datetime":
        return moment(str(value)).timestamp()
    if kind in ("date", "id", "reference"):
        return str(value)
    return str(value).casefold()


def moment(text: str) -> datetime:
    """A time as the API writes it."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def rank(value: Value) -> tuple[float, str]:
    """For sorting: values of one field are all numbers or all texts."""
    return (float(value), "") if isinstance(value, (int, float)) else (0.0, value or "")
