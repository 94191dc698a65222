"""A value of a body as its field keeps it, or the refusal of the sheet (data sheet §2.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from .record_ids import canonical
from .refusal import Refused, bad_json
from .schema import TEXTS, Field
from .soql.conditions import moment

_MAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]+")


def read(field: Field, value: object) -> object:
    """The value; an empty text is no value."""
    if value is None:
        return None
    if field.kind in TEXTS:
        return _text(field, value)
    if field.kind in ("reference", "id"):
        found = canonical(value)
        if found is None:
            said = value if isinstance(value, str) else str(value)
            raise Refused(400, "MALFORMED_ID", f"{field.name}: id value of incorrect type: {said}", [field.name])
        return found
    if field.kind in _TYPES:
        kinds = _TYPES[field.kind]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise _wrong(field, value)
        return value
    return _time(field, value)


_TYPES: dict[str, tuple[type, ...]] = {"boolean": (bool,), "double": (int, float), "base64": (str, bytes)}


def _text(field: Field, value: object) -> str | None:
    if not isinstance(value, str):
        raise _wrong(field, value)
    if len(value) > field.length:
        message = f"{field.name}: data value too large: {value[:80]} (max length={field.length})"
        raise Refused(400, "STRING_TOO_LONG", message, [field.name])
    if value and field.kind == "email" and not _MAIL.fullmatch(value):
        raise Refused(400, "INVALID_EMAIL_ADDRESS", f"{field.name}: invalid email address: {value}", [field.name])
    return value or None


def _time(field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value)
    try:
        if field.kind == "date":
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
        return moment(value).strftime("%Y-%m-%dT%H:%M:%S.000%z")
    except ValueError:
        raise _wrong(field, value) from None


def _wrong(field: Field, value: object) -> Refused:
    kinds = {str: "STRING", bool: "BOOLEAN", int: "NUMBER_INT", float: "NUMBER_FLOAT", list: "ARRAY", dict: "OBJECT"}
    what = kinds.get(type(value), "STRING")
    return bad_json(f"Cannot deserialize instance of {field.kind} from VALUE_{what} value {str(value)[:80]}")
