"""/metrics: what monitoring reads, in Prometheus' text.  Figures only: no user, no session, no text."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from interconnections.bridge.bridge import here
from interconnections.errors import StoreAway
from interconnections.http.answers import answering
from interconnections.store.figures import Figures, figures

# The store's totals: name before the colon -> (metric, its label for what stands after, what it counts)
TOTALS = {
    "stored": ("bridge_messages_stored", "lane", "Items put into a lane"),
    "delivered": ("bridge_messages_delivered", "lane", "Items that the other side took"),
    "retries": ("bridge_delivery_retries", "lane", "Deliveries to be tried again"),
    "dead": ("bridge_dead_letters_made", "lane", "Items given up"),
    "became": ("bridge_status_changes", "status", "Moves into a status"),
    "event": ("bridge_events", "type", "Events that polls brought"),
    "duplicates suppressed": ("bridge_duplicates_suppressed", "", "Webhooks that were stored before"),
    "hand-overs": ("bridge_handovers", "", "Chats that Salesforce moved to another server"),
    "sent again": ("bridge_sent_again", "", "Texts that a new server missed"),
    "switches": ("bridge_switches", "", "Sessions opened anew at another server"),
    "workers lost": ("bridge_workers_lost", "", "Workers whose lease ended"),
}


@answering("GET")
async def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry()
    try:
        registry.register(Snapshot(await figures(here().redis)))
    except StoreAway:  # monitoring must not go blind when it matters most
        registry.register(Snapshot(None))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Snapshot(Collector):
    """The figures of one moment, as metric families.  `now` is None while Redis is away."""

    def __init__(self, now: Figures | None) -> None:
        self.now = now

    def collect(self) -> Iterable[Metric]:
        yield gauge("bridge_redis_up", "Redis answers", 0 if self.now is None else 1)
        if self.now is not None:
            yield from self._figures(self.now)

    def _figures(self, now: Figures) -> Iterable[Metric]:
        yield gauge("bridge_workers", "Live workers", now.workers)
        yield gauge("bridge_free", "Interconnections that wait for an owner", now.free)
        yield gauge("bridge_starting", "Interconnections whose start is under way", now.starting)
        yield gauge("bridge_dead_letters", "Dead letters stored", now.dead_letters)
        yield labelled("bridge_interconnections", "Interconnections stored", "status", now.by_status)
        yield labelled("bridge_owned", "Interconnections by their owner", "worker", now.owned)
        yield from self._totals(now)

    def _totals(self, now: Figures) -> Iterable[Metric]:
        for prefix, (name, label, about) in TOTALS.items():
            family = CounterMetricFamily(name, about, labels=[label] if label else [])
            for total, value in now.totals.items():
                before, _, after = total.partition(":")
                if before == prefix:
                    family.add_metric([after] if label else [], value)
            yield family


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def labelled(name: str, about: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family
