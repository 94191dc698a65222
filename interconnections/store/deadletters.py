"""Dead letters: what could not be delivered, and why.  Listed, sent again, dropped."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interconnections.errors import StoreAway
from interconnections.items import Item, Kind, Origin
from interconnections.store.admin_reads import rows, text
from interconnections.store.connection import PageRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.scripts import run_for_page, ticket

AT_ONCE = 500
SOON = 1000  # ms within which a letter is written after its message was given up


@dataclass(frozen=True, slots=True)
class Letter:
    """`id`: the letter's own, which tells its time; `lane`: a Lane, or a newer release's; `at`: ms since 1970."""

    id: str
    interconnection: str
    session: str
    lane: str
    number: str
    item: Item
    why: str
    at: int
    bot: str = ""  # whose it is; "" of one that an older release wrote


def letters(redis: PageRedis, interconnection: str = "", newest: int = 0) -> Iterator[Letter]:
    """Oldest first, all or one interconnection's; with `newest` only so many, newest first."""
    try:
        if newest:
            yield from (_letter(*row) for row in redis.xrevrange(key("dead"), count=newest))
            return
        start = "-"
        while rows := redis.xrange(key("dead"), min=start, count=AT_ONCE):
            for row in rows:
                letter = _letter(*row)
                if not interconnection or letter.interconnection == interconnection:
                    yield letter
            start = f"({text(rows[-1][0])}"
    except RedisError as error:
        raise StoreAway(f"dead letters: {type(error).__name__}") from error


def some(redis: PageRedis, ids: list[str]) -> list[Letter]:
    """Those of these letters that are still there, oldest first."""
    try:
        pipe = redis.pipeline(transaction=False)
        for id in ids:
            pipe.xrange(key("dead"), min=id, max=id)
        found = [_letter(*row) for rows in pipe.execute() for row in rows]
    except RedisError as error:
        raise StoreAway(f"dead letters: {type(error).__name__}") from error
    return sorted(found, key=lambda letter: tuple(int(part) for part in letter.id.split("-")))


def of_messages(redis: PageRedis, bot: str, session: str, given_up: Mapping[str, int]) -> dict[str, str]:
    """The letters of these messages of one conversation: {number: id}.  `given_up`: when each was (ms)."""
    try:
        pipe = redis.pipeline(transaction=False)
        for at in given_up.values():
            pipe.zrangebyscore(key("dead of", bot), at, at + SOON, start=0, num=AT_ONCE)
        ids = sorted({text(id) for found in pipe.execute() for id in found})
    except RedisError as error:
        raise StoreAway(f"dead letters: {type(error).__name__}") from error
    found = some(redis, ids) if ids else []
    return {each.number: each.id for each in found if each.session == session and each.number in given_up}


def _letter(id: bytes, fields: dict[bytes, bytes]) -> Letter:
    """Whatever stands in it: a letter that cannot be read whole can still be seen and dropped."""
    row = {text(name): text(value) for name, value in fields.items()}
    at = row.get("at", "")
    return Letter(
        text(id),
        row.get("id", ""),
        row.get("session", ""),
        row.get("lane", ""),
        row.get("number", ""),
        _item(row.get("item", "")),
        row.get("why", ""),
        int(at) if at.isdecimal() else int(text(id).partition("-")[0]),
        row.get("bot", ""),
    )


def of_bots(letters: Iterable[Letter], bots: frozenset[str]) -> list[Letter]:
    """Those of these letters that are theirs."""
    known = list(letters)
    older = [letter for letter in known if not letter.bot]
    found = {
        row["id"]: row.get("botSlug", "") for row in rows([each.interconnection for each in older], ("id", "botSlug"))
    }
    return [letter for letter in known if (letter.bot or found.get(letter.interconnection) or _told(letter)) in bots]


def _told(letter: Letter) -> str:
    """A webhook that nobody could read says whose it is where it says why."""
    return "" if letter.interconnection else letter.why.partition(":")[0]


def _item(stored: str) -> Item:
    """As it was stored, or the words of that where this release does not know it."""
    try:
        return Item.decoded(stored)
    except (ValueError, TypeError):
        return Item(Kind.TEXT, Origin.BRIDGE, stored)


def resend(redis: PageRedis, id: str, interconnection: str) -> tuple[str, str, str]:
    """("resent", session id, channel to ring) | ("no such" | "gone" | "over", "", "")."""
    word, session, channel = [
        *(str(part) for part in run_for_page(redis, "resend", id, interconnection, ticket())),
        "",
        "",
    ][:3]
    return word, session, channel


def drop(redis: PageRedis, id: str) -> bool:
    """Forget a letter; False when it was gone already."""
    try:
        for _, fields in redis.xrange(key("dead"), min=id, max=id):
            redis.zrem(key("dead of", text(fields.get(b"bot", b""))), id)
        return bool(redis.xdel(key("dead"), id))
    except RedisError as error:
        raise StoreAway(f"dead letters: {type(error).__name__}") from error
