"""The verb of the bots: open a chat for a user.

Reserved before anything is created at Salesforce, every step recorded, stored before the desk is asked for an agent.
A start whose starter died is gone on with from its last step: by the bot's repeat, or by a worker.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from interconnections import clock
from interconnections.backoff import backoff
from interconnections.bells import ring_workers
from interconnections.bridge import transcript, transitions
from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.contact import Blocked
from interconnections.bridge.initial_fields import row
from interconnections.bridge.quota import MB, over_quota
from interconnections.bridge.records import NoRecords, attach
from interconnections.bridge.reservation import BEING_OPENED, StartReservation
from interconnections.bridge.services import Bridge
from interconnections.bridge.thread_control import take_control
from interconnections.desks.desk import Desk, Visitor
from interconnections.directory import Bot
from interconnections.errors import (
    Conflict,
    DeskError,
    DeskUnwell,
    Forbidden,
    HandedOver,
    StartFailed,
    Unavailable,
)
from interconnections.items import Change, Item
from interconnections.lifecycle import Reason, Status
from interconnections.store import context, starts

T = TypeVar("T")
TRIES = 3
LONGEST_WAIT = 5.0  # seconds that a desk may ask us to wait, while a bot waits for our answer
GONE_ON_WITH = 600.0  # seconds after which a dead start is not gone on with: its user is back at the bot
FAILED = "could not create chat in salesforce : "
IS_PAUSED = FAILED + "new hand-overs of this bot are paused"
IS_BLOCKED = "could not create chat in salesforce: this contact is blocked"  # the old service's words, to the blank

# A bot that asks again would tell its user again.
NOT_AGAIN = frozenset({Reason.BLOCKED, Reason.BLOCKED_BY_HAND, Reason.PAUSED})

log = structlog.get_logger("bridge.connect")


async def connect(bridge: Bridge, bot: Bot, wish: ConnectRequest) -> str:
    """Queue the user at Salesforce; gives the session id.

    Runs in a task of its own, which a caller who hangs up cannot cancel.  Raises Conflict when a chat is open,
    Unavailable when no worker would poll it, Forbidden for the blocked and in a pause, StartFailed when Salesforce
    did not take it.
    """
    errand = asyncio.get_running_loop().create_task(_connect(bridge, bot, wish))
    bridge.errands.add(errand)
    errand.add_done_callback(bridge.errands.discard)
    return await asyncio.shield(errand)


async def _connect(bridge: Bridge, bot: Bot, wish: ConnectRequest) -> str:
    token = uuid.uuid4().hex
    intake = bot.intake_limit * MB
    reservation = await starts.reserve(bridge.redis, bot.slug, wish.user_id, token, wish.encoded(), intake)
    match reservation.state:
        case "no worker":
            raise Unavailable(FAILED + "no worker is running that would carry it; try again")
        case "starting":
            raise Conflict(BEING_OPENED)
        case "full":
            log.warning("connect refused, its bot brought too much in an hour", bot=bot.slug, wait=reservation.wait)
            raise Unavailable(FAILED + over_quota(bot, reservation.wait))
        case "open":
            word = "waiting for an agent" if reservation.status == Status.ON_HOLD else "talking to an agent"
            raise Conflict(f"{FAILED}session exists with this userID ({reservation.status}: {word})")
    assert reservation.start
    return await _in_our_hands(
        bridge, bot, wish, StartReservation(bridge.redis, bot.slug, wish.user_id, token, reservation.start)
    )


async def go_on(bridge: Bridge) -> bool:
    """Go on with one start whose starter died, in its place; False when there is none.

    Raises what opening raises; the bot is told by a state, as its call is long over.
    """
    token = uuid.uuid4().hex
    taken = await starts.take_over(bridge.redis, token)
    if taken is None:
        return False
    starting = StartReservation(bridge.redis, taken.bot, taken.user, token, taken.start)
    bot = await bridge.directory.bot(taken.bot)
    wish = ConnectRequest.decoded(taken.start.wish) if taken.start.wish else None
    if bot is None or wish is None:
        log.error("a start cannot be gone on with", bot=taken.bot, why="no such bot" if bot is None else "no wish")
        await starting.give_back()
        return True
    log.warning("a start is gone on with, its starter is not heard of", bot=bot.slug, steps=sorted(starting.steps))
    if (clock.now() - taken.start.at) / 1000 > GONE_ON_WITH:
        await _never_opened(bridge, bot, wish, starting, "its starter died, and nobody was there to go on with it")
    await _in_our_hands(bridge, bot, wish, starting)
    return True


async def _in_our_hands(bridge: Bridge, bot: Bot, wish: ConnectRequest, starting: StartReservation) -> str:
    try:
        async with starting:
            return await _start(bridge, bot, wish, starting)
    except (StartFailed, Forbidden) as failure:
        log.warning("start failed", bot=bot.slug, why=str(failure))
        raise
    except asyncio.CancelledError:
        raise  # this process stops: another goes on from the last step
    except BaseException:
        await starting.give_back()
        raise


async def _start(bridge: Bridge, bot: Bot, wish: ConnectRequest, starting: StartReservation) -> str:
    if "blocked" in starting.steps:
        return await _never_opened(bridge, bot, wish, starting, IS_BLOCKED, Reason.BLOCKED_BY_HAND)
    if bot.pause_text is not None:
        return await _never_opened(bridge, bot, wish, starting, IS_PAUSED, Reason.PAUSED)
    route = bot.route_for(wish.extra.get(bot.flow_field), wish.user_id)
    org = (route.org if route else None) or bot.org
    if bot.wrong or org is None or org.wrong or route is None:
        why = bot.wrong or (
            "this bot has no Salesforce org" if org is None else org.wrong or "no route for this flow, nor a default"
        )
        return await _never_opened(bridge, bot, wish, starting, why)
    desk = bridge.desks[org.chat_api]
    url = ""
    if bot.ask_availability:
        told = await desk.available(org, route)
        if told.open is False:
            return await _never_opened(bridge, bot, wish, starting, "no agent is available", Reason.NO_AGENT)
        url = told.url
    try:
        await attach(bridge, bot, org, route, wish, starting)
        visitor = _visitor(bot, wish, starting.steps)
        opened = await repeated(lambda: desk.open(org, route, visitor, url), DeskUnwell)
    except Blocked:
        return await _never_opened(bridge, bot, wish, starting, IS_BLOCKED, Reason.BLOCKED)
    except (NoRecords, DeskError) as error:
        return await _never_opened(bridge, bot, wish, starting, str(error))

    fields = row(bot, wish, opened.session_id, Status.ON_HOLD, starting.steps)
    fields |= {"org": org.name, "desk": org.chat_api, "waits": "1" if desk.waits else "0", **opened.fields}
    first = await _introduction(bridge, bot, wish, desk)
    if not await starts.store(bridge.redis, starting.token, fields, dict(opened.secrets), wish.extra, to_agent=first):
        raise StartFailed(FAILED + "it took too long to reach Salesforce")
    chat = desk.chat(fields, opened.secrets, org, None)
    try:
        await repeated(chat.start, DeskUnwell, HandedOver)
    except DeskError as error:
        ended_here = await starts.end_start(
            bridge.redis, fields["id"], transitions.failed(bot, Reason.START_FAILED, str(error))
        )
        if ended_here:
            await ring_workers()
            await chat.abandon()
            raise StartFailed(FAILED + str(error)) from None
    finally:
        await chat.close()
    await take_control(bridge, bot, wish.user_id)
    await starts.started(bridge.redis, fields["id"])
    await ring_workers()
    log.info("queued", session=opened.session_id, bot=bot.slug)
    return opened.session_id


def _visitor(bot: Bot, wish: ConnectRequest, steps: dict[str, str]) -> Visitor:
    return Visitor(
        user_id=wish.user_id,
        provider=bot.provider,
        name=wish.called,
        language=bot.language,
        email=wish.email,
        phone=wish.phone_number,
        contact_id=steps.get("contactId", ""),
        case_id=steps.get("caseId", ""),
        extra=wish.extra,
    )


async def _introduction(bridge: Bridge, bot: Bot, wish: ConnectRequest, desk: Desk) -> tuple[Item, ...]:
    """Where nothing waits for an agent, the past is told at once: it is the first message of the chat."""
    if desk.waits:
        return ()
    said = await context.read(bridge.redis, bot.slug, wish.user_id, bot.context_hours)
    return transitions.introduction(bot, wish.called, transcript.told(bot, said), desk.text_limit)


async def repeated(exchange: Callable[[], Awaitable[T]], *troubles: type[DeskError]) -> T:
    """The same request, while nobody said no."""
    for tried in range(TRIES):
        try:
            return await exchange()
        except troubles as trouble:
            if tried == TRIES - 1:
                raise
            asked = trouble.wait if isinstance(trouble, DeskUnwell) else 0.0
            await asyncio.sleep(max(backoff(tried, base=0.3, cap=2), min(asked, LONGEST_WAIT)))
    raise AssertionError("unreachable")


async def _never_opened(
    bridge: Bridge,
    bot: Bot,
    wish: ConnectRequest,
    starting: StartReservation,
    why: str,
    reason: Reason = Reason.START_FAILED,
) -> str:
    """A Failed row for the supervisors, under a session id of ours; the bot goes on at the state for it."""
    fields = row(bot, wish, str(uuid.uuid4()), Status.FAILED, starting.steps)
    fields |= {"reason": reason, "endWord": why}
    told = _told(bot, reason)
    await starts.store(bridge.redis, starting.token, fields, {}, wish.extra, to_user=told.to_user, to_bot=told.to_bot)
    await ring_workers()
    raise Forbidden(why) if reason in NOT_AGAIN else StartFailed(FAILED + why)


def _told(bot: Bot, reason: Reason) -> Change:
    match reason:
        case Reason.BLOCKED | Reason.BLOCKED_BY_HAND:
            return transitions.blocked(bot)
        case Reason.PAUSED:
            return transitions.paused(bot)
    return transitions.failed(bot, reason)
