"""What user and bot said to each other outside a chat: bounded per user, gone after a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from interconnections.errors import StoreAway
from interconnections.fast_json import dumps
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key
from interconnections.store.people import ids_of

ENTRIES = 200  # per user and bot; a day of talk with a bot is far below
LONGEST = 20_000  # characters kept of a text, a caption, links: the end of it, as an agent is told the latest
CUT = "…"  # stands where there was more
LATEST = 10**14  # ms; no clock that we believe says more, and no calendar holds what lies far behind it

log = structlog.get_logger("bridge.context")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the past.  `at`: ms since 1970, by the platform's clock; `speaker`: user | bot."""

    at: int
    speaker: str
    text: str = ""
    url: str = ""
    mime_type: str = ""
    caption: str = ""
    stored_at: int = 0

    def encoded(self) -> str:
        words = [_bounded(part) for part in (self.text, self.url, self.mime_type, self.caption)]
        return dumps([self.at, self.speaker, *words])


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST else CUT + text[-LONGEST + 1 :]


async def read(redis: AsyncRedis, bot: str, user: str, hours: int) -> list[Said]:
    """The last `hours`, oldest first by the platform's clock, under whichever of their ids it was said.

    An entry that cannot be read spoils no other: it is left out, and the log says that there was one.
    """
    try:
        seconds, _ = await redis.time()
        oldest = (seconds - hours * 3600) * 1000
        entries = []
        for id in await ids_of(redis, bot, user):
            entries += await redis.xrange(key("context", bot, id), min=oldest)
    except RedisError as error:
        raise StoreAway(f"context: {type(error).__name__}") from error
    said = [entry for id, row in entries if (entry := _decoded(id, row))]
    if len(said) < len(entries):
        log.warning("entries of the past cannot be read and are left out", bot=bot, entries=len(entries) - len(said))
    return sorted(said, key=lambda entry: entry.at)


def _decoded(id: str, row: Mapping[str, str]) -> Said | None:
    """None where nobody can say what was stored; a moment that no calendar holds becomes that of its storing."""
    stored_at = int(id.partition("-")[0])
    try:
        at, speaker, *words = json.loads(row["entry"])
    except (KeyError, ValueError, TypeError):
        return None
    if not all(isinstance(word, str) for word in (speaker, *words)) or len(words) > 4:
        return None
    known = isinstance(at, int) and not isinstance(at, bool) and 0 <= at < LATEST
    return replace(Said(at if known else stored_at, speaker, *words), stored_at=stored_at)
