"""The benchmark's course: open sessions through the real doors, then phase after phase, bridge and floor in turns.

They take turns (A B A B): absolute figures of a shared machine are worth little, ratios of neighbours much.
"""

import asyncio
import ssl
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from benchmarks.desks import BenchedDesk
from benchmarks.flow import Road, percentile
from benchmarks.http11 import Lines
from benchmarks.meter import Meter, Spent
from benchmarks.people import SIDES, People
from benchmarks.stage import BenchStage
from benchmarks.ways import Way
from simulator import certificates
from simulator.clients import BotCaller

PATIENCE = 30.0  # seconds that anything may take before we go on without it
WARM_UP = 100  # messages a second
HERE = "127.0.0.1"

Spread: TypeAlias = tuple[float, float, float]  # ms: p50, p99, slowest

# Whose CPU a phase is told with; the bridge's is always all of it.
FLOORS = {
    "agent to user": ("floor", "redis"),
    "user to agent": ("bare", "redis"),
    "flood": ("floor", "redis"),
    "idle": ("floor",),
}


@dataclass(frozen=True)
class Options:
    sessions: int
    rate: float  # messages a second
    seconds: float  # of a phase
    rounds: int
    workers: int
    tls: bool = False  # between bridge and desk or platform, as everywhere outside a bench
    apart: bool = False  # the floor after the bridge: this process opens no files for both
    alone: bool = False  # without the floor

    @property
    def courses(self) -> tuple[tuple[str, ...], ...]:
        """Who takes turns with whom, one course after the other."""
        if self.alone:
            return (SIDES[:1],)
        return (SIDES[:1], SIDES[1:]) if self.apart else (SIDES,)

    @property
    def warm_up(self) -> float:
        """Messages a second: many sessions are warmed up faster."""
        return max(WARM_UP, self.sessions / 20)


@dataclass(frozen=True)
class Phase:
    """`cpu`: seconds by process; `answer`: of webhooks, from their sending on."""

    name: str  # one of FLOORS
    who: str  # one of SIDES
    messages: int
    wall: float
    cpu: dict[str, float]
    latency: Spread | None = None
    answer: Spread | None = None
    silences: int = 0
    lost: int = 0
    repeated: int = 0
    out_of_order: int = 0


@dataclass
class Findings:
    options: Options
    phases: list[Phase] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)  # resident bytes with the first sessions
    after: dict[str, int] = field(default_factory=dict)  # with all, after the warm-up
    weighed: int = 1  # sessions between the two
    wrongs: dict[str, int] = field(default_factory=dict)
    connects: float = 0.0  # a second


