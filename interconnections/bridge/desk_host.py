"""What all chats of a desk share, lent by the process (desks.desk.Host)."""

import asyncio

from interconnections.backoff import backoff
from interconnections.errors import DeskUnwell, StoreAway
from interconnections.store import lookups, turns
from interconnections.store.connection import AsyncRedis
from interconnections.store.lanes import Bucket
from interconnections.store.scripts import ticket
from interconnections.tally import Tally

PATIENCE = 10  # times that a turn is asked for again while Redis does not answer, or is full: some five seconds


class DeskHost:
    def __init__(self, redis: AsyncRedis, tally: Tally) -> None:
        self.redis, self.tally = redis, tally

    async def turn(self, name: str, burst: int, seconds: float) -> None:
        """Raises DeskUnwell where Redis tells no turn: it passes, and speaks neither of the chat nor of its text."""
        who, bucket, tries = ticket(), Bucket(name, "desk", burst, seconds * 1000), 0
        while True:
            try:
                wait = await turns.turn(self.redis, bucket, who) / 1000
            except StoreAway as trouble:
                if tries == PATIENCE:
                    raise DeskUnwell(f"no turn was told: {trouble}", undone=True) from trouble
                wait, tries = backoff(tries, base=0.1, cap=1), tries + 1
            if not wait:
                return
            await asyncio.sleep(wait)

    async def is_ours(self, session_id: str) -> bool:
        return await lookups.is_open(self.redis, session_id)

    def count(self, name: str, n: int = 1) -> None:
        self.tally.count(name, n)
