"""Where a message's trace is told how far it got.  While traces are off, each is one call that does nothing."""

import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Protocol, TypeVar

from django.conf import settings

from interconnections.traces.message import Traced
from interconnections.wire import Wire

T = TypeVar("T")
Facts = dict[str, str | int]


class Spans(Protocol):
    """What otlp.py does with the marks."""

    def stored(self, door: str, message: Traced, came: int, asked: int) -> None: ...

    async def delivered(
        self, message: Traced, facts: Facts, delivering: Awaitable[T], became: Callable[[T], Facts]
    ) -> T: ...

    def wire(self, wire: Wire, shore: str) -> Wire: ...

    def count_losses(self, count: Callable[[str, int], None]) -> None: ...


_came: ContextVar[int] = ContextVar("came", default=0)


class _Kept:
    """`spans`: None while traces are off."""

    spans: Spans | None = None


def open_traces(role: str) -> None:
    """Of this process, a `web` or a `worker`, where the settings want them."""
    if settings.TRACES and _Kept.spans is None:
        from interconnections.traces.otlp import OtlpSpans

        _Kept.spans = OtlpSpans(role, settings.TRACES, settings.OTEL_BSP_MAX_QUEUE_SIZE)


def count_losses(count: Callable[[str, int], None]) -> None:
    """`count("spans lost:…", 3)` is called for spans that no collector gets."""
    if _Kept.spans is not None:
        _Kept.spans.count_losses(count)


def came() -> None:
    """Something has come in, which may hold messages."""
    if _Kept.spans is not None:
        _came.set(time.time_ns())


def asked() -> int:
    """The moment at which the store is asked to keep them."""
    return time.time_ns() if _Kept.spans is not None else 0


def wanted() -> bool:
    return _Kept.spans is not None


def stored(door: str, message: Traced, asked: int) -> None:
    """It is kept: what its sender is told next is that it came."""
    if _Kept.spans is not None:
        _Kept.spans.stored(door, message, _came.get() or asked, asked)


async def delivered(message: Traced, facts: Facts, delivering: Awaitable[T], became: Callable[[T], Facts]) -> T:
    """Await one try to bring it to its shore; `became` says of the outcome what may be shown."""
    if _Kept.spans is None:
        return await delivering
    return await _Kept.spans.delivered(message, facts, delivering, became)


def traced_wire(wire: Wire, shore: str) -> Wire:
    """One whose calls within a delivery stand in its trace; the same as came while traces are off."""
    return wire if _Kept.spans is None else _Kept.spans.wire(wire, shore)
