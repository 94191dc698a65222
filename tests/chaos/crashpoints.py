"""Every call of connect, poll, deliver and close as a place where things go wrong.

First a conversation is played with processes that tell what they call; then it is played again for each call: with
a process that dies before it, with one that dies after it, and, where the call is a script of the store, with its
answer lost, so that it is sent again, and with a Redis that is full from there on for longer than a lease.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

import aiohttp

from simulator.clients import BotCaller
from tests.chaos.arena import DESK_OF, DESKS, META, Arena
from tests.chaos.isolated_bridge import Lane
from tests.chaos.people import Wires, http
from tests.chaos.points import Outcome, Point, on_the_wire

LANES = 4
ENDINGS = ("agent", "bot")
ONCE_BROKEN = [
    Point("web", "POST ChasitorInit#1", "after"),  # and Salesforce moved the chat before a worker went on
    Point("worker", "release#1", "before"),  # one stop in sixteen never came so far
]
HANDED_BACK = [("release#1", when) for when in ("before", "after", "lost", "full")]
HANDED_BACK += [("release#2", when) for _, when in HANDED_BACK]


# Beside those of the desks: users at Meta, whose wire has calls of its own.
AT_META = [(DESK_OF[provider], "agent", provider) for provider in META]
SENDS = "POST messages"  # the platforms' word; at Meta it is another wire's


def points(told: Iterable[tuple[str, str, str, Outcome]]) -> list[Point]:
    """`told`: desk, ending, provider, and a conversation in which nobody died: the ones at Meta last, of which only
    what no other has is a place of its own.
    """
    told = list(told)
    found: dict[tuple[str, str, str], Point] = {}
    known: set[str] = set()
    for desk, ending, provider, outcome in told:
        at_meta = provider in META
        for who, calls in outcome.calls.items():
            for call in calls:
                name = call.partition("#")[0]
                if at_meta and (name in known or name == "release") and name != SENDS:
                    continue
                if not at_meta:
                    known.add(name)
                place = (provider if at_meta else desk, who, call)
                found.setdefault(place, Point(who, call, "before", ending, provider, desk))
    return [
        *(replace(point, when=when) for point in found.values() for when in _sides(point)),
        *(  # begun by SIGTERM, which the conversation sends only where this is the point
            Point("worker", call, when, desk=desk)
            for desk in dict.fromkeys(desk for desk, *_ in told)
            for call, when in HANDED_BACK
        ),
    ]


def _sides(point: Point) -> tuple[str, ...]:
    """What a script by the clock takes is known only after it; an exchange on the wire has no script."""
    if "that takes" in point.call:
        return ("after",)
    return ("before", "after") if on_the_wire(point.call) else ("before", "after", "lost", "full")


def sample(everything: Iterable[Point]) -> list[Point]:
    """Of each sort of call one, the side changing from sort to sort: the short form."""
    everything = list(everything)
    sorts: dict[tuple[str, str, str], list[Point]] = {}
    for point in everything:
        sorts.setdefault(point.sort, []).append(point)
    chosen = [found[(7 * place + place % 2) % len(found)] for place, found in enumerate(sorts.values())]
    return list(dict.fromkeys([*(point for point in ONCE_BROKEN if point in everything), *chosen]))


def enumerate_all(
    arena: Arena,
    chosen: Callable[[Iterable[Point]], list[Point]] = list,
    say: Callable[[Outcome, int, int], None] = lambda *_: None,
    desks: Iterable[str] = DESKS,
) -> list[Outcome]:
    """Play them all, over these desks; `say(outcome, played, of how many)` after each."""
    arena.clean()
    try:
        return asyncio.run(_enumerate(arena, chosen, say, tuple(desks)))
    finally:
        arena.subscribe_at_meta()


async def play_one(arena: Arena, point: Point) -> Outcome:
    """This one alone."""
    async with http() as client:
        lane = Lane(arena, 0, _wires(arena, client))
        try:
            return await lane.play(point)
        finally:
            await lane.close()


def _wires(arena: Arena, client: aiohttp.ClientSession) -> Wires:
    return Wires(client, arena.world.url, arena.url, arena.webhooks, BotCaller(arena.url).headers)


async def _enumerate(
    arena: Arena,
    chosen: Callable[[Iterable[Point]], list[Point]],
    say: Callable[[Outcome, int, int], None],
    desks: tuple[str, ...],
) -> list[Outcome]:
    async with http() as client:
        lanes = [Lane(arena, number, _wires(arena, client)) for number in range(LANES)]
        try:
            ways = [(desk, ending, "whatsapp") for desk in desks for ending in ENDINGS]
            told = await asyncio.gather(*(lane.play(None, *way) for lane, way in zip(lanes, ways, strict=False)))
            theirs = [way for way in AT_META if way[0] in desks]
            ways += theirs
            at_meta = {way[-1]: lane for way, lane in zip(theirs, lanes, strict=False)}  # Meta knows one lane of each
            told += await asyncio.gather(*(at_meta[way[-1]].play(None, *way) for way in theirs))
            left = chosen(points((*way, outcome) for way, outcome in zip(ways, told, strict=True)))
            outcomes, total = [*told], len(left)
            left.reverse()

            def next_of(lane: Lane) -> Point | None:
                """Its own at Meta first, then what anyone may play."""
                mine = [point for point in left if at_meta.get(point.provider) is lane]
                return (mine or [point for point in left if not point.at_meta] or [None])[-1]

            async def one_after_the_other(lane: Lane) -> None:
                while point := next_of(lane):
                    left.remove(point)
                    outcomes.append(await lane.play(point))
                    say(outcomes[-1], len(outcomes) - len(told), total)

            await asyncio.gather(*(one_after_the_other(lane) for lane in lanes))
        finally:
            await asyncio.gather(*(lane.close() for lane in lanes))
    return outcomes
