"""Bells: Channels messages that say "look", and nothing else.  What a webhook brings is rung by its own script.

A bell carries no content and may be lost: the sweep looks at every lane within a second.  So whatever goes
wrong with one is logged and passed over.
"""

import structlog
from channels.layers import get_channel_layer

WORKERS = "workers"  # the name that all workers hear: something is free

log = structlog.get_logger("bridge.bells")


async def ring_lane(channel: str, session_id: str) -> None:
    """Wake a lane of `session_id` at the owner who listens on `channel`; "" is nobody."""
    if channel:
        await _ring(channel, {"type": "lane.filled", "session": session_id})


async def ring_receipts(channel: str, session_id: str) -> None:
    """The desk of `session_id` may be told what the user's phone told; "" is nobody."""
    if channel:
        await _ring(channel, {"type": "receipts.noted", "session": session_id})


async def ring_workers() -> None:
    await _ring(WORKERS, {"type": "something.free"})


async def _ring(channel: str, bell: dict[str, str]) -> None:
    try:
        await get_channel_layer().send(channel, bell)
    except Exception as error:  # whatever it was, the sweep makes up for it
        log.warning("bell lost", channel=channel, error=type(error).__name__)
