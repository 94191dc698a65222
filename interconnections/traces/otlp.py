"""Spans by OpenTelemetry's own SDK, sent to a collector by OTLP over HTTP.

Ended spans wait in a bounded queue for a thread of the SDK's.  What does not fit is dropped, and what the collector
does not take is lost: no message waits for its trace, and no process for its collector.
"""

import atexit
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags, set_span_in_context
from opentelemetry.trace.status import StatusCode

from interconnections.traces.losses import Count, CountedBatches, CountedExporter, Losses
from interconnections.traces.marks import Facts
from interconnections.traces.message import Traced
from interconnections.wire import OpenReply, Reply, Stream, Wire

T = TypeVar("T")

IDS = 2**64  # the halves that a trace's id may end with, all alike often
LAST_WORDS = 2.0  # seconds that a process which ends waits for its collector
DOORS = {"webhook": SpanKind.SERVER, "poll": SpanKind.CLIENT}

_delivery: ContextVar[Span | None] = ContextVar("delivery", default=None)


class Ids(RandomIdGenerator):
    """The first span of a trace has the ids that the message gives it, all others have ones of their own."""

    given: tuple[int, int] | None = None

    def generate_trace_id(self) -> int:
        return self.given[0] if self.given else super().generate_trace_id()

    def generate_span_id(self) -> int:
        return self.given[1] if self.given else super().generate_span_id()


class OtlpSpans:
    def __init__(self, role: str, percent: int, queue: int) -> None:
        """Where to, and with which headers, the SDK finds in the environment: OTEL_EXPORTER_OTLP_ENDPOINT …."""
        self._ids = Ids()
        self._below = percent * IDS // 100
        whose: Facts = {
            "service.name": f"bridge-{role}",
            "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
        }
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,  # of those that `_chosen` lets through: asking the SDK costs a third of a span
            resource=Resource.create(whose | dict(OTELResourceDetector().detect().attributes)),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._losses = Losses()
        exporter = CountedExporter(OTLPSpanExporter(), self._losses)
        self._provider.add_span_processor(CountedBatches(exporter, self._losses, queue))
        self._tracer = self._provider.get_tracer("bridge")
        self._ends = threading.Event()
        # Made now: a process that ends may start none.
        self._closing = threading.Thread(target=self._close, name="traces", daemon=True)
        self._closing.start()
        atexit.register(self.close)

    def close(self) -> None:
        """What is still here is sent, by a collector that answers within LAST_WORDS; the SDK would wait for long."""
        self._ends.set()
        self._closing.join(LAST_WORDS)

    def _close(self) -> None:
        self._ends.wait()
        self._provider.shutdown()

    def count_losses(self, count: Count) -> None:
        self._losses.count_by(count)

    def _chosen(self, trace: int) -> bool:
        """By the trace's id, so that all processes choose the same messages."""
        return trace % IDS < self._below

    def stored(self, door: str, message: Traced, came: int, asked: int) -> None:
        ids = message.ids()
        if not self._chosen(ids[0]):
            return
        self._ids.given = ids
        first = self._tracer.start_span(door, Context(), DOORS[door], _shown(message), start_time=came)
        self._ids.given = None
        self._tracer.start_span("store", set_span_in_context(first, Context()), start_time=asked).end()
        first.end()

    async def delivered(
        self, message: Traced, facts: Facts, delivering: Awaitable[T], became: Callable[[T], Facts]
    ) -> T:
        trace, first = message.ids()
        if not self._chosen(trace):
            return await delivering
        under = NonRecordingSpan(
            SpanContext(trace, first, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        )
        within = set_span_in_context(under, Context())
        span = self._tracer.start_span("deliver", within, SpanKind.CONSUMER, _shown(message) | facts)
        before = _delivery.set(span)
        try:
            outcome = await delivering
        except BaseException as fault:
            _failed(span, fault)
            raise
        else:
            span.set_attributes(became(outcome))
            return outcome
        finally:
            _delivery.reset(before)
            span.end()

    def wire(self, wire: Wire, shore: str) -> Wire:
        return TracedWire(wire, shore, self._exchange)

    def _exchange(self, method: str, shore: str) -> Span | None:
        """One call to a shore, where it is part of a delivery."""
        if (delivery := _delivery.get()) is None:
            return None
        within = set_span_in_context(delivery, Context())
        return self._tracer.start_span(f"{method} {shore}", within, SpanKind.CLIENT, {"http.request.method": method})


class TracedWire:
    """No address is shown: it may hold a token, or a person's number."""

    def __init__(self, wire: Wire, shore: str, exchange: Callable[[str, str], Span | None]) -> None:
        self._wire, self._shore, self._exchange = wire, shore, exchange

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = 30.0,
        once: bool = False,
    ) -> Reply:
        call = self._wire.send(method, url, headers=headers, body=body, timeout=timeout, once=once)
        return await _in(self._exchange(method, self._shore), call, lambda reply: reply.status)

    async def open(self, method: str, url: str, *, headers: dict[str, str]) -> OpenReply:
        call = self._wire.open(method, url, headers=headers)
        return await _in(self._exchange(method, self._shore), call, lambda reply: reply.status)


async def _in(span: Span | None, call: Awaitable[T], status: Callable[[T], int]) -> T:
    if span is None:
        return await call
    try:
        reply = await call
    except BaseException as fault:
        _failed(span, fault)
        raise
    else:
        span.set_attribute("http.response.status_code", status(reply))
        if status(reply) >= 400:
            span.set_status(StatusCode.ERROR)
        return reply
    finally:
        span.end()


def _shown(message: Traced) -> Facts:
    return {
        "bridge.session": message.session,
        "bridge.lane": message.lane,
        "bridge.number": message.number,
        "bridge.bot": message.bot,
    }


def _failed(span: Span, fault: BaseException) -> None:
    """By its kind alone: its words may be somebody's."""
    span.set_attribute("error.type", type(fault).__name__)
    span.set_status(StatusCode.ERROR)
