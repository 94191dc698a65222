"""What goes on after a page has its answer, or has gone away: a bot's reply, a wish for a human."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from aiohttp import web

Result = TypeVar("Result")


class Errands:
    """Tasks that belong to the server and not to a request."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    async def run(self, errand: Coroutine[object, object, Result]) -> Result:
        """Wait for it; whoever stops waiting does not stop it."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    def stop(self) -> None:
        """Leave everything undone."""
        for task in self._tasks:
            task.cancel()


ERRANDS: web.AppKey[Errands] = web.AppKey("errands", Errands)
