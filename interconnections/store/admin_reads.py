"""What pages see of Redis: synchronous reads, each of a bounded number of commands.

It knows the names of fields, no queries and no pages.  Only fields that are named are read, so that no token can
come along; whatever breaks in Redis is a StoreAway.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from interconnections.errors import StoreAway
from interconnections.store.answers import listed, whole
from interconnections.store.connection import RedisError, for_pages
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page
from interconnections.store.searching import SEARCHED, places, stands, words_of

AT_ONCE = 100  # rows that one script reads: nobody else is served meanwhile
FOUND_AT_MOST = 200  # rows that a search loads
WORDS_AT_MOST = 6


@contextmanager
def looking(what: str) -> Iterator[Any]:
    """A pipeline: its commands are one round trip."""
    try:
        yield for_pages().pipeline(transaction=False)
    except RedisError as error:
        raise StoreAway(f"{what}: {type(error).__name__}") from error


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def ids_of(sessions: Sequence[str]) -> list[str]:
    """The ids of these sessions, those that exist."""
    if not sessions:
        return []
    with looking("ids") as pipe:
        [found] = pipe.hmget(key("ids"), list(sessions)).execute()
    return [text(id) for id in found if id]


def rows(ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, str]]:
    """The named fields of each; one that was purged meanwhile is left out."""
    redis, read = for_pages(), []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        for values in run_for_page(redis, "rows", len(fields), *fields, *some):
            read.append({name: raw for name, raw in zip(fields, listed(values), strict=True) if raw is not None})
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
    term, *words = words_of(term, WORDS_AT_MOST) or [""]
    if not term:
        return [], False
    words = words or [term]
    starts = list(dict.fromkeys([term, _rarest(words, people)]))  # the whole term has the first places
    with looking("search") as pipe:
        for word in starts:
            for place in places(word, people=people):
                pipe.zrangebylex(*_prefix(*place), 0, FOUND_AT_MOST)
        entries = pipe.execute()
    ids = list(dict.fromkeys(text(entry).partition("\0")[2] for found in entries for entry in found))
    whole_term, *of_words = (places(word, people=people) for word in [term, *words])

    def matches(row: dict[str, str]) -> bool:
        return stands(whole_term, row) or all(stands(wanted, row) for wanted in of_words)

    found = [row for row in rows(ids[:FOUND_AT_MOST], list(dict.fromkeys([*fields, *SEARCHED]))) if matches(row)]
    return found, len(ids) > FOUND_AT_MOST or any(len(few) == FOUND_AT_MOST for few in entries)


def _rarest(words: Sequence[str], people: bool) -> str:
    """The word with the fewest entries: the other words are looked for on its rows."""
    if len(words) == 1:
        return words[0]
    known = {word: [_prefix(*place) for place in places(word, people=people)] for word in words}
    bounds = [bound for prefixes in known.values() for prefix in prefixes for bound in prefix]
    redis = for_pages()
    sizes = iter(run_for_page(redis, "counted", "ZLEXCOUNT", *bounds))
    many = {word: sum(whole(next(sizes)) for _ in prefixes) for word, prefixes in known.items()}
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


def newest_of(id: str) -> list[str]:
    """What grows with everything that is said and told in it, and with every message of anybody that is given up."""
    with looking("newest") as pipe:
        for stream in ("messages", "events"):
            pipe.xrevrange(key(stream, id), count=1)
        pipe.xlen(key("dead"))
        *streams, dead = pipe.execute()
    return [*(text(entry) for entries in streams for entry, _ in entries), str(dead)]
