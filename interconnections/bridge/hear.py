"""The verb of the webhooks: what a platform told is stored, once, before it is answered."""

import time

from django.conf import settings

from interconnections.bells import ring_lane
from interconnections.bridge.bridge import Bridge
from interconnections.bridge.hang_up import ring
from interconnections.bridge.kinds import as_items
from interconnections.directory import Bot
from interconnections.lifecycle import Reason
from interconnections.platforms.words import Message
from interconnections.store import context, lanes

REPEATS_FOR = {"yalo": 24 * 3600, "whatsapp_cloud": 7 * 86400, "messenger": 7 * 86400}  # seconds; rulings 29


def is_restart(bot: Bot, text: str) -> bool:
    """One of the words with which a user leaves the agent and begins anew with the bot."""
    return text.strip().casefold() in {word.strip().casefold() for word in bot.restart_keywords}


async def hear(bridge: Bridge, bot: Bot, message: Message) -> lanes.Receipt:
    """Keep it for the agent, for the next agent, or not at all because it was kept before.

    Raises StoreAway when nothing was kept: the platform must send it again.
    """
    said = context.Said(
        message.at if message.at is not None else int(time.time() * 1000),
        "bot" if message.by_bot else "user",
        "\n".join(part for part in (message.text, message.detail) if part),
        " ".join(url for url in (message.url, *(each.url for each in message.more)) if url),
        message.mime_type,
        message.caption,
    )
    worth_keeping = any((said.text.strip(), said.url, said.caption))
    leaves = not message.by_bot and message.kind == "text" and is_restart(bot, message.text)
    receipt = await lanes.hear(
        bridge.redis,
        bot.slug,
        message.user,
        message=message.id,
        dedupe=REPEATS_FOR.get(bot.platform, 24 * 3600),
        items=() if message.by_bot else as_items(message, bot.language, apart=bot.keeps_cases),
        entry=said.encoded() if worth_keeping else "",
        context=(settings.CONTEXT_HOURS * 3600, context.ENTRIES),
        origin="bot" if message.by_bot else "user",
        leaves=Reason.USER_LEFT if leaves else "",
    )
    if receipt.heard is lanes.Heard.LEFT:
        await ring([(receipt.channel, receipt.session_id)])
    else:
        await ring_lane(receipt.channel, receipt.session_id)
    return receipt
