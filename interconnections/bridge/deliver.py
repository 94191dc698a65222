"""The verb of the lanes: one item to its shore, and what to do with it after.

Every answer of a shore is delivered, retry, dead or rebind; only HandedOver is raised, as nothing may be sent
until the hand-over is done.
"""

import hashlib

import structlog

from interconnections.backoff import backoff
from interconnections.bridge import news
from interconnections.bridge.bridge import Bridge
from interconnections.bridge.claim import Claim
from interconnections.bridge.registration import channel_of
from interconnections.directory import Bot
from interconnections.errors import (
    ChatGone,
    DeskError,
    DeskRefused,
    HandedOver,
    OutOfSequence,
    PlatformRefused,
    PlatformUnwell,
)
from interconnections.items import Kind, Lane
from interconnections.lifecycle import Reason, Status
from interconnections.store.lanes import Settled, Taken

PATIENT_WITH_GONE = 5  # tries of a POST that the session refused, while the poll has not told why
MOST_REBINDS = 3

log = structlog.get_logger("bridge.deliver")


async def deliver(bridge: Bridge, claim: Claim, lane: Lane, taken: Taken) -> Settled:
    bots = await bridge.directory.bots()
    bot = bots.get(claim.bot_slug)
    if lane is Lane.SALESFORCE:
        return await to_salesforce(bridge, claim, bot, taken)
    return await to_integration(bridge, claim, bot, taken)


async def to_salesforce(bridge: Bridge, claim: Claim, bot: Bot | None, taken: Taken) -> Settled:
    ending = taken.item.kind is Kind.END
    try:
        if not ending:
            await bridge.live_agent.say(claim.access, claim.masked(taken.item.text), taken.sequence)
        elif taken.status == Status.ON_HOLD:
            await bridge.live_agent.drop(claim.access)
        else:
            await bridge.live_agent.end(claim.access, taken.sequence)
    except OutOfSequence as refusal:
        return out_of_sequence(taken, refusal.actual) or _done(taken, bot)
    except ChatGone:
        if ending:
            return _done(taken, bot)  # the agent was first: it is over, which is what was asked for
        if taken.tries < PATIENT_WITH_GONE:
            return _retry(taken, 1.0)  # the poll will say how it ended
        return Settled(taken.number, "dead", "the session is gone", news.lost(bot, "session gone"))
    except HandedOver:
        raise
    except DeskRefused as refusal:
        log.warning("given up", session=claim.session_id, lane="salesforce", why=str(refusal))
        return Settled(taken.number, "dead", str(refusal))
    except DeskError as trouble:
        log.info("retry", session=claim.session_id, lane="salesforce", why=str(trouble), tries=taken.tries)
        return _retry(taken, backoff(taken.tries, base=0.5, cap=15))
    return _done(taken, bot)


def out_of_sequence(taken: Taken, actual: int | None) -> Settled | None:
    """Section 3.7 and rulings 20; None means that it was delivered.

    Only an attempt of this very number whose answer we never saw can have brought the server to it.
    """
    if actual is not None and taken.again and actual >= taken.sequence:
        return None
    if actual is None or taken.tries >= MOST_REBINDS:
        return _retry(taken, backoff(taken.tries, base=0.5, cap=15))
    return Settled(taken.number, "rebind", str(actual + 1))


def _done(taken: Taken, bot: Bot | None) -> Settled:
    if taken.item.kind is not Kind.END:
        return Settled(taken.number, "delivered")
    reason = taken.item.text
    ending = news.failed(bot, reason, "limit") if reason == Reason.NO_AGENT else news.ended(bot, reason, "client")
    return Settled(taken.number, "delivered", change=ending)


async def to_integration(bridge: Bridge, claim: Claim, bot: Bot | None, taken: Taken) -> Settled:
    if bot is None:
        return Settled(taken.number, "dead", "this bot is no longer configured")
    try:
        if taken.item.kind is Kind.STATE:
            await _give_back(bridge, claim, bot, taken.item.text)
        else:
            await _say(bridge, claim, bot, taken)
    except PlatformRefused as refusal:
        log.warning("given up", session=claim.session_id, lane="integration", why=str(refusal))
        return Settled(taken.number, "dead", str(refusal))
    except PlatformUnwell as trouble:
        log.info("retry", session=claim.session_id, lane="integration", why=str(trouble), tries=taken.tries)
        pause = backoff(taken.tries, base=0.5, cap=60)
        return _retry(taken, pause if trouble.wait is None else max(trouble.wait, pause))
    return Settled(taken.number, "delivered")


async def _say(bridge: Bridge, claim: Claim, bot: Bot, taken: Taken) -> None:
    channel = channel_of(bot)
    if bot.provider == "messenger":
        await bridge.yalo.say_on_messenger(channel, claim.user_id, taken.item.text)
    else:
        id = message_id(claim.session_id, taken.number)
        await bridge.yalo.say_on_whatsapp(channel, claim.user_id, taken.item.text, id)


async def _give_back(bridge: Bridge, claim: Claim, bot: Bot, state: str) -> None:
    if bot.state_api == "botrunner":
        await bridge.botrunner.send_to(bot.state_url, bot.state_token, bot.slug, claim.user_id, state)
    elif bot.state_api == "studio_ng":
        await bridge.studio_ng.trigger(bot.state_url, bot.state_token, claim.user_id, state)


def _retry(taken: Taken, seconds: float) -> Settled:
    return Settled(taken.number, "retry", str(int(seconds * 1000)))


def message_id(session_id: str, number: str) -> str:
    """36 lower-case characters and digits, the same whenever this message is sent again."""
    digest = int.from_bytes(hashlib.sha256(f"{session_id}/{number}".encode()).digest())
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[digest // 36**place % 36] for place in range(36))
