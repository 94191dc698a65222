"""What a platform told, known as its own, and nobody can read: kept for a developer to look at."""

import json
from typing import Any

import structlog

from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import BadInput
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import Place
from interconnections.platforms.values import mended
from interconnections.store import unread as unread_webhooks
from interconnections.store.unread import Kept

log = structlog.get_logger("bridge.unread")


async def unreadable(bridge: Bridge, bot: Bot, content: bytes, why: str) -> None:
    """Its sender is known, and it is no JSON: kept for a developer where its platform must not be refused.

    Raises BadInput for any other platform: nothing of it is kept, and it is not sent again.
    """
    if not PLATFORMS[bot.platform].never_refuses:
        raise BadInput(why)
    await unread(bridge, bot, "body", why, content.decode("utf-8", "replace"))


async def unread(bridge: Bridge, bot: Bot, kind: str, why: str, part: str) -> None:
    """Kept once, however often its platform repeats it.  Raises StoreAway."""
    kept = await unread_webhooks.keep(bridge.redis, bot.slug, why, part, PLATFORMS[bot.platform].repeats_for)
    if kept is not Kept.REPEAT:
        bridge.tally.count("webhooks unread")
        log.warning("a part of a webhook cannot be read", bot=bot.slug, kind=kind, why=why, kept=kept is Kept.KEPT)


def as_json(part: object) -> str:
    """As it can be stored: halves of emoji cannot, and what is nested too deeply is told as that."""
    try:
        return mended(json.dumps(part, ensure_ascii=False))
    except RecursionError:
        return "(nested too deeply)"


def part_at(body: object, place: Place) -> object:
    """What stands there; the whole where nothing does."""
    part: Any = body
    for step in place:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return body
    return part
