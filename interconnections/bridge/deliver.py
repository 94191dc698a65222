"""The verb of the lanes: one item to its shore, and what to do with it after.

Every answer of a shore is delivered, retry, dead, rebind or replaced; only HandedOver is raised, as nothing may be
sent until the hand-over is done.
"""

import hashlib
import time
from dataclasses import replace

import structlog

from interconnections.backoff import backoff
from interconnections.bridge import news
from interconnections.bridge.bridge import Bridge
from interconnections.bridge.bring import bring
from interconnections.bridge.claim import Claim
from interconnections.bridge.registration import channel_of
from interconnections.bridge.undelivered import notice_of
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
from interconnections.items import Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.store.lanes import Settled, Taken, Whose

PATIENT_WITH_GONE = 5  # tries of a POST that the session refused, while the poll has not told why
MOST_REBINDS = 3
SECOND = 1000  # ms
TO_USER, TO_AGENT = "to user", "to agent"

log = structlog.get_logger("bridge.deliver")


async def deliver(bridge: Bridge, claim: Claim, lane: Lane, taken: Taken) -> Settled:
    bot = (await bridge.directory.bots()).get(claim.bot_slug)
    begun = time.monotonic()
    if lane is Lane.SALESFORCE:
        settled = await to_salesforce(bridge, claim, bot, taken)
    else:
        settled = await to_integration(bridge, claim, bot, taken)
    if settled.outcome == "delivered":
        _relayed(bridge, taken, time.monotonic() - begun)
        return settled
    if settled.outcome == "dead":
        log.warning("given up", session=claim.session_id, lane=lane, why=settled.argument)
    elif settled.outcome == "retry":
        log.info("retry", session=claim.session_id, lane=lane, why=settled.why, tries=taken.tries)
    elif settled.outcome == "replaced":
        bridge.tally.count("files:link")
    elif settled.outcome == "rebind":
        bridge.tally.count("tolerated:out of sequence")
    if taken.item.kind is Kind.END:  # should it be given up, the chat is over for us all the same
        settled = replace(settled, change=news.ended_by_us(bot, Reason(taken.item.text)))
    return replace(
        settled,
        told=notice_of(taken.item, lane, bot),
        delivery_limit=bot.delivery_limit * SECOND if bot else 0,
        goodbye_limit=bot.goodbye_limit * SECOND if bot else 0,
    )


def _relayed(bridge: Bridge, taken: Taken, seconds: float) -> None:
    if taken.item.origin is not Origin.BRIDGE:
        direction = TO_AGENT if taken.item.origin is Origin.USER else TO_USER
        bridge.tally.relayed(direction, taken.waited / SECOND + seconds)


async def to_salesforce(bridge: Bridge, claim: Claim, bot: Bot | None, taken: Taken) -> Settled:
    if taken.item.kind is Kind.FILE:
        return await bring(bridge, claim, bot, taken)
    ending = taken.item.kind is Kind.END
    try:
        if not ending:
            await bridge.live_agent.say(claim.access, _for_agents(bridge, claim, taken.item.text), taken.sequence)
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
            return _retry(taken, 1.0, "the session is gone")  # the poll will say how it ended
        return Settled(taken.number, "dead", "the session is gone", news.lost(bot, "session gone"))
    except HandedOver:
        raise
    except DeskRefused as refusal:
        return Settled(taken.number, "dead", str(refusal))
    except DeskError as trouble:
        return _retry(taken, backoff(taken.tries, base=0.5, cap=15), str(trouble), Whose.SHORE)
    return _done(taken, bot)


def _for_agents(bridge: Bridge, claim: Claim, text: str) -> str:
    found = claim.masked(text)
    if found.slow:
        bridge.tally.count("tolerated:sensitive data rule too slow", len(found.slow))
        log.warning("rules too slow", session=claim.session_id, rules=sorted(found.slow))
    return found.text


def out_of_sequence(taken: Taken, actual: int | None) -> Settled | None:
    """Section 3.7 and rulings 20; None means that it was delivered.

    Only an attempt of this very number whose answer we never saw can have brought the server to it.
    """
    if actual is not None and taken.again and actual >= taken.sequence:
        return None
    if actual is None or taken.tries >= MOST_REBINDS:
        return _retry(taken, backoff(taken.tries, base=0.5, cap=15), "out of sequence")
    return Settled(taken.number, "rebind", str(actual + 1))


def _done(taken: Taken, bot: Bot | None) -> Settled:
    if taken.item.kind is not Kind.END:
        return Settled(taken.number, "delivered")
    return Settled(taken.number, "delivered", change=news.ended_by_us(bot, Reason(taken.item.text)))


async def to_integration(bridge: Bridge, claim: Claim, bot: Bot | None, taken: Taken) -> Settled:
    if bot is None:
        return Settled(taken.number, "dead", "this bot is no longer configured")
    try:
        if taken.item.kind is Kind.STATE:
            await _give_back(bridge, claim, bot, taken.item.text)
        else:
            await _say(bridge, claim, bot, taken)
    except PlatformRefused as refusal:
        return Settled(taken.number, "dead", str(refusal))
    except PlatformUnwell as trouble:
        if taken.item.kind is Kind.STATE:  # another server's trouble than the one that takes texts
            return _retry(taken, backoff(taken.tries, base=0.5, cap=60), str(trouble))
        if trouble.wait:  # 0 asks for none, which must not mean at once and for ever
            return _retry(taken, trouble.wait, str(trouble), Whose.ASKED)
        return _retry(taken, backoff(taken.tries, base=0.5, cap=30), str(trouble), Whose.SHORE)
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


def _retry(taken: Taken, seconds: float, why: str, whose: Whose = Whose.MESSAGE) -> Settled:
    return Settled(taken.number, "retry", str(int(seconds * SECOND)), why=why, whose=whose)


def message_id(session_id: str, number: str) -> str:
    """36 lower-case characters and digits, the same whenever this message is sent again."""
    digest = int.from_bytes(hashlib.sha256(f"{session_id}/{number}".encode()).digest())
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[digest // 36**place % 36] for place in range(36))
