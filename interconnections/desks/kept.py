"""What EventsChat keeps of an event, whichever desk told it: its JSON, without secrets, within bounds.  Pure."""

from collections.abc import Collection

from interconnections.fast_json import dump_bytes

KEPT = 8_000  # characters


def kept(value: object, hidden: Collection[str], addresses: Collection[str] = ()) -> str:
    """`hidden`: names in small letters, under which no value is kept; `addresses`: names of addresses whose query is
    a key to what is there.
    """
    told = dump_bytes(_without(value, hidden, addresses)).decode()
    return told if len(told) <= KEPT else told[:KEPT] + "…"


def _without(value: object, hidden: Collection[str], addresses: Collection[str], depth: int = 0) -> object:
    if depth > 20:
        return "…"
    if isinstance(value, dict):
        return {
            name: "***"
            if name.lower() in hidden
            else _before_the_query(inner)
            if name.lower() in addresses and isinstance(inner, str)
            else _without(inner, hidden, addresses, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_without(inner, hidden, addresses, depth + 1) for inner in value]
    return value


def _before_the_query(address: str) -> str:
    before, mark, _ = address.partition("?")
    return f"{before}?***" if mark else before
