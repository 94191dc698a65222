"""Parts of a JSON text as they are written, byte for byte: for passing some of it on.  Pure.

A part is named by its place: keys and indexes from the outside in.
"""

import json
import re
from collections.abc import Collection, Iterator

Step = str | int
Place = tuple[Step, ...]

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def only(text: str, kept: Collection[Place], told: Collection[Place]) -> str:
    """`text` without those of `told` that are not `kept`; what is kept, and all around it, stands as it was written.

    `text`: one JSON value, known to be sound.  A container of which nothing that was told is kept goes whole.
    """
    start = _after_blanks(text, 0)
    end = _DECODER.raw_decode(text, start)[1]
    return _Pruning(set(kept), set(told)).of(text, start, end, ())


def part(text: str, place: Place) -> str:
    """What stands there; the whole value where nothing does."""
    begun = start = _after_blanks(text, 0)
    end = whole = _DECODER.raw_decode(text, start)[1]
    for step in place:
        found = next(((low, high) for name, _, low, high in _children(text, start) if name == step), None)
        if found is None:
            return text[begun:whole]
        start, end = found
    return text[start:end]


class _Pruning:
    """`kept_in`, `told_in`: the containers of what is kept, and of what was told."""

    def __init__(self, kept: set[Place], told: set[Place]) -> None:
        self.kept, self.told = kept, told
        self.kept_in, self.told_in = _containers(kept), _containers(told)

    def of(self, text: str, start: int, end: int, here: Place) -> str:
        if here in self.kept or here not in self.told_in:
            return text[start:end]
        pieces = [
            text[named:low] + self.of(text, low, high, (*here, step))
            for step, named, low, high in _children(text, start)
            if self._stays((*here, step))
        ]
        return text[start] + ",".join(pieces) + text[end - 1]

    def _stays(self, place: Place) -> bool:
        if place in self.kept or place in self.kept_in:
            return True
        return place not in self.told and place not in self.told_in


def _containers(places: set[Place]) -> set[Place]:
    return {place[:depth] for place in places for depth in range(len(place))}


def _children(text: str, start: int) -> Iterator[tuple[Step, int, int, int]]:
    """(key or index, where it begins with its key, where its value begins and ends); none of what is no container."""
    if text[start] not in "{[":
        return
    at, number = _after_blanks(text, start + 1), 0
    while text[at] not in "}]":
        named, step = at, number
        if text[start] == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _after_blanks(text, _after_blanks(text, at) + 1)
            yield key, named, at, (end := _DECODER.raw_decode(text, at)[1])
        else:
            yield step, named, at, (end := _DECODER.raw_decode(text, at)[1])
        number += 1
        at = _after_blanks(text, end)
        if text[at] == ",":
            at = _after_blanks(text, at + 1)


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
