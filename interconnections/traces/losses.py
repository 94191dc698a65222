"""Spans that no collector gets, counted: the queue was full, or the collector did not take them."""

import asyncio
from collections.abc import Callable, Sequence

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

Count = Callable[[str, int], None]


class Losses:
    """They happen in the loop and in the SDK's thread, and are counted in the loop alone."""

    def __init__(self) -> None:
        self._count: Count | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def count_by(self, count: Count) -> None:
        self._count, self._loop = count, asyncio.get_running_loop()

    def lost(self, where: str, spans: int) -> None:
        """A process that has ended its loop tells nobody any more."""
        if self._count and self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._count, f"spans lost:{where}", spans)


class CountedExporter(SpanExporter):
    def __init__(self, exporter: SpanExporter, losses: Losses) -> None:
        self._exporter, self._losses = exporter, losses
        self.handed = 0  # spans, taken or not; written by the SDK's thread alone

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.handed += len(spans)
        result = SpanExportResult.FAILURE
        try:
            result = self._exporter.export(spans)
        finally:
            if result is not SpanExportResult.SUCCESS:
                self._losses.lost("collector", len(spans))
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class CountedBatches(BatchSpanProcessor):
    """The SDK drops the oldest span for one that finds `queue` of them waiting, and says so in its log only.

    Counted is about how many: a batch on its way from the queue to the exporter stands in neither for a moment.
    """

    def __init__(self, exporter: CountedExporter, losses: Losses, queue: int) -> None:
        super().__init__(exporter, max_queue_size=queue)
        self._exporter, self._losses, self._queue = exporter, losses, queue
        self._ended = self._dropped = 0

    def on_end(self, span: ReadableSpan) -> None:
        if self._ended - self._dropped - self._exporter.handed >= self._queue:
            self._dropped += 1
            self._losses.lost("queue", 1)
        self._ended += 1
        super().on_end(span)
