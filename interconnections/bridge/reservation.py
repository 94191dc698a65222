"""A start in our hands: heard of while it lasts, every step recorded before the next is made (rulings 13)."""

import asyncio
from types import TracebackType
from typing import Self

import structlog

from interconnections.errors import Conflict, StoreAway
from interconnections.store import starts
from interconnections.store.connection import AsyncRedis

HEARD_EVERY = starts.RESERVED_FOR / 1000 / 4  # seconds

BEING_OPENED = "could not create chat in salesforce : session exists with this userID (it is being opened)"

log = structlog.get_logger("bridge.starting")


class StartReservation:
    """`async with` it: in between the reservation does not run out.  `steps`: what was done, here or before."""

    def __init__(self, redis: AsyncRedis, bot: str, user: str, token: str, start: starts.Start) -> None:
        self.redis, self.bot, self.user, self.token = redis, bot, user, token
        self.key, self.steps = start.key, dict(start.steps)
        self._heard: asyncio.Task[None] | None = None
        self._over = False  # beside the cancellation, which can get lost inside a Redis call

    async def record(self, **steps: str) -> None:
        """Recorded when this returns.  Raises Conflict when another goes on with this start: make nothing more."""
        if not await starts.step(self.redis, self.bot, self.user, self.token, **steps):
            raise Conflict(BEING_OPENED)
        self.steps |= steps

    async def give_back(self) -> None:
        await starts.unreserve(self.redis, self.bot, self.user, self.token)

    async def __aenter__(self) -> Self:
        self._heard = asyncio.get_running_loop().create_task(self._be_heard())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        heard, self._heard = self._heard, None  # or each would keep the other until the collector comes
        if heard:
            heard.cancel()
            await asyncio.wait([heard])

    async def _be_heard(self) -> None:
        while not self._over:
            await asyncio.sleep(HEARD_EVERY)
            try:
                if not await starts.step(self.redis, self.bot, self.user, self.token):
                    return  # stored, or another's: whoever records the next step is told
            except StoreAway as trouble:
                log.warning("a start could not be renewed", bot=self.bot, why=str(trouble))
