"""What all chats of a desk share, lent by the process (desks.desk.Host)."""

import asyncio

from interconnections.store import lookups, turns
from interconnections.store.connection import AsyncRedis
from interconnections.store.lanes import Bucket
from interconnections.store.scripts import ticket
from interconnections.tally import Tally


class DeskHost:
    def __init__(self, redis: AsyncRedis, tally: Tally) -> None:
        self.redis, self.tally = redis, tally

    async def turn(self, name: str, burst: int, seconds: float) -> None:
        who, bucket = ticket(), Bucket(name, "desk", burst, seconds * 1000)
        while wait := await turns.turn(self.redis, bucket, who):
            await asyncio.sleep(wait / 1000)

    async def is_ours(self, session_id: str) -> bool:
        return await lookups.is_open(self.redis, session_id)

    def count(self, name: str, n: int = 1) -> None:
        self.tally.count(name, n)
