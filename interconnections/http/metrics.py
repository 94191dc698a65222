"""/metrics: what monitoring reads, in Prometheus' text.  Figures only: no user, no session, no text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from interconnections.bridge.services import here
from interconnections.directory.values import Bot, account_of
from interconnections.errors import StoreAway, Unavailable
from interconnections.http.answers import answering
from interconnections.items import Lane
from interconnections.store.figures import Figures, add, figures
from interconnections.store.schema import SCHEMA
from interconnections.store.standing import Quality, Reach, Subscribed
from interconnections.tally import ABOVE, BOUNDS

Told = TypeVar("Told", Reach, Quality, Subscribed)
# The store's totals: name before the colon -> (metric, its labels for what stands after, what it counts)
TOTALS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "stored": ("bridge_messages_stored", ("lane",), "Items put into a lane"),
    "delivered": ("bridge_messages_delivered", ("lane",), "Items that the other side took"),
    "retries": ("bridge_delivery_retries", ("lane",), "Deliveries to be tried again"),
    "pauses": ("bridge_shore_pauses", ("lane",), "Times that all workers were told to spare a bot's shore"),
    "throttled": ("bridge_throttled", ("scope",), "Deliveries that waited for a rate limit"),
    "dead": ("bridge_dead_letters_made", ("lane",), "Items given up"),
    "sent by hand": ("bridge_dead_letters_sent_again", ("lane",), "Dead letters put back into their lane"),
    "notices": ("bridge_notices", (), "Senders told that their message was given up"),
    "became": ("bridge_status_changes", ("status",), "Moves into a status"),
    "event": ("bridge_events", ("type",), "Events that polls brought"),
    "intake full": ("bridge_webhooks_over_quota", ("bot",), "Webhooks and connects refused with 503: over a quota"),
    "duplicates suppressed": ("bridge_duplicates_suppressed", (), "Webhooks that were stored before"),
    "hand-overs": ("bridge_handovers", (), "Chats that Salesforce moved to another server"),
    "sent again": ("bridge_sent_again", (), "Texts that a new server missed"),
    "switches": ("bridge_switches", (), "Sessions opened anew at another server"),
    "put off": ("bridge_put_off", (), "Times that a worker gave back what it could not carry"),
    "statuses": ("bridge_message_statuses", ("state",), "What platforms told of messages that they took"),
    "failed by code": ("bridge_messages_failed", ("code",), "Messages that a platform took and could not bring"),
    "sent again in doubt": ("bridge_sent_again_in_doubt", (), "Texts sent again, as nothing showed that they came"),
    "not claimed": ("bridge_not_claimed", (), "Times that a conversation was too broken to be claimed"),
    "workers lost": ("bridge_workers_lost", (), "Workers whose lease ended"),
    "mended": ("bridge_mended", ("cause",), "Conversations that were stuck, and are no more"),
}
# What processes count of themselves (tally.py), in the same table of totals.
TALLIED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "errors": ("bridge_shore_errors", ("shore", "code"), "Answers of 400 and above, and silence where one was due"),
    "files out": ("bridge_agents_files", ("way",), "Agents' files that no platform got by address: upload, link"),
    "files": ("bridge_files", ("place",), "Users' files, by where they came: case, chat, or only as a link"),
    "tolerated": ("bridge_tolerated", ("oddity",), "Oddities of the wire that were passed over"),
    "streams lost": ("bridge_streams_lost", ("why",), "Streams of Enhanced Chat that ended unasked"),
    "gaps filled": ("bridge_gaps_filled", (), "Times that a look back brought what no stream had told"),
    "events seen before": ("bridge_events_seen_before", (), "Events told again, and known by their names"),
    "tokens renewed": ("bridge_tokens_renewed", (), "Tokens of Enhanced Chat that were renewed"),
    "verification failed": ("bridge_verification_failed", (), "Users of whom Salesforce did not take our signature"),
    "platform notices": ("bridge_platform_notices", ("bot", "kind"), "What platforms told of a bot's account"),
    "standing untold": (
        "bridge_platform_standing_untold",
        ("bot",),
        "Times that a platform was asked how a bot stands, and did not tell",
    ),
    "platform stopped": (
        "bridge_platform_stopped",
        ("bot", "code"),
        "Messages that wait because their platform does not serve the bot: its token, permission, account",
    ),
    "forwards": ("bridge_forwards", ("bot", "answer"), "Webhooks passed on to the bot itself, by how it answered"),
    "webhooks unread": ("bridge_webhooks_unread", (), "Signed parts of webhooks that nobody could read"),
    "statuses of others": ("bridge_statuses_of_others", (), "Statuses of messages that were not sent here"),
    "answers lost": (
        "bridge_answers_lost",
        (),
        "Texts whose answer was lost and that came all the same",
    ),
    "lanes stumbled": ("bridge_lanes_stumbled", (), "Lanes that a fault of ours stopped; they are begun again"),
    "polls stumbled": ("bridge_polls_stumbled", (), "Times that a fault of ours kept news from being stored"),
    "figures stumbled": (
        "bridge_figures_stumbled",
        (),
        "Beats that a fault of ours left without figures",
    ),
    "deliveries stumbled": ("bridge_deliveries_stumbled", (), "Deliveries that a fault of ours stopped"),
    "spans lost": (
        "bridge_spans_lost",
        ("where",),
        "Spans that no collector got: the queue was full, or the collector did not take them",
    ),
    "store faults": ("bridge_store_faults", (), "Writes that Redis took for wrong: their conversation stands still"),
}
# By labels: a counter that appears with its first step would hide that step from increase().
FROM_ZERO: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {
    (): {(): 0},
    ("lane",): {(lane,): 0 for lane in Lane},
    ("where",): {(where,): 0 for where in ("queue", "collector")},
    ("why",): {(why,): 0 for why in ("silence", "its end", "broken")},
}
QUALITIES = {"GREEN": 2, "YELLOW": 1, "RED": 0}
DIRECTIONS = ("to user", "to agent")
# A worker's gauge -> (metric, what it is)
REPORTED = {
    "polls": ("bridge_polls_open", "Conversations that this worker polls"),
    "oldest poll": (
        "bridge_poll_age_ratio_max",
        "The longest since an answer, as a share of the time after which Salesforce forgets a chat",
    ),
    "at risk": ("bridge_sessions_at_risk", "Conversations past half of that time"),
}


@answering("GET", "HEAD")
async def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry()
    bots = await _bots()
    database = here().directory.answered
    try:
        await add(here().redis, here().tally)  # this process has no heartbeat to tell it by
        now = await figures(here().redis)
        now = replace(
            now,
            reach=_of_bots(now.reach, bots),
            quality=_of_bots(now.quality, bots),
            subscribed=_of_bots(now.subscribed, bots),
        )
        registry.register(Snapshot(now, database))
    except StoreAway:  # monitoring must not go blind when it matters most
        registry.register(Snapshot(None, database))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


async def _bots() -> dict[str, Bot]:
    try:
        return await here().directory.bots()
    except Unavailable:  # nobody knows which there are
        return {}


def _of_bots(known: Mapping[str, Told], bots: Mapping[str, Bot]) -> dict[str, Told]:
    """Without bots that are gone, or have another account since: it was told of that one."""
    accounts = {slug: account_of(bot) for slug, bot in bots.items()}
    return {slug: told for slug, told in known.items() if accounts.get(slug) == told.account}


class Snapshot(Collector):
    """The figures of one moment, as metric families.  `now` is None while Redis is away."""

    def __init__(self, now: Figures | None, database: bool = True) -> None:
        self.now, self.database = now, database

    def collect(self) -> Iterable[Metric]:
        yield gauge("bridge_redis_up", "Redis answers", 0 if self.now is None else 1)
        yield gauge("bridge_database_up", "The configuration could be read when it was asked for last", self.database)
        yield gauge("bridge_expected_schema", "The version in which this process writes the store", SCHEMA)
        if self.now is not None:
            yield from self._figures(self.now)

    def _figures(self, now: Figures) -> Iterable[Metric]:
        yield gauge("bridge_schema", "The version in which the store is written", now.schema)
        yield gauge("bridge_workers", "Live workers", now.workers)
        yield gauge("bridge_free", "Interconnections that wait for an owner", now.free)
        yield gauge("bridge_unreadable", "Interconnections that no worker can carry", now.unreadable)
        yield gauge("bridge_starting", "Interconnections whose start is under way", now.starting)
        yield gauge("bridge_dead_letters", "Dead letters stored", now.dead_letters)
        yield labelled("bridge_interconnections", "Interconnections stored", "status", now.by_status)
        yield labelled("bridge_owned", "Interconnections by their owner", "worker", now.owned)
        used = {org: calls[0] for org, calls in now.api_calls.items()}
        allowed = {org: calls[1] for org, calls in now.api_calls.items()}
        yield labelled("bridge_salesforce_api_calls", "API calls of the org in 24 hours, as told last", "org", used)
        yield labelled("bridge_salesforce_api_calls_allowed", "API calls that it may make", "org", allowed)
        reach = {bot: float("inf") if told.users < 0 else told.users for bot, told in now.reach.items()}
        yield labelled("bridge_platform_reach", "Users a day to whom the business may write first", "bot", reach)
        rated = {bot: QUALITIES[told.rating] for bot, told in now.quality.items() if told.rating in QUALITIES}
        yield labelled(
            "bridge_platform_quality", "How its platform rates the bot: 2 green, 1 yellow, 0 red", "bot", rated
        )
        hear = {bot: int(told.there) for bot, told in now.subscribed.items()}
        yield labelled("bridge_platform_subscribed", "1: its platform says that we hear its users", "bot", hear)
        yield labelled("bridge_lane_depth", "Items to be delivered", "lane", now.depth)
        yield labelled(
            "bridge_oldest_undelivered_seconds", "Since the longest waiting item could go", "lane", now.oldest
        )
        yield labelled("bridge_paused_bots", "Bots whose shore is spared now", "lane", now.paused)
        for name, (metric, about) in REPORTED.items():
            values = {worker: report[name] for worker, report in now.reports.items() if name in report}
            yield labelled(metric, about, "worker", values)
        yield from self._totals(now.totals)
        yield relay(now.totals)

    def _totals(self, totals: dict[str, int]) -> Iterator[Metric]:
        for prefix, (name, labels, about) in (TOTALS | TALLIED).items():
            family = CounterMetricFamily(name, about, labels=labels)
            found = dict(FROM_ZERO.get(labels, {}))
            for total, value in totals.items():
                before, *after = total.split(":", len(labels))
                if before == prefix and len(after) == len(labels):
                    found[tuple(after)] = value
            for words, value in found.items():
                family.add_metric(words, value)
            yield family


def relay(totals: dict[str, int]) -> HistogramMetricFamily:
    """From a message's storing to its taking at the other side, of what people said."""
    family = HistogramMetricFamily(
        "bridge_relay_seconds", "From stored to taken at the other side", labels=["direction"]
    )
    for direction in DIRECTIONS:
        reached, buckets = 0, []
        for bound in [*map(str, BOUNDS), ABOVE]:
            reached += totals.get(f"relay:{direction}:{bound}", 0)
            buckets.append((bound, reached))
        family.add_metric([direction], buckets, totals.get(f"relay ms:{direction}", 0) / 1000)
    return family


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def labelled(name: str, about: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family
