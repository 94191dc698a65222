"""The bell tower: feeds the worker's consumers from its own channels, and hears what all workers hear.

Each name has one listener that outlives whatever goes wrong with Redis; a bell missed meanwhile is made up
for by the sweep.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from channels.layers import get_channel_layer

from interconnections.bells import WORKERS
from interconnections.consumers import IntegrationMessageConsumer, LaneConsumer, SalesforceMessageConsumer
from interconnections.items import Lane

log = structlog.get_logger("bridge.tower")


class ChannelListeners:
    def __init__(
        self,
        worker: str,
        rung: Callable[[Lane, str], None],
        receipts: Callable[[str], None],
        something_free: Callable[[], None],
    ) -> None:
        self.worker, self.rung, self.receipts, self.something_free = worker, rung, receipts, something_free
        self._tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._steadily(partial(self._consume, SalesforceMessageConsumer))),
            loop.create_task(self._steadily(partial(self._consume, IntegrationMessageConsumer))),
            loop.create_task(self._steadily(self._hear_all)),
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _consume(self, consumer: type[LaneConsumer]) -> None:
        channel = f"{consumer.lane}.{self.worker}"
        scope = {"type": "channel", "channel": channel, "rung": self.rung, "receipts": self.receipts}
        await consumer.as_asgi()(scope, partial(get_channel_layer().receive, channel), _no_answer)

    async def _hear_all(self) -> None:
        while True:
            await get_channel_layer().receive(WORKERS)
            self.something_free()

    async def _steadily(self, listen: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await listen()
            except Exception as error:  # Redis away, a bell we cannot read: listen again
                log.warning("bells interrupted", error=type(error).__name__)
            await asyncio.sleep(0.5)


async def _no_answer(message: object) -> None:
    """Consumers of bells answer nobody."""
