"""extraData into fields of records: by the org's maps, whatever a bot put in there (W44).  Pure."""

import json
from collections.abc import Mapping


def mapped(extra: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """`fields`: key of extraData -> API name.  Numbers and ticks stay what they are; what is empty is left out."""
    return {
        field: value if isinstance(value, (bool, int, float)) else as_text(value)
        for key, field in fields.items()
        if (value := extra.get(key)) not in (None, "")
    }


def as_text(value: object) -> str:
    """Texts as they are, everything else as JSON; nothing for nothing."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
