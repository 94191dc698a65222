"""What EventsChat keeps of an event, whichever desk told it: its JSON, without secrets, within bounds.  Pure."""

import json
from collections.abc import Collection

KEPT = 8_000  # characters


def kept(value: object, hidden: Collection[str]) -> str:
    """`hidden`: names in small letters, under which no value is kept."""
    told = json.dumps(_without(value, hidden), ensure_ascii=False).encode("utf-8", "replace").decode()
    return told if len(told) <= KEPT else told[:KEPT] + "…"


def _without(value: object, hidden: Collection[str], depth: int = 0) -> object:
    if depth > 20:
        return "…"
    if isinstance(value, dict):
        return {
            name: "***" if name.lower() in hidden else _without(inner, hidden, depth + 1)
            for name, inner in value.items()
        }
    return [_without(inner, hidden, depth + 1) for inner in value] if isinstance(value, list) else value
