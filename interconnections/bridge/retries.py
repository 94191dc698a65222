"""Asking Salesforce's records again: what may be repeated, how often, and what is looked for in between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from interconnections.backoff import backoff
from interconnections.errors import RecordsUnwell

T = TypeVar("T")
TRIES = 3


async def asked(question: Callable[[], Awaitable[T]]) -> T:
    """A question, or anything that may be done twice; a silent other side is asked once only, it took long enough."""
    for tried in range(TRIES):
        try:
            return await question()
        except RecordsUnwell as trouble:
            if trouble.silent or tried == TRIES - 1:
                raise
            await pause(tried)
    raise AssertionError("unreachable")


async def made(make: Callable[[], Awaitable[T]], look: Callable[[], Awaitable[T | None]]) -> T:
    """A create, which is not idempotent: whenever it may have been done unseen, `look` decides.

    After silence nothing is made again: the first one may still come about.
    """
    for tried in range(TRIES):
        try:
            return await make()
        except RecordsUnwell as trouble:
            if not trouble.undone and (found := await look()) is not None:
                return found
            if trouble.silent or tried == TRIES - 1:
                raise
            await pause(tried)
    raise AssertionError("unreachable")


async def pause(tried: int) -> None:
    await asyncio.sleep(backoff(tried, base=0.3, cap=2))
