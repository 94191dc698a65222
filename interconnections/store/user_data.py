"""Where a user stands in Redis: under which ids, in which conversations, in which keys; and how all of it goes.

Looked for in three ways: by the ids that belong together, by the search's entries, and in one walk over the keys that
only name somebody in passing.  The walk costs a second for each million of keys, outside any script.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from interconnections.errors import StoreAway
from interconnections.lifecycle import FINAL
from interconnections.phone_twins import twins
from interconnections.store import deadletters, searching
from interconnections.store.admin_reads import text
from interconnections.store.connection import PageRedis, RedisError
from interconnections.store.keys import PREFIX, key
from interconnections.store.purge import ASIDE, AT_ONCE, entries_of
from interconnections.store.scripts import run_for_page

OF_A_USER = (
    "user",
    "last",
    "person",
    "context",
    "start",
    "reserved",
    "aliases",
    "blocked",
)  # keys with bot and user in them
PAIR = "pair:{}:{}"  # how a user's own rate limit is called (bridge/pace.py)
TELLING = 6  # characters of an id by which it is known again in the middle of something else
NAMES = ("name", "email", "phoneNumber")


@dataclass(frozen=True, slots=True)
class UserData:
    """What is there of one user.  `names`: how they are called in it; `conversations`: ids, with their fields.

    `keys`: those that are theirs alone; `letters`: ids of dead letters; `seen`: marks of webhooks that name them.
    """

    ids: frozenset[str]
    bots: tuple[str, ...]
    conversations: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    letters: tuple[deadletters.Letter, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def open(self) -> list[str]:
        """Session ids of those that are not over."""
        return [row.get("sessionId", "") for row in self.conversations.values() if row.get("status") not in FINAL]

    @property
    def opening(self) -> bool:
        return bool(self.keys.get("reserved"))

    @property
    def names(self) -> frozenset[str]:
        told = {row.get(name, "").strip() for row in self.conversations.values() for name in NAMES}
        return self.ids | {name for name in told if len(name) > 2}

    def __bool__(self) -> bool:
        return bool(self.conversations or self.keys or self.letters or self.seen)


@contextmanager
def asking(what: str) -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise StoreAway(f"{what}: {type(error).__name__}") from error


def find(redis: PageRedis, user: str, bot: str = "") -> UserData:
    """Everything of this user, by any of their ids and any spelling of a number; with one bot, or with all."""
    with asking("a user's data"):
        bots = (bot,) if bot else _bots(redis)
        ids, rows = _conversations(redis, _spellings(user), bots)
        keys = {kind: _there(redis, [key(kind, each, id) for each in bots for id in ids]) for kind in OF_A_USER}
        letters = tuple(letter for letter in deadletters.letters(redis) if _of_them(letter, ids, rows, bot))
        seen = tuple(_seen(redis, ids, bot))
        return UserData(
            frozenset(ids), bots, rows, {kind: some for kind, some in keys.items() if some}, letters, seen
        )


def erase(redis: PageRedis, data: UserData) -> dict[str, int]:
    """Forget all of it; gives how many of what.  Nothing of it may be open.

    What leads to the rest goes last, so that whoever is interrupted asks again and finds what is left.
    """
    with asking("a user's data"):
        gone = {"dead letters": sum(deadletters.drop(redis, letter.id) for letter in data.letters)}
        gone["entries of context"] = sum(int(redis.xlen(name)) for name in data.keys.get("context", ()))
        gone["messages"] = sum(int(redis.xlen(key("messages", id))) for id in data.conversations)
        gone["marks of webhooks"] = _delete(redis, data.seen)
        _leave_queues(redis, data)
        gone["conversations"] = _purged(redis, data.conversations)
        gone["keys"] = sum(_delete(redis, data.keys.get(kind, ())) for kind in OF_A_USER)
        return gone


def _spellings(user: str) -> set[str]:
    """The id as it was typed; of a number, its digits, with and without a plus, as either network writes it."""
    typed = user.strip()
    digits = searching.digits_of(typed)
    numbers = {digits, *twins(digits)} if len(digits) >= TELLING else set()
    return {typed} | numbers | {f"+{number}" for number in numbers}


def _bots(redis: PageRedis) -> tuple[str, ...]:
    named = {text(slug) for slug in redis.smembers(key("bots"))}
    named |= {text(name).removeprefix(key("bot", "")) for name in redis.scan_iter(match=key("bot", "*"), count=2000)}
    return tuple(sorted(named))


def _conversations(
    redis: PageRedis, ids: set[str], bots: tuple[str, ...]
) -> tuple[set[str], dict[str, dict[str, str]]]:
    """All ids of the person, and their conversations: each id that one of them shows is looked for, too."""
    found: dict[str, dict[str, str]] = {}
    asked: set[str] = set()
    while new := ids - asked:
        asked |= new
        pipe = redis.pipeline(transaction=False)
        for bot in bots:
            for id in new:
                pipe.smembers(key("aliases", bot, id))
        ids |= {spelt for some in pipe.execute() for id in some for spelt in _spellings(text(id))}
        for conversation, row in _rows(redis, _candidates(redis, new)):
            if row.get("botSlug") in bots and _is_theirs(row, ids):
                found[conversation] = row
                ids.add(row.get("userId", ""))
    return ids - {""}, found


def _candidates(redis: PageRedis, ids: Iterable[str]) -> set[str]:
    pipe = redis.pipeline(transaction=False)
    for id in ids:
        for name, value in searching.search_entries({"userId": id, "phoneNumber": id}):
            start = value.encode() + b"\0"
            pipe.zrangebylex(key("search", name), b"[" + start, b"[" + start + b"\xff")
    return {text(entry).partition("\0")[2] for entries in pipe.execute() for entry in entries}


def _rows(redis: PageRedis, conversations: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    names = sorted(conversations)
    pipe = redis.pipeline(transaction=False)
    for id in names:
        pipe.hgetall(key("hash", id))
    rows = [{text(name): text(value) for name, value in stored.items()} for stored in pipe.execute()]
    return [(id, row) for id, row in zip(names, rows, strict=True) if row]


def _is_theirs(row: dict[str, str], ids: set[str]) -> bool:
    if row.get("userId", "") in ids:
        return True
    numbers = {searching.digits_of(row.get(name, "")) for name in searching.NUMBERS} - {""}
    return bool(numbers & {searching.digits_of(id) for id in ids})


def _there(redis: PageRedis, names: list[str]) -> list[str]:
    pipe = redis.pipeline(transaction=False)
    for name in names:
        pipe.exists(name)
    return [name for name, there in zip(names, pipe.execute(), strict=True) if there]


def _of_them(letter: deadletters.Letter, ids: set[str], rows: dict[str, dict[str, str]], bot: str) -> bool:
    if letter.interconnection:
        ours = not bot or letter.interconnection in rows
        return letter.interconnection in rows or (
            ours and any(letter.interconnection == f"{id}-{letter.session}" for id in ids)
        )
    return (not bot or letter.why.startswith(f"{bot}:")) and _names(letter.item.text, ids)


def _seen(redis: PageRedis, ids: set[str], bot: str) -> Iterator[str]:
    """Marks of webhooks in whose id the platform put its user, openly or as Meta does, in base64."""
    start = key("seen", bot or "*", "*")
    for raw in redis.scan_iter(match=start, count=2000):
        name = text(raw)
        mark = name.removeprefix(PREFIX).partition(":")[2].partition(":")[2]
        if _names(mark, ids) or _names(_opened(mark), ids):
            yield name


def _names(said: str, ids: set[str]) -> bool:
    return any(id in said for id in ids if len(id) >= TELLING)


def _opened(mark: str) -> str:
    coded = mark.removeprefix("status:").removeprefix("wamid.").partition(":")[0]
    if not re.fullmatch(r"[A-Za-z0-9+/=_-]{8,}", coded):
        return ""
    try:
        return base64.urlsafe_b64decode(coded.rstrip("=") + "=" * (-len(coded.rstrip("=")) % 4)).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


def _delete(redis: PageRedis, names: Iterable[str]) -> int:
    some = list(names)
    return int(redis.unlink(*some)) if some else 0


def _leave_queues(redis: PageRedis, data: UserData) -> None:
    """Where their conversations wait for a limit, and the limits that are theirs; starts that somebody takes over."""
    pipe = redis.pipeline(transaction=False)
    for bot in data.bots:
        for id in data.ids:
            pipe.unlink(*(key(kind, PAIR.format(bot, id)) for kind in ("bucket", "queue", "turns")))
            pipe.zrem(key("starts"), f"{bot}:{id}")
            pipe.zrem(key("blocks"), f"{bot}:{id}")
    for kind in ("queue", "turns"):
        for name in redis.scan_iter(match=key(kind, "*"), count=2000) if data.conversations else ():
            pipe.zrem(name, *data.conversations)
    for name in redis.scan_iter(match=key("takeover", "*"), count=2000):
        if text(redis.get(name) or b"").partition(":")[2] in data.ids:
            pipe.unlink(name)
    pipe.execute()


def _purged(redis: PageRedis, conversations: dict[str, dict[str, str]]) -> int:
    gone, ids = 0, list(conversations)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        arguments = [part for id in some for part in (id, entries_of(conversations[id]))]
        gone += int(str(run_for_page(redis, "purge", ASIDE, *arguments)[0]))
    return gone
