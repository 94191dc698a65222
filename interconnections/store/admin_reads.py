"""What pages see of Redis: synchronous reads, each of a bounded number of commands.

It knows the cells of the index and the names of fields, no queries and no pages.  Only fields that are
named are read, so that no token can come along; whatever breaks in Redis is a StoreAway.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from interconnections.errors import StoreAway
from interconnections.store.connection import RedisError, for_pages
from interconnections.store.keys import key
from interconnections.store.searching import SEARCHED, places, search_entries, stands, words_of

Cell: TypeAlias = tuple[str, str, str]  # status, provider, bot; ANY stands for any
ANY = "*"
AT_ONCE = 500  # rows that travel in one pipeline
FOUND_AT_MOST = 200  # rows that a search loads
WORDS_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class IndexRange:
    """Cells of the index that share no row, and the moments (ms, both included) between which to look."""

    cells: tuple[Cell, ...]
    low: int | None = None
    high: int | None = None

    @property
    def keys(self) -> list[str]:
        return [key("index", *cell) for cell in self.cells]


@contextmanager
def looking(what: str) -> Iterator[Any]:
    """A pipeline: its commands are one round trip."""
    try:
        yield for_pages().pipeline(transaction=False)
    except RedisError as error:
        raise StoreAway(f"{what}: {type(error).__name__}") from error


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def counts(extents: Sequence[IndexRange]) -> list[int]:
    """The number of rows of each, in one round trip."""
    with looking("count") as pipe:
        for extent in extents:
            for cell in extent.keys:
                if extent.low is None and extent.high is None:
                    pipe.zcard(cell)
                else:
                    pipe.zcount(cell, *_bounds(extent))
        sizes = iter(pipe.execute())
    return [sum(int(next(sizes)) for _ in extent.cells) for extent in extents]


def ends(extent: IndexRange) -> tuple[int, int] | None:
    """The moments of the oldest and of the newest row; None when there is none."""
    low, high = _bounds(extent)
    with looking("ends") as pipe:
        for cell in extent.keys:
            pipe.zrangebyscore(cell, low, high, 0, 1, withscores=True)
            pipe.zrevrangebyscore(cell, high, low, 0, 1, withscores=True)
        moments = [int(score) for found in pipe.execute() for _, score in found]
    return (min(moments), max(moments)) if moments else None


def _bounds(extent: IndexRange) -> tuple[int | str, int | str]:
    return ("-inf" if extent.low is None else extent.low), ("+inf" if extent.high is None else extent.high)


def newest(extent: IndexRange, start: int, stop: int | None) -> list[str]:
    """Ids from the newest on, `start` to `stop` (None: all).

    Always by rank: an offset by score costs its length.  One cell's own ranks are the page's; of several,
    each gives what can be on the page, and they are merged.
    """
    single = len(extent.cells) == 1
    border, passed = (extent.high, 0) if single or not start else _border(extent, start)
    skipped = [0] * len(extent.cells)
    if border is not None:
        with looking("rank") as pipe:
            for cell in extent.keys:
                pipe.zcount(cell, f"({border}", "+inf")
            skipped = pipe.execute()
    with looking("page") as pipe:
        for cell, skip in zip(extent.keys, skipped, strict=True):
            last = -1 if stop is None else skip + stop - passed - 1
            pipe.zrange(cell, skip + (start if single else 0), last, desc=True, withscores=True)
        merged = [(score, member) for found in pipe.execute() for member, score in found]
    merged.sort(reverse=True)
    ids = [text(member) for score, member in merged if extent.low is None or score >= extent.low]
    return ids if single else ids[start - passed : None if stop is None else stop - passed]


def _border(extent: IndexRange, start: int) -> tuple[int | None, int]:
    """The earliest moment after which at most `start` rows come, and how many those are."""
    span = ends(extent)
    if span is None:
        return extent.high, 0

    def after(moment: int) -> int:
        return counts([IndexRange(extent.cells, moment + 1, extent.high)])[0]

    below, found = span[0] - 1, span[1]
    while found - below > 1:  # some forty steps for years of milliseconds
        middle = (below + found) // 2
        below, found = (below, middle) if after(middle) <= start else (middle, found)
    return found, after(found)


def ids_of(sessions: Sequence[str]) -> list[str]:
    """The ids of these sessions, those that exist."""
    if not sessions:
        return []
    with looking("ids") as pipe:
        [found] = pipe.hmget(key("ids"), list(sessions)).execute()
    return [text(id) for id in found if id]


def rows(ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, str]]:
    """The named fields of each; one that was purged meanwhile is left out."""
    read = []
    for start in range(0, len(ids), AT_ONCE):
        with looking("rows") as pipe:
            for id in ids[start : start + AT_ONCE]:
                pipe.hmget(key("hash", id), fields)
            for values in pipe.execute():
                read.append({name: text(raw) for name, raw in zip(fields, values, strict=True) if raw is not None})
    return [row for row in read if row]


def bots() -> list[str]:
    """The bots that ever had an interconnection."""
    with looking("bots") as pipe:
        [slugs] = pipe.smembers(key("bots")).execute()
    return sorted(text(slug) for slug in slugs)


def search(term: str, fields: Sequence[str], *, people: bool = True) -> tuple[list[dict[str, str]], bool]:
    """Rows in which the whole term stands, or each of its words (see `searching`); True: there may be more.

    `people`: by who they are, too.
    """
    words = words_of(term, WORDS_AT_MOST)
    if not words:
        return [], False
    whole, parts = words[0], words[1:] or words[:1]
    starts = list(dict.fromkeys([whole, _rarest(parts, people)]))  # the whole term has the first places
    with looking("search") as pipe:
        for word in starts:
            for place in places(word, people=people):
                pipe.zrangebylex(*_prefix(*place), 0, FOUND_AT_MOST)
        entries = pipe.execute()
    ids = list(dict.fromkeys(text(entry).partition("\0")[2] for found in entries for entry in found))

    def matches(row: dict[str, str]) -> bool:
        known = search_entries(row)
        return stands(whole, known, people=people) or all(stands(word, known, people=people) for word in parts)

    found = [row for row in rows(ids[:FOUND_AT_MOST], list(dict.fromkeys([*fields, *SEARCHED]))) if matches(row)]
    return found, len(ids) > FOUND_AT_MOST or any(len(few) == FOUND_AT_MOST for few in entries)


def _rarest(words: Sequence[str], people: bool) -> str:
    """The word with the fewest entries: the other words are looked for on its rows."""
    if len(words) == 1:
        return words[0]
    with looking("search") as pipe:
        for word in words:
            for place in places(word, people=people):
                pipe.zlexcount(*_prefix(*place))
        sizes = iter(pipe.execute())
    many = {word: sum(int(next(sizes)) for _ in places(word, people=people)) for word in words}
    return min(words, key=lambda word: many[word])


def _prefix(field: str, start: str) -> tuple[str, bytes, bytes]:
    """The arguments of a lexical range; no text in UTF-8 holds the byte that ends it."""
    return key("search", field), b"[" + start.encode(), b"[" + start.encode() + b"\xff"


# What one of them said and did


def extra(id: str) -> dict[str, str]:
    with looking("extra") as pipe:
        [stored] = pipe.hgetall(key("extra", id)).execute()
    return {text(name): text(value) for name, value in stored.items()}


def latest_entries(stream: str, id: str, most: int) -> list[dict[str, str]]:
    """The last entries of `events` or `messages`, oldest first."""
    with looking(stream) as pipe:
        [entries] = pipe.xrevrange(key(stream, id), count=most).execute()
    return [{text(name): text(value) for name, value in entry.items()} for _, entry in reversed(entries)]
