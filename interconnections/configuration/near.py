"""What was probably meant by a name that is none."""

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(name: str, known: Iterable[str]) -> str:
    meant = get_close_matches(name, list(known), 1)
    return f"There is no {name} here{f'; {meant[0]} is near' if meant else ''}."
