"""Queries that no value can break out of (salesforce-data-api.md section 3.1).  Pure."""

from collections.abc import Iterable

from interconnections.api_names import is_api_name
from interconnections.errors import RecordsRefused

ESCAPES = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
LONGEST_VALUE = 255  # characters; no field that we search holds more


def text(value: str) -> str:
    """A string literal.  What cannot be in any field is left out: other control characters, halves of emoji."""
    kept = "".join(c for c in value[:LONGEST_VALUE] if c in ESCAPES or (c >= " " and not "\ud800" <= c <= "\udfff"))
    return "'" + "".join(ESCAPES.get(c, c) for c in kept) + "'"


def name(field: str) -> str:
    """A field or an object; raises RecordsRefused for what is none."""
    if not is_api_name(field):
        raise RecordsRefused(f"{field!r} is not the name of a field", "INVALID_FIELD")
    return field


def is_one_of(field: str, values: Iterable[str]) -> str:
    found = [text(value) for value in values]
    return f"{name(field)} = {found[0]}" if len(found) == 1 else f"{name(field)} IN ({','.join(found)})"


def newest(fields: Iterable[str], sobject: str, where: str, most: int) -> str:
    """SELECT, the newest first; a field that is named twice is asked for once."""
    return f"{_selected(fields, sobject)} WHERE {where} ORDER BY CreatedDate DESC LIMIT {most:d}"


def sample(fields: Iterable[str], sobject: str) -> str:
    """One record, whichever: it shows that the fields are there and may be read."""
    return f"{_selected(fields, sobject)} LIMIT 1"


def _selected(fields: Iterable[str], sobject: str) -> str:
    columns = {field.casefold(): name(field) for field in fields}
    return f"SELECT {', '.join(columns.values())} FROM {name(sobject)}"
