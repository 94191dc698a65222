"""Front mode: what a bot's platform tells while no chat is open goes on to the bot's own webhook, as it was written.

The platform's own repeats are the durability: its webhook is answered 503 until the bot has taken what is the bot's,
and whatever belonged to a chat is known by then.  Docs: docs/front-mode.md.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from interconnections import json_parts
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import Unavailable
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import Place, Told
from interconnections.store import passed_on
from interconnections.wire import Unreachable

MARK = "X-Bridge-Forwarded"  # on what we pass on: whoever passes it back to us sends it no further
PATIENCE = 8.0  # seconds for the bot's answer; platforms wait for ours for 20

log = structlog.get_logger("bridge.forwarding")


@dataclass
class Sorted:
    """What one webhook told, sorted: whose each part is.  `ids`: under what a part that goes on was kept."""

    told: set[Place] = field(default_factory=set)
    of_chats: set[Place] = field(default_factory=set)
    ids: dict[Place, str] = field(default_factory=dict)

    def sort(self, told: Told, id: str, *, of_a_chat: bool) -> None:
        """`id`: under what the store knows it again, "" for nothing."""
        self.told.add(told.place)
        if of_a_chat:
            self.of_chats.add(told.place)
        elif id or told.place not in self.ids:
            self.ids[told.place] = id

    def of_the_bot(self) -> list[Place]:
        """Parts that hold nothing of a chat."""
        return [place for place in self.ids if not any(_touch(place, other) for other in self.of_chats)]


def _touch(one: Place, other: Place) -> bool:
    """Does one of these hold the other?"""
    short = min(len(one), len(other))
    return one[:short] == other[:short]


async def forward(bridge: Bridge, bot: Bot, content: bytes, parts: Sorted) -> None:
    """Raises Unavailable until the bot has taken what is its own: then the platform sends it again.

    `content`: the webhook's body.  What the bot took before is not told again.
    """
    text = content.decode("utf-8-sig").lstrip()
    places = parts.of_the_bot()
    marks = {place: _mark(parts.ids[place], text, place) for place in places}
    took = await passed_on.of(bridge.redis, bot.slug, list(marks.values()))
    places = [place for place in places if marks[place] not in took]
    if not places:
        return
    whole = not parts.of_chats and not took
    body = content if whole else json_parts.only(text, places, parts.told).encode()
    await _tell(bridge, bot, body)
    kept_for = PLATFORMS[bot.platform].repeats_for
    await passed_on.remember(bridge.redis, bot.slug, [marks[place] for place in places], kept_for)


def _mark(id: str, text: str, place: Place) -> str:
    """A message's own id; of anything else, what it says."""
    return id or f"part:{hashlib.sha256(json_parts.part(text, place).encode()).hexdigest()}"


async def _tell(bridge: Bridge, bot: Bot, body: bytes) -> None:
    secret = (bot.forward_secret or bot.webhook_secret).reveal().encode()
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}",
        MARK: "1",
    }
    try:
        async with asyncio.timeout(PATIENCE):
            reply = await bridge.forward_wire.send(
                "POST", bot.forward_url, headers=headers, body=body, timeout=PATIENCE
            )
    except (Unreachable, TimeoutError) as trouble:
        _count(bridge, bot, "no answer")
        log.warning("the bot did not answer what was passed on", bot=bot.slug, why=type(trouble).__name__)
        raise Unavailable("the bot's own webhook does not answer: send it again") from None
    if not 200 <= reply.status < 300:
        _count(bridge, bot, "refused")
        log.warning("the bot refused what was passed on", bot=bot.slug, status=reply.status)
        raise Unavailable(f"the bot's own webhook answered {reply.status}: send it again")
    _count(bridge, bot, "taken")


def _count(bridge: Bridge, bot: Bot, answer: str) -> None:
    bridge.tally.count(f"forwards:{bot.slug}:{answer}")


def goes_on(bot: Bot, headers: Sequence[str]) -> bool:
    """Is this bot in front mode, and did what came not come from a front already?"""
    return bool(bot.forward_url) and MARK.casefold() not in {name.casefold() for name in headers}
