"""What SQL knows about bots and orgs, as frozen values: read at most every second, never on a message's path.

Whatever goes wrong with SQL, the last snapshot serves on; whatever is wrong with a row, it costs that bot its new
chats (the bots of that org, theirs), with a sentence in `wrong`, and nobody else anything.
"""

import asyncio
import time

import structlog

from interconnections.directory.changes import token
from interconnections.directory.rows import org_of, snapshot
from interconnections.directory.values import Bot, Org, RecordSettings, Route
from interconnections.errors import Unavailable
from interconnections.threads import Purpose, in_thread

__all__ = ["Bot", "Directory", "Org", "RecordSettings", "Route", "org_of", "snapshot"]

FRESH = 1.0  # seconds without a look at SQL
STALE = 5.0  # seconds after which a caller waits for the new snapshot
WHOLE = 30.0  # seconds after which all is read again, whether or not it seems to have changed
WAITS = 2.0  # seconds; a database that hangs is one that is away

log = structlog.get_logger("bridge.directory")


class Directory:
    def __init__(self) -> None:
        self._bots: dict[str, Bot] = {}
        self._read_at = -STALE
        self._read_whole_at = -WHOLE
        self._seen: object = None  # what SQL was like then
        self._reading: asyncio.Task[None] | None = None
        self._failed = False  # did the last reading fail? Then a slug that is not there may be new

    @property
    def answered(self) -> bool:
        """SQL, when it was asked last."""
        return not self._failed

    async def bots(self) -> dict[str, Bot]:
        """All bots by slug; raises Unavailable when SQL never answered."""
        age = time.monotonic() - self._read_at
        if age > FRESH:
            reading = self._refresh()
            if age > STALE and not (self._failed and self._bots):
                await self._wait_for(reading)
        return self._bots

    async def bot(self, slug: str) -> Bot | None:
        """One bot; a slug we do not know is looked for in SQL at once, it may be new.

        Raises Unavailable when it is not known and SQL cannot be asked.
        """
        found = (await self.bots()).get(slug)
        if found is None and time.monotonic() - self._read_at > 0.2:
            await self._wait_for(self._refresh())
            found = self._bots.get(slug)
        if found is None and self._failed:
            raise Unavailable("the configuration cannot be read now, try again")
        return found

    async def _wait_for(self, reading: asyncio.Task[None]) -> None:
        """Until it is read, or it is clear that the last snapshot serves on."""
        try:
            async with asyncio.timeout(WAITS if self._bots else None):
                await asyncio.shield(reading)
        except TimeoutError:
            self._failed = True
            log.warning("configuration not read, the last one serves on", error="it takes too long")

    def _refresh(self) -> asyncio.Task[None]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            seen = None if self._failed or time.monotonic() - self._read_whole_at > WHOLE else self._seen
            token, bots = await in_thread(Purpose.CONFIGURATION, _look, seen, self._bots)
            if bots is not None:
                self._bots, self._seen, self._read_whole_at = bots, token, time.monotonic()
            if self._failed:
                log.warning("configuration read again")
            self._failed = False
        except Exception as error:  # no driver keeps to its own errors, and a bug in here must stop no conversation
            self._failed = True
            if not self._bots:
                raise Unavailable("the configuration cannot be read now, try again") from error
            log.warning("configuration not read, the last one serves on", error=type(error).__name__)
        self._read_at = time.monotonic()


def _look(seen: object, before: dict[str, Bot]) -> tuple[object, dict[str, Bot] | None]:
    """What SQL is like, and what it holds: None where it is as it was `seen`.  The look goes before the reading."""
    now = token()
    return now, None if now is not None and now == seen else snapshot(before)
