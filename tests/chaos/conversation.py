"""The conversation that is played at every crash point: the same everywhere, but for what only one wire has."""

import asyncio
from collections.abc import Awaitable, Callable

from simulator.sample_media import photo
from tests.chaos.arena import CLOUD, ENHANCED_CHAT, LIVE_AGENT, PAGE
from tests.chaos.people import Talk, Wires
from tests.chaos.points import Point

# Salesforce answers 500, then moves the chat, before a worker has finished the start of the web process that died.
MOVED_WHILE_STARTING = ("POST ChasitorInit#1", "started#1")


async def converse(
    wires: Wires, talks: tuple[Talk, Talk], point: Point | None, ending: str, stop_worker: Callable[[], None]
) -> None:
    """Connect, talk, meet what the wire has, talk, end; then ask again, change one's mind, and be back at the bot.

    `ending`: who ends it: agent | bot.
    """
    talk, again = talks
    await wires.greet(talk)
    await wires.connect(talk)
    await wires.user_says(talk)
    await wires.accept(talk)
    if point and point.desk == LIVE_AGENT and point.call in MOVED_WHILE_STARTING:
        fault = {"on": "chasitor_init", "kind": "status", "status": 500, "times": 4, "key": talk.chat}
        await wires.sim("POST", "/faults", fault)
        await wires.sim("POST", "/handover", {"chat": talk.chat})
    await wires.heard(talk)
    await _both_say(wires, talk)
    await IN_THE_MIDDLE[talk.provider if talk.at_meta else talk.desk](wires, talk)
    if point and point.stopped:
        stop_worker()
        await _both_say(wires, talk)
    if ending == "agent":
        await wires.agent_says(talk)
        await wires.agent_ends(talk)
    else:
        await wires.user_says(talk)
        await wires.finish(talk)
    talk.ended = ending
    await asyncio.gather(wires.heard(talk), wires.received(talk))
    await wires.given_back(talk)
    await wires.connect(again)  # nobody is locked out
    await wires.finish(again)
    again.ended = "bot"
    await wires.given_back(again, 2)


async def _moved(wires: Wires, talk: Talk) -> None:
    """Salesforce hands the chat over to another of its servers."""
    await wires.sim("POST", "/handover", {"chat": talk.chat})
    await _both_say(wires, talk)


async def _all_kinds_of_calls(wires: Wires, talk: Talk) -> None:
    """Choices, a file, a lost answer, a token that ends with its stream, and an agent who hands back to the queue."""
    await wires.agent_offers(talk)
    await wires.received(talk)
    await wires.user_chooses(talk)
    await wires.user_sends_photo(talk, photo())
    await wires.heard(talk)
    await wires.sim("POST", "/faults", {"on": "send_message", "kind": "drop_after", "times": 1, "key": talk.chat})
    await wires.user_says(talk)
    await wires.heard(talk)
    await wires.sim("POST", "/enhanced/expire", {"chat": talk.chat})
    await _both_say(wires, talk)
    await wires.sim("POST", f"/chats/{talk.chat}/requeue", {})
    await wires.user_says(talk)
    await wires.heard(talk)
    await wires.accept(talk)
    await wires.agent_says(talk)
    await wires.received(talk)


async def _answer_lost_at_whatsapp(wires: Wires, talk: Talk) -> None:
    """The agent's mark, and a word whose answer is lost: its status tells that it was taken."""
    await wires.sim("POST", f"/chats/{talk.chat}/acknowledge", {"kind": "Read"})
    await _answer_lost(wires, talk, "cloud_send")


async def _answer_lost_at_messenger(wires: Wires, talk: Talk) -> None:
    """Its echo tells that it was taken."""
    await _answer_lost(wires, talk, "page_send")


async def _answer_lost(wires: Wires, talk: Talk, send: str) -> None:
    await wires.sim("POST", "/faults", {"on": send, "kind": "drop_after", "times": 1})
    await wires.agent_says(talk)
    await wires.received(talk)
    await _both_say(wires, talk)


async def _both_say(wires: Wires, talk: Talk) -> None:
    await asyncio.gather(wires.user_says(talk), wires.agent_says(talk))
    await asyncio.gather(wires.heard(talk), wires.received(talk))


IN_THE_MIDDLE: dict[str, Callable[[Wires, Talk], Awaitable[None]]] = {
    LIVE_AGENT: _moved,
    ENHANCED_CHAT: _all_kinds_of_calls,
    CLOUD: _answer_lost_at_whatsapp,
    PAGE: _answer_lost_at_messenger,
}
