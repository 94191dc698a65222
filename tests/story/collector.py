"""A collector of traces: OTLP over HTTP, read with OpenTelemetry's own messages."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Seen:
    """A span: `service` is the process that made it, `parent` the id of the span above, b"" for the first."""

    service: str
    name: str
    trace: bytes
    id: bytes
    parent: bytes
    begun: int
    ended: int
    facts: dict[str, Any]


class Collector:
    """`with Collector() as collector:` its address is that of OTEL_EXPORTER_OTLP_ENDPOINT."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        collector = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/traces"
                collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """The test has its own words."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def spans(self) -> list[Seen]:
        return [span for body in list(self.bodies) for span in read(body)]

    def traces(self) -> list[list[Seen]]:
        """Each from its first span on."""
        found: dict[bytes, list[Seen]] = defaultdict(list)
        for span in sorted(self.spans(), key=lambda span: span.begun):
            found[span.trace].append(span)
        return list(found.values())


def read(body: bytes) -> list[Seen]:
    return [
        Seen(
            facts(resource.resource.attributes)["service.name"],
            span.name,
            span.trace_id,
            span.span_id,
            span.parent_span_id,
            span.start_time_unix_nano,
            span.end_time_unix_nano,
            facts(span.attributes),
        )
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def facts(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}
