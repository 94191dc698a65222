"""A message's trace, from the door it came in by to the call that brought it over, as a collector sees it."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from simulator.processes import ROOT, until
from simulator.stage import Stage
from tests.story.collector import Collector, Seen
from tests.story.conversation import Conversation
from tests.story.enhanced_chat_stage import EnhancedChatStage
from tests.story.test_enhanced_chat import Messages

SHOWN = {
    "bridge.session", "bridge.lane", "bridge.number", "bridge.bot", "bridge.kind", "bridge.tried", "bridge.waited_ms",
    "bridge.outcome", "http.request.method", "http.response.status_code", "error.type",
}  # fmt: skip
LIVE_AGENT, ENHANCED_CHAT = (Stage, "POST live agent"), (EnhancedChatStage, "POST enhanced chat")


@contextmanager
def traced(kind: type[Stage], url: str, percent: int = 100) -> Iterator[Stage]:
    stage = kind(workers=2)
    stage.more = {
        "TRACES": str(percent), "OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "2",
    }  # fmt: skip
    with stage:
        yield stage


def talk(stage: Stage, user: str) -> Conversation:
    kind = Messages if isinstance(stage, EnhancedChatStage) else Conversation
    found = kind(stage, stage.bot, user)
    found.connect()
    found.accept()
    return found


def tree(trace: list[Seen]) -> list[tuple[str, str, str]]:
    """What stands under what: (service, name, name of what is above)."""
    names = {span.id: span.name for span in trace}
    return [(span.service, span.name, names.get(span.parent, "")) for span in trace]


def lost(stage: Stage) -> float:
    """Spans that the collector did not take, as the figures have them."""
    text = requests.get(f"{stage.url}/metrics", timeout=30).text
    [counted] = re.findall(r'^bridge_spans_lost_total\{where="collector"\} (\S+)$', text, re.MULTILINE)
    return float(counted)


@pytest.mark.parametrize(("kind", "call"), [LIVE_AGENT, ENHANCED_CHAT], ids=["live agent", "enhanced chat"])
def test_one_message_each_way_gives_one_trace_each(kind: type[Stage], call: str, user: str) -> None:
    with Collector() as collector, traced(kind, collector.url) as stage:
        said = talk(stage, user)
        said.say("de mi parte, un secreto")
        said.answer("de la mía, otro")
        assert said.whole()
        until("both ways are told", lambda: len(collector.spans()) >= 8, stage.processes)
        for process in (*stage.workers, stage.web):
            assert process.stop() in (0, -15)

    assert [tree(trace) for trace in collector.traces()] == [
        [
            ("bridge-web", "webhook", ""),
            ("bridge-web", "store", "webhook"),
            ("bridge-worker", "deliver", "webhook"),
            ("bridge-worker", call, "deliver"),
        ],
        [
            ("bridge-worker", "poll", ""),
            ("bridge-worker", "store", "poll"),
            ("bridge-worker", "deliver", "poll"),
            ("bridge-worker", "POST yalo", "deliver"),
        ],
    ]
    assert {name for span in collector.spans() for name in span.facts} <= SHOWN
    table = (ROOT / "docs/operations.md").read_text().partition("\n## Traces\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert {span.name for span in collector.spans() if not span.name.startswith("POST ")} == named
    whole = b"".join(collector.bodies)
    for secret in ("secreto", "otro", user, stage.webhook_secret, "Ana"):
        assert secret.encode() not in whole


def test_a_share_of_the_messages_is_traced_whole(user: str) -> None:
    with Collector() as collector, traced(Stage, collector.url, percent=30) as stage:
        said = talk(stage, user)
        for n in range(40):
            said.say(f"u{n}")
        assert said.whole()
        for process in (*stage.workers, stage.web):
            process.stop()
    traces = collector.traces()
    assert 1 <= len(traces) <= 30
    assert {len(trace) for trace in traces} == {4}  # web and workers chose the same


@pytest.mark.parametrize("answers", [False, True], ids=["refuses", "hangs"])
def test_a_collector_that_is_away_costs_nobody_a_message(answers: bool, user: str) -> None:
    """`hangs`: it takes the connection, and says nothing."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if answers:
            silent.listen()
        with traced(Stage, f"http://127.0.0.1:{silent.getsockname()[1]}") as stage:
            said = talk(stage, user)
            for n in range(20):
                said.say(f"u{n}")
                said.answer(f"a{n}")
            assert said.whole()
            until("what was lost is counted", lambda: lost(stage) >= 2, stage.processes)
            assert [worker.stop(patience=10) for worker in stage.workers] == [0, 0]
            assert [line for worker in stage.workers for line in worker.log.read_text().splitlines()
                    if "Traceback" in line or "stumbled" in line] == []  # fmt: skip
