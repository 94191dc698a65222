"""The verb of the bots: open a chat for a user.

Reserved before anything is created at Salesforce, stored before ChasitorInit is sent; from then on a worker
can finish what a dead web process began, with the same sequence number.
"""

import asyncio
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from interconnections.backoff import backoff
from interconnections.bells import ring_workers
from interconnections.bridge import news
from interconnections.bridge.bridge import Bridge
from interconnections.desks.live_agent.client import Access, ChatRequest, Deployment
from interconnections.desks.live_agent.hosts import moved_to
from interconnections.desks.live_agent.reader import Session
from interconnections.directory import Bot
from interconnections.errors import Conflict, DeskError, DeskUnwell, HandedOver, StartFailed, Unavailable
from interconnections.lifecycle import Reason, Status
from interconnections.store import starts

TRIES = 3
FAILED = "could not create chat in salesforce : "

log = structlog.get_logger("bridge.connect")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a bot asks for: the fields of /v1/chats/connect."""

    user_id: str
    name: str
    provider: str
    bot_slug: str
    bot_id: str
    email: str
    phone_number: str = ""
    extra: dict[str, object] = field(default_factory=dict)


async def connect(bridge: Bridge, bot: Bot, wish: Wish) -> str:
    """Queue the user at Salesforce; gives the session id.

    Runs in a task of its own, which a caller who hangs up cannot cancel.  Raises Conflict when a chat is open,
    Unavailable when no worker would poll it, StartFailed when Salesforce did not take it.
    """
    errand = asyncio.get_running_loop().create_task(_connect(bridge, bot, wish))
    bridge.errands.add(errand)
    errand.add_done_callback(bridge.errands.discard)
    return await asyncio.shield(errand)


async def _connect(bridge: Bridge, bot: Bot, wish: Wish) -> str:
    token = uuid.uuid4().hex
    reservation = await starts.reserve(bridge.redis, bot.slug, wish.user_id, token)
    match reservation.state:
        case "no worker":
            raise Unavailable(FAILED + "no worker is running that would carry it; try again")
        case "starting":
            raise Conflict(FAILED + "session exists with this userID (it is being opened)")
        case "open":
            word = "waiting for an agent" if reservation.status == Status.ON_HOLD else "talking to an agent"
            raise Conflict(f"{FAILED}session exists with this userID ({reservation.status}: {word})")
    try:
        return await _start(bridge, bot, wish, token)
    except StartFailed as failure:
        log.warning("start failed", bot=bot.slug, why=str(failure))
        raise
    except BaseException:
        await starts.unreserve(bridge.redis, bot.slug, wish.user_id, token)
        raise


async def _start(bridge: Bridge, bot: Bot, wish: Wish, token: str) -> str:
    button = bot.button_for(wish.extra.get(bot.flow_field))
    org = bot.org
    if org is None or org.wrong or not button:
        why = (
            "this bot has no Salesforce org" if org is None else org.wrong or "no route for this flow, nor a default"
        )
        return await _never_opened(bridge, bot, wish, token, why)
    deployment = Deployment(org.chat_url, org.organization_id, org.deployment_id, org.api_version)
    if bot.ask_availability:
        told = await bridge.live_agent.availability(deployment, button)
        if moved := moved_to(told.moved, org.chat_url):
            deployment = replace(deployment, url=moved)
            told = await bridge.live_agent.availability(deployment, button)
        if told.open is False:
            return await _never_opened(bridge, bot, wish, token, "no agent is available", Reason.NO_AGENT)
    try:
        session = await _open_session(bridge, deployment)
    except DeskError as error:
        return await _never_opened(bridge, bot, wish, token, str(error))

    fields = row(bot, wish, session.id, Status.ON_HOLD) | polling(deployment, session, button, bot.language)
    tokens = {"sessionKey": session.key, "affinityToken": session.affinity}
    if not await starts.store(bridge.redis, token, fields, tokens, wish.extra):
        raise StartFailed(FAILED + "it took too long to reach Salesforce")
    access = Access(deployment.url, deployment.api_version, session.key, session.affinity, session.poll_timeout)
    request = ChatRequest(session.id, button, wish.name, bot.language)
    try:
        await request_chat(bridge, access, deployment, request)
    except DeskError as error:
        ended_here = await starts.end_start(
            bridge.redis, fields["id"], news.failed(bot, Reason.START_FAILED, str(error))
        )
        if ended_here:
            await ring_workers()
            await _drop(bridge, access)
            raise StartFailed(FAILED + str(error)) from None
    await starts.started(bridge.redis, fields["id"])
    await ring_workers()
    log.info("queued", session=session.id, bot=bot.slug)
    return session.id


async def _open_session(bridge: Bridge, deployment: Deployment) -> Session:
    for tried in range(TRIES):
        try:
            return await bridge.live_agent.open_session(deployment)
        except DeskUnwell:
            if tried == TRIES - 1:
                raise
            await asyncio.sleep(backoff(tried, base=0.3, cap=2))
    raise AssertionError("unreachable")


async def request_chat(bridge: Bridge, access: Access, deployment: Deployment, request: ChatRequest) -> None:
    """ChasitorInit, repeated with its number while nobody said no."""
    for tried in range(TRIES):
        try:
            return await bridge.live_agent.request_chat(access, deployment, request)
        except (DeskUnwell, HandedOver):
            if tried == TRIES - 1:
                raise
            await asyncio.sleep(backoff(tried, base=0.3, cap=2))
    raise AssertionError("unreachable")


async def _drop(bridge: Bridge, access: Access) -> None:
    try:
        await bridge.live_agent.drop(access)
    except DeskError as error:
        log.info("session not dropped, it will expire", error=str(error))


async def _never_opened(
    bridge: Bridge, bot: Bot, wish: Wish, token: str, why: str, reason: Reason = Reason.START_FAILED
) -> str:
    """A Failed row for the supervisors, under a session id of ours; the bot goes on at its timeout state."""
    fields = row(bot, wish, str(uuid.uuid4()), Status.FAILED) | {
        "reason": reason,
        "endWord": why,
    }
    await starts.store(bridge.redis, token, fields, {}, wish.extra, to_user=news.failed(bot, reason).to_user)
    await ring_workers()
    raise StartFailed(FAILED + why)


def row(bot: Bot, wish: Wish, session_id: str, status: Status) -> dict[str, str]:
    return {
        "id": f"{wish.user_id}-{session_id}",
        "userId": wish.user_id,
        "sessionId": session_id,
        "status": status,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "provider": bot.provider,
        "botSlug": bot.slug,
        "botId": wish.bot_id,
        "name": wish.name,
        "email": wish.email,
        "phoneNumber": wish.phone_number,
        "caseId": "",
        "agentID": "",
        "salesforceMessageChannel": "",
        "integrationMessageChannel": "",
    }


def polling(deployment: Deployment, session: Session, button: str, language: str) -> dict[str, str]:
    """What any worker needs to go on with it; sequence 1 is ChasitorInit's from the start."""
    return {
        "ack": "-1",
        "offset": "0",
        "epoch": "0",
        "sequence": "1",
        "chatUrl": deployment.url,
        "apiVersion": str(deployment.api_version),
        "pollTimeout": str(session.poll_timeout),
        "buttonId": button,
        "language": language,
    }
