"""Values out of an answer that may have any shape.  Pure."""

import re
from collections.abc import Mapping, Sequence

Json = Mapping[str, object]

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


def rows(holder: object, name: str) -> Sequence[object]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
