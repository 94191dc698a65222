"""What a user who waits is told of the queue: only what a bot has words for, only when it changed, not too often.

What was told last, and when, stands in the hash, so that any worker goes on with it.  Pure.
"""

import math
from dataclasses import dataclass

from interconnections import texts
from interconnections.bridge.outgoing import to_user, user_limit
from interconnections.directory import Bot
from interconnections.items import Item, Origin

EVERY = 60_000  # ms between two tellings: a queue may move every second


@dataclass(frozen=True, slots=True)
class Told:
    """`words`: what the user was told last; `at`: when, ms."""

    words: str = ""
    at: float = 0


def news_of_the_queue(
    bot: Bot | None, position: int, wait: int, before: Told, now: float
) -> tuple[tuple[Item, ...], dict[str, str]]:
    """What to say, and the hash's fields to remember it by.

    `position`: 0 says nothing, Omni-Channel sends it always (salesforce-live-agent.md section 8); `wait`: seconds.
    """
    words = _words(bot, position, wait)
    if bot is None or not words or words == before.words or now - before.at < EVERY:
        return (), {}
    fields = {"queueTold": words, "queueToldAt": str(int(now))}
    return to_user(words, Origin.BRIDGE, user_limit(bot)), fields


def _words(bot: Bot | None, position: int, wait: int) -> str:
    if bot is None:
        return ""
    lines = []
    if position > 0 and bot.texts["queuePosition"]:
        lines.append(texts.filled(bot.texts["queuePosition"], str(position)))
    if wait > 0 and bot.texts["waitTime"]:
        lines.append(texts.filled(bot.texts["waitTime"], f"{math.ceil(wait / 60)} min"))
    return "\n".join(lines)
