"""The scenarios, by name: what is done while people talk, and what the worlds are like meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.chaos.arena import Arena
from tests.chaos.blows import Director
from tests.chaos.crowd import Crowd, Manner
from tests.chaos.ledger import Verdict, judge

Fault = dict[str, object]

PLATFORM_BURST: tuple[Fault, ...] = (
    {"on": "yalo", "kind": "status", "status": 429, "retry_after": 1, "every": 3},
    {"on": "yalo", "kind": "status", "status": 500, "every": 2},
    {"on": "yalo", "kind": "drop"},
    {"on": "cloud_send", "kind": "status", "status": 400, "code": "131000", "every": 3},
    {"on": "page_send", "kind": "status", "status": 500, "code": "2", "every": 3},
    {"on": "graph", "kind": "drop", "every": 2},
)
SALESFORCE_BURST: tuple[Fault, ...] = (
    {"on": "messages", "kind": "truncated", "every": 3},
    {"on": "messages", "kind": "garbage", "every": 4},
    {"on": "live_agent", "kind": "status", "status": 500, "every": 2},
    {"on": "live_agent", "kind": "drop"},
    {"on": "enhanced_chat", "kind": "status", "status": 500, "every": 2},
    {"on": "enhanced_chat", "kind": "drop"},
)
LOST_AT_SALESFORCE: tuple[Fault, ...] = (
    {"on": "chat_message", "kind": "drop_after", "every": 4},
    {"on": "chat_message", "kind": "status_after", "status": 500, "every": 5},
    {"on": "messages", "kind": "drop_after", "every": 5},
    {"on": "chasitor_init", "kind": "drop_after", "every": 2},
    {"on": "session_id", "kind": "drop_after", "every": 3},
    {"on": "chat_end", "kind": "drop_after", "every": 2},
    {"on": "verified_token", "kind": "drop_after", "every": 3},
    {"on": "create_conversation", "kind": "drop_after", "every": 2},
    {"on": "send_message", "kind": "drop_after", "every": 4},
    {"on": "send_message", "kind": "status_after", "status": 500, "every": 5},
    {"on": "sse", "kind": "drop_after", "seconds": 1, "every": 2},
    {"on": "list_entries", "kind": "drop_after", "every": 5},
    {"on": "end_session", "kind": "drop_after", "every": 2},
    {"on": "close_conversation", "kind": "drop_after", "every": 2},
)
LOST_AT_PLATFORM: tuple[Fault, ...] = (
    {"on": "platform", "kind": "drop_after", "every": 4},
    {"on": "platform", "kind": "status_after", "status": 500, "every": 5},
    {"on": "botrunner", "kind": "drop_after", "every": 3},
    {"on": "cloud_send", "kind": "drop_after", "every": 4},
    {"on": "page_send", "kind": "drop_after", "every": 4},
)


@dataclass(frozen=True)
class Size:
    """How much of it: `words` to be said at least, `blows` of each sort that the scenario deals."""

    words: int = 200
    blows: int = 1
    full: float = 8.0  # seconds that a Redis stays full: longer than any lease
    manner: Manner = field(default_factory=Manner)


@dataclass(frozen=True)
class Scenario:
    """`freezes`: a frozen process makes second polls, so Salesforce is the lenient one (409, the chat lives)."""

    act: Callable[[Director, Size], None]
    rules: dict[str, object] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    shuffled: bool = False
    freezes: bool = False
    answers_lost: bool = False
    share: float = 1.0  # of the words of the long run
    kills: int = 0  # kill -9 in each round of its blows


def nothing(director: Director, size: Size) -> None:
    """Only what is set from the beginning."""


def workers_are_killed(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.kill_worker()


def a_worker_freezes(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.freeze_worker()
        director.freeze_worker_while_nobody_speaks()


def workers_are_replaced(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.restart_workers()


def redis_is_killed(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.kill_redis()


def web_is_killed(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.kill_web()


def half_is_handed_over(director: Director, size: Size) -> None:
    for _ in range(4 * size.blows):
        director.hand_over_half()
        time.sleep(1.0)


def all_are_handed_over(director: Director, size: Size) -> None:
    for _ in range(6 * size.blows):
        director.hand_over_all()


def redis_is_full(director: Director, size: Size) -> None:
    director.fill_redis(size.full)


def both_sides_storm(director: Director, size: Size) -> None:
    for _ in range(size.blows):
        director.burst(2.0, *PLATFORM_BURST)
        director.burst(2.0, *SALESFORCE_BURST)
        director.burst(1.0, {"on": "*", "kind": "status", "status": 500})


def all_of_it(director: Director, size: Size) -> None:
    """In an order that the seed decides, with answers lost now and then and webhooks out of order all the time."""
    deeds: list[Callable[[], None]] = [
        director.kill_worker,
        director.kill_web,
        director.kill_redis,
        director.restart_workers,
        director.hand_over_half,
        lambda: director.burst(1.5, *PLATFORM_BURST),
        lambda: director.burst(1.5, *SALESFORCE_BURST),
        lambda: director.burst(2.0, *LOST_AT_SALESFORCE, *LOST_AT_PLATFORM),
        director.freeze_worker,
    ]
    for _ in range(size.blows):
        for deed in director.random.sample(deeds, len(deeds)):
            deed()


SCENARIOS: dict[str, Scenario] = {
    "nothing happens": Scenario(nothing),
    "workers killed": Scenario(workers_are_killed, share=2, kills=1),
    "worker frozen 15 s": Scenario(
        a_worker_freezes, rules={"second_poll": "only_409", "hold_seconds": 30}, freezes=True
    ),
    "rolling restart": Scenario(workers_are_replaced),
    "Redis killed": Scenario(redis_is_killed, share=2, kills=1),
    "web killed": Scenario(web_is_killed, share=2, kills=1),
    "hand-overs on half": Scenario(half_is_handed_over, share=2),
    "hand-over heard by both sides": Scenario(
        all_are_handed_over,
        rules={"post_at_handover": "either", "post_seconds": 0.1},
        share=2,
    ),
    "Redis full": Scenario(redis_is_full),
    "500, 429, resets": Scenario(both_sides_storm),
    "webhooks twice and out of order": Scenario(nothing, shuffled=True),
    "answers lost": Scenario(
        nothing, rules={"duplicate_sequence": "409"}, faults=LOST_AT_SALESFORCE + LOST_AT_PLATFORM, answers_lost=True
    ),
    "all of it": Scenario(
        all_of_it,
        rules={"second_poll": "only_409"},
        shuffled=True,
        freezes=True,
        answers_lost=True,
        share=4,
        kills=3,
    ),
}


def run(arena: Arena, scenario: Scenario, size: Size, seed: int) -> Verdict:
    """Play it to its end and judge it."""
    arena.clean()
    arena.world.ask("PUT", "/rules", scenario.rules)
    for fault in scenario.faults:
        arena.world.ask("POST", "/faults", fault)
    manner = replace(size.manner, shuffled=scenario.shuffled, persists=size.manner.persists + size.full)
    with Crowd(arena, manner, seed) as crowd:
        crowd.until_said(3 * size.manner.slots)
        director = Director(arena, crowd, seed)
        scenario.act(director, size)
        crowd.until_said(size.words)
        arena.world.ask("DELETE", "/faults")
    arena.until_quiet()
    ledger = arena.world.ask("GET", "/ledger")
    verdict = judge(crowd.talks, ledger, director.blows, answers_lost=scenario.answers_lost)
    if not verdict.sound:
        facts = {"talks": crowd.talks, "blows": director.blows, "ledger": ledger}
        verdict.evidence = str(arena.keep(facts))
    return verdict