class Run:
    """Over one desk, and one way to users; `tell(line)` says how far it is."""

    def __init__(self, desk: BenchedDesk, way: Way, options: Options, tell: Callable[[str], None]) -> None:
        self.desk, self.way, self.options, self.tell = desk, way, options, tell
        self.found = Findings(options)
        self.shores = desk.shores()
        self.sides: tuple[str, ...] = ()  # of this course

    async def play(self) -> Findings:
        with tempfile.TemporaryDirectory() as directory:
            environment: dict[str, str] = {}
            context = None
            if self.options.tls:
                files = certificates.made(Path(directory))
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(files.certificate, files.key)
                environment["SSL_CERT_FILE"] = str(files.authority)
            await self.shores.open(context)
            return await self._play(environment)

    async def _play(self, environment: dict[str, str]) -> Findings:
        self.stage = BenchStage(self.desk, self.way, self.shores, self.options.workers, environment)
        self.tell("starting Redis, web, workers and the floor")
        await asyncio.to_thread(self.stage.__enter__)
        try:
            await self._meet()
            for sides in self.options.courses:
                self.sides = sides
                await self._prepare()
                await self._course()
                if self.options.apart and "bridge" in self.sides:
                    await asyncio.to_thread(self.stage.stop_workers)
        finally:
            await asyncio.to_thread(self.stage.__exit__, None, None, None)
            self.shores.close()
        self.found.wrongs = dict(self.shores.wrongs)
        return self.found

    async def _course(self) -> None:
        for number in range(1, self.options.rounds + 1):
            self.tell(f"round {number} of {self.options.rounds}")
            await self._in_turns(self._agents_talk, self._users_talk)
        self.tell("silence")
        await self._silence()
        for number in range(1, self.options.rounds + 1):  # last: whoever drowns in it spoils nothing else
            self.tell(f"flood {number} of {self.options.rounds}")
            await self._in_turns(self._flood)

    async def _in_turns(self, *phases: Callable[[str], Coroutine[None, None, Phase]]) -> None:
        for phase in phases:
            for who in self.sides:
                self._note(await phase(who))

    # Before the first phase

    async def _meet(self) -> None:
        stage = self.stage
        stage.start_bare_webhook()
        bot = await asyncio.to_thread(BotCaller, stage.url)
        self.connects = Lines(HERE, stage.port, bot.headers)
        webhooks = {"bridge": Lines(HERE, stage.port), "floor": Lines(HERE, stage.bare_port)}
        sessions = self.options.sessions
        self.people = People(self.shores, sessions, webhooks, self.way, stage.webhook_path, self.desk.flows)

    async def _prepare(self) -> None:
        """All sessions open, each with a word each way; what the first tenth weighs is not counted."""
        stage, sessions = self.stage, self.options.sessions
        early = max(1, sessions // 10)
        self.tell(" and ".join(self.sides) + f": {sessions} sessions, the bridge's through /v1/chats/connect")
        await self._open(0, early)
        self.tell("pids, for a profiler: " + ", ".join(f"{name} {pids[0]}" for name, pids in stage.pids().items()))
        await self._warm_up(early)
        self.found.before = Meter(stage.pids()).resident() | self.found.before  # of each process its first course's
        began = time.perf_counter()
        await self._open(early, sessions)
        if "bridge" in self.sides:
            self.found.connects = (sessions - early) / (time.perf_counter() - began)
        self.meter = Meter(stage.pids())
        self.tell("warming up")
        await self._warm_up(sessions)
        self.found.after = self.meter.resident() | self.found.after
        self.found.weighed = sessions - early

    async def _open(self, first: int, last: int) -> None:
        if "floor" in self.sides:
            await asyncio.to_thread(self.stage.start_floor, last)
        if "bridge" in self.sides:
            await self.people.connect(self.connects, first, last)

    async def _warm_up(self, sessions: int) -> None:
        road, words = self._road(), len(self.sides) * sessions
        for who in self.sides:
            await self._until(partial(self.people.all_listen, who, sessions), f"{who}: polls or streams")
            await self.people.agents_say(who, self.options.warm_up, sessions, sessions)
        if "bridge" in self.sides:
            words += sessions
            await self.people.users_say("bridge", self.options.warm_up, sessions, sessions)
        await self._until(lambda: len(road.arrived) >= words, "the warm-up")

    # Phases

    async def _agents_talk(self, who: str) -> Phase:
        road, count = self._road(), self._count()
        self.meter.start()
        await self.people.agents_say(who, self.options.rate, count, self.options.sessions)
        await self._until(lambda: len(road.arrived) >= count, "the last messages")
        return self._carried("agent to user", who, road, count, self.meter.stop())

    async def _users_talk(self, who: str) -> Phase:
        """The floor's webhook only keeps what it hears."""
        road, count = self._road(), self._count()
        self.meter.start()
        answers = await self.people.users_say(who, self.options.rate, count, self.options.sessions)
        answer = _spread(sorted(answers))
        if who == "floor":
            spent = self.meter.stop()
            return Phase("user to agent", who, count, spent.wall, _of(who, "user to agent", spent), answer=answer)
        await self._until(lambda: len(road.arrived) >= count, "the last messages")
        return self._carried("user to agent", who, road, count, self.meter.stop(), answer)

    async def _flood(self, who: str) -> Phase:
        road, seconds = self._road(), self.options.seconds / 2
        self.meter.start()
        self.people.flood(who, time.perf_counter() + seconds)
        await asyncio.sleep(seconds)
        await self._until(lambda: len(road.arrived) == len(road.left), "the end of the flood")
        return self._carried("flood", who, road, len(road.left), self.meter.stop())

    async def _silence(self) -> None:
        """Both at once, for at most one hold, in which each session is told once that there is nothing."""
        self.shores.scatter()
        before = self.shores.silences
        self.meter.start()
        await asyncio.sleep(min(self.shores.hold, self.options.seconds * 1.5))
        spent, silences = self.meter.stop(), (self.shores.silences - before) // len(self.sides)
        for who in self.sides:
            self._note(Phase("idle", who, 0, spent.wall, _of(who, "idle", spent), silences=silences))

    def _count(self) -> int:
        return int(self.options.rate * self.options.seconds)

    def _road(self) -> Road:
        road = self.shores.to_user = self.shores.to_agent = Road(self.shores.number())  # a phase has one direction
        return road

    def _carried(
        self, name: str, who: str, road: Road, count: int, spent: Spent, answer: Spread | None = None
    ) -> Phase:
        return Phase(
            name,
            who,
            count,
            spent.wall,
            _of(who, name, spent),
            _spread(road.latencies),
            answer,
            lost=count - len(road.arrived),
            repeated=road.repeated,
            out_of_order=road.out_of_order,
        )

    def _note(self, phase: Phase) -> None:
        self.found.phases.append(phase)
        cpu = sum(phase.cpu.values()) * 1000 / phase.messages if phase.messages else 0.0
        self.tell(
            f"  {phase.name:14} {phase.who:6} {phase.messages:6} messages in {phase.wall:5.1f} s"
            + (f", {cpu:.3f} CPU s/1000" if cpu else "")
            + (f", lost {phase.lost}" if phase.lost else "")
        )

    async def _until(self, done: Callable[[], bool], what: str) -> None:
        """Going on without it in the end, but not without a worker."""
        ends = time.perf_counter() + PATIENCE
        while not done():
            for worker in self.stage.workers:
                if not worker.alive():
                    raise RuntimeError(f"a worker ended: {worker.tail()}")
            if time.perf_counter() > ends:
                self.tell(f"  {what}: not within {PATIENCE:.0f} s, going on")
                return
            await asyncio.sleep(0.02)


def _of(who: str, name: str, spent: Spent) -> dict[str, float]:
    processes = ("worker", "web", "redis") if who == "bridge" else FLOORS[name]
    return {process: spent.cpu[process] for process in processes}


def _spread(sorted_values: list[float]) -> Spread:
    """The median, the 99th of a hundred, and the slowest."""
    p50, p99, slowest = (percentile(sorted_values, share) for share in (0.5, 0.99, 1))
    return p50, p99, slowest
