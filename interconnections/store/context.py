"""What user and bot said to each other outside a chat: bounded per user, gone after a day."""

import json
from dataclasses import dataclass, replace

from interconnections.errors import StoreAway
from interconnections.store.connection import AsyncRedis, RedisError
from interconnections.store.keys import key

ENTRIES = 200  # per user and bot; a day of talk with a bot is far below
LONGEST = 4_096  # characters kept of a text, a caption, links: the longest text that WhatsApp takes


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
        words = [part[:LONGEST] for part in (self.text, self.url, self.mime_type, self.caption)]
        return json.dumps([self.at, self.speaker, *words], ensure_ascii=False)


async def read(redis: AsyncRedis, bot: str, user: str, hours: int) -> list[Said]:
    """The last `hours`, oldest first by the platform's clock."""
    try:
        seconds, _ = await redis.time()
        oldest = (seconds - hours * 3600) * 1000
        entries = await redis.xrange(key("context", bot, user), min=oldest)
    except RedisError as error:
        raise StoreAway(f"context: {type(error).__name__}") from error
    said = [replace(Said(*json.loads(row["entry"])), stored_at=int(row["at"])) for _, row in entries]
    return sorted(said, key=lambda entry: entry.at)
