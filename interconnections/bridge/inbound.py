"""The verb of the webhooks: what a platform told is read, and stored, once, before it is answered."""

import hashlib
import time

import structlog
from django.conf import settings

from interconnections.bells import ring_lane
from interconnections.blanks import is_blank
from interconnections.bridge.hang_up import ring
from interconnections.bridge.rendering import NOTES, as_items, as_past
from interconnections.bridge.restart import is_restart, spoken_words
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import Unavailable
from interconnections.lifecycle import Reason
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import Message, Skipped
from interconnections.store import context, lanes

MB = 1_000_000
LONGEST_ID = 200  # bytes; of a longer one the digest is kept
AHEAD = 86_400_000  # ms that a platform's clock may be ahead of ours; what lies later is no time that we believe

log = structlog.get_logger("bridge.hear")


async def receive(bridge: Bridge, bot: Bot, body: object) -> str | None:
    """One webhook, whose sender is known, read by the bot's platform and kept: one message after the other, so that
    a repeat of the whole finds those that were kept.

    Gives the kind of what was skipped, where nothing else came.  Raises BadInput, and what `hear` raises.
    """
    told = PLATFORMS[bot.platform].read(body, bot.settings)
    for each in told:
        if isinstance(each, Message):
            await hear(bridge, bot, each)
    return told[0].kind if len(told) == 1 and isinstance(told[0], Skipped) else None


async def hear(bridge: Bridge, bot: Bot, message: Message) -> lanes.Receipt:
    """Keep it for the agent, for the next agent, or not at all because it was kept before.

    Raises StoreAway, or Unavailable where this bot brought too much, when nothing was kept: the platform must send it
    again.
    """
    said = as_said(message, bot.language)
    leaves = not message.by_bot and any(is_restart(bot, words) for words in spoken_words(message))
    receipt = await lanes.hear(
        bridge.redis,
        bot.slug,
        message.user,
        message=known_by(message.id),
        dedupe=PLATFORMS[bot.platform].repeats_for,
        items=() if message.by_bot else as_items(message, bot.language, apart=bot.keeps_cases),
        entry=said.encoded() if said else "",
        context=(settings.CONTEXT_HOURS * 3600, context.ENTRIES),
        origin="bot" if message.by_bot else "platform" if message.kind in NOTES else "user",
        leaves=Reason.USER_LEFT if leaves else "",
        intake=bot.intake_limit * MB,
    )
    if receipt.heard is lanes.Heard.FULL:
        log.warning("webhook refused, its bot brought too much within the hour", bot=bot.slug, wait=receipt.wait)
        raise Unavailable(f"more than {bot.intake_limit} MB within an hour: send it again in {receipt.wait} s")
    if receipt.heard is lanes.Heard.LEFT:
        await ring([(receipt.channel, receipt.session_id)])
    else:
        await ring_lane(receipt.channel, receipt.session_id)
    return receipt


def as_said(message: Message, language: str) -> context.Said | None:
    """One line of the talk before a chat; None for what says nothing."""
    said = context.Said(
        moment_of(message),
        "bot" if message.by_bot else "user",
        as_past(message, language),
        " ".join(url for url in (message.url, *(each.url for each in message.more)) if url),
        message.mime_type,
        message.caption,
    )
    return said if said.url or not is_blank(said.text) or not is_blank(said.caption) else None


def moment_of(message: Message) -> int:
    """By the platform's clock, or by ours where that one cannot be right."""
    now = int(time.time() * 1000)
    return now if message.at is None or message.at > now + AHEAD else message.at


def known_by(id: str) -> str:
    """Under what a message is remembered: its id, as long as that is of a sensible length."""
    whole = id.encode()
    return id if len(whole) <= LONGEST_ID else f"sha256:{hashlib.sha256(whole).hexdigest()}"
