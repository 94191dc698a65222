"""What no collector gets is counted in the loop: each span that the queue or the collector did not take."""

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from interconnections.traces.losses import CountedBatches, CountedExporter, Losses

QUEUE = 512  # the SDK takes as many at once


class Collector(SpanExporter):
    """It takes nothing before it `may`, and then answers as it is told."""

    def __init__(self, answer: SpanExportResult) -> None:
        self.answer, self.may, self.asked = answer, threading.Event(), threading.Event()
        self.got = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.asked.set()
        self.may.wait(30)
        self.got += len(spans)
        return self.answer

    def shutdown(self) -> None:
        """Nothing to close."""


async def lost(collector: Collector, spans: int) -> Counter[str]:
    """Of so many, while the first batch is on its way all the time."""
    found: Counter[str] = Counter()
    losses = Losses()
    losses.count_by(lambda name, n: found.update({name: n}))
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(CountedBatches(CountedExporter(collector, losses), losses, QUEUE))
    tracer = provider.get_tracer("test")
    for _ in range(QUEUE):
        tracer.start_span("first").end()
    await asyncio.to_thread(collector.asked.wait, 30)
    for _ in range(spans - QUEUE):
        tracer.start_span("more").end()
    collector.may.set()
    await asyncio.to_thread(provider.shutdown)
    await asyncio.sleep(0)  # what the SDK's thread told the loop
    return found


async def test_nothing_is_lost_where_the_queue_is_long_enough() -> None:
    collector = Collector(SpanExportResult.SUCCESS)
    assert await lost(collector, 2 * QUEUE) == {}
    assert collector.got == 2 * QUEUE


async def test_what_the_queue_drops_is_counted() -> None:
    collector = Collector(SpanExportResult.SUCCESS)
    assert await lost(collector, 2 * QUEUE + 7) == {"spans lost:queue": 7}
    assert collector.got == 2 * QUEUE


async def test_what_the_collector_does_not_take_is_counted() -> None:
    assert await lost(Collector(SpanExportResult.FAILURE), 2 * QUEUE) == {"spans lost:collector": 2 * QUEUE}


def test_who_has_no_loop_any_more_counts_nothing() -> None:
    losses, found = Losses(), Counter[str]()

    async def begins() -> None:
        losses.count_by(lambda name, n: found.update({name: n}))

    asyncio.run(begins())
    losses.lost("collector", 3)
    assert found == {}
