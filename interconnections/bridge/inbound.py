"""The verb of the webhooks: what a platform told is read, and stored, once, before it is answered."""

import hashlib
import time

import structlog

from interconnections.blanks import is_blank
from interconnections.bridge.forwarding import Sorted, forward
from interconnections.bridge.hang_up import ring
from interconnections.bridge.outgoing import to_agent
from interconnections.bridge.quota import MB, over_quota
from interconnections.bridge.rendering import NOTES, as_items, as_past, not_shown
from interconnections.bridge.restart import is_restart, spoken_words
from interconnections.bridge.services import Bridge
from interconnections.bridge.statuses import heard_of
from interconnections.bridge.traced import user_said
from interconnections.bridge.unread import as_json, part_at, unread
from interconnections.directory import Bot
from interconnections.directory.values import account_of
from interconnections.errors import Unavailable
from interconnections.items import Item, Origin
from interconnections.lifecycle import Reason
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import (
    Control,
    Message,
    Notice,
    SamePerson,
    Skipped,
    Status,
    Told,
    Unread,
)
from interconnections.store import context, hearing, passed_on, people, sent, standing
from interconnections.store.hearing import Doing
from interconnections.store.standing import Reach
from interconnections.traces import marks

LONGEST_ID = 200  # bytes; of a longer one the digest is kept
AHEAD = 86_400_000  # ms that a platform's clock may be ahead of ours; what lies later is no time that we believe
SECOND = 1000  # ms

log = structlog.get_logger("bridge.hear")


async def receive(
    bridge: Bridge, bot: Bot, body: object, content: bytes = b"", *, goes_on: bool = False
) -> str | None:
    """One webhook, whose sender is known, read by the bot's platform and kept: one thing after the other, so that
    a repeat of the whole finds those that were kept.  `content`: as it came; `goes_on`: the bot is told the rest.

    Gives the kind of what was skipped, where nothing else came.  Raises BadInput, what `hear` raises, and Unavailable
    until the bot has taken the rest.
    """
    told, parts = PLATFORMS[bot.platform].read(body, bot.settings), Sorted()
    for each in told:
        if isinstance(each, Unread):
            await unread(bridge, bot, each.kind, each.why, as_json(part_at(body, each.place)))
            parts.sort(each, "", of_a_chat=False)
        else:
            id, of_a_chat = await keep(bridge, bot, each)
            parts.sort(each, id, of_a_chat=of_a_chat)
    if goes_on:
        await forward(bridge, bot, content, parts)
    return told[0].kind if len(told) == 1 and isinstance(told[0], Skipped) else None


async def keep(bridge: Bridge, bot: Bot, told: Told) -> tuple[str, bool]:
    """One thing of a webhook: under what it was kept, and whether it belongs to a chat.

    Raises StoreAway, or Unavailable, as `hear`.
    """
    match told:
        case Message():
            return known_by(told.id), _of_a_chat(await hear(bridge, bot, told))
        case Control():
            return known_by(told.id), _of_a_chat(await _control(bridge, bot, told))
        case Status():
            return known_by(f"status:{told.id or told.until}:{told.state}"), await heard_of(bridge, bot, told)
        case SamePerson(ids=ids):
            await people.same(bridge.redis, bot.slug, ids)
        case Notice(kind=kind, code=code):
            bridge.tally.count(f"platform notices:{bot.slug}:{kind}")
            if told.reach:
                now = int(time.time() * 1000)
                of = Reach(told.reach, account_of(bot))
                await standing.note(bridge.redis, bot.slug, of, min(told.told_at or now, now))
            await standing.ask_soon(bridge.redis, bot.slug)
            log.warning("the platform tells of the bot's account", bot=bot.slug, kind=kind, code=code)
    return "", False


def _of_a_chat(receipt: hearing.Receipt) -> bool:
    if receipt.heard in (hearing.Heard.REPEAT, hearing.Heard.CONTEXT):
        return receipt.kept not in ("context", passed_on.TAKEN)
    return True


async def hear(bridge: Bridge, bot: Bot, message: Message) -> hearing.Receipt:
    """Keep it for the agent, for the next agent, or not at all because it was kept before.

    Raises StoreAway, or Unavailable where this bot brought too much, when nothing was kept: the platform must send it
    again.
    """
    said = as_said(message, bot.language)
    leaves = not message.by_bot and any(is_restart(bot, words) for words in spoken_words(message))
    receipt = await _stored(
        bridge,
        bot,
        message.user,
        message.id,
        items=await _items(bridge, bot, message),
        entry=said.encoded() if said else "",
        origin=origin_of(message),
        leaves=Reason.USER_LEFT if leaves else "",
        person=doing(message, bot),
        recorded=message.standby or is_old(message, bot),
    )
    if receipt.heard is not hearing.Heard.REPEAT and (parts := not_shown(message)):
        bridge.tally.count("tolerated:content that cannot be shown", parts)
    return receipt


def origin_of(message: Message) -> str:
    """user | bot | business (said to the user through another app) | platform (what it tells of a user)."""
    if message.by_bot:
        return "business" if message.elsewhere else "bot"
    return "platform" if message.kind in NOTES else "user"


async def _items(bridge: Bridge, bot: Bot, message: Message) -> tuple[Item, ...]:
    """For the agent; what the bot said is none of theirs, unless it was said through another app."""
    if message.by_bot and not message.elsewhere:
        return ()
    quoted = await sent.item_of(bridge.redis, bot.slug, message.user, message.quotes) if message.quotes else None
    return as_items(message, bot.language, apart=bot.keeps_cases, quoted=quoted.text if quoted else "")


async def _control(bridge: Bridge, bot: Bot, told: Control) -> hearing.Receipt:
    """Who has the talk with this user from now on: an agent who is in it is told."""
    words = bot.texts["givenBack" if told.ours else "takenElsewhere"]
    at = told.at or int(time.time() * SECOND)
    return await _stored(
        bridge,
        bot,
        told.user,
        told.id,
        items=to_agent(words, Origin.BRIDGE) if words else (),
        origin="platform",
        person=Doing(fields={"heldBy": "" if told.ours else told.by or "another app", "heldAt": at}),
    )


async def _stored(
    bridge: Bridge,
    bot: Bot,
    user: str,
    id: str,
    *,
    items: tuple[Item, ...],
    origin: str,
    entry: str = "",
    leaves: str = "",
    person: Doing | None = None,
    recorded: bool = False,
) -> hearing.Receipt:
    asked = marks.asked()
    receipt = await hearing.hear(
        bridge.redis,
        bot.slug,
        user,
        message=known_by(id),
        dedupe=PLATFORMS[bot.platform].repeats_for,
        items=items,
        entry=entry,
        context=(bot.context_hours * 3600, context.ENTRIES),
        origin=origin,
        leaves=leaves,
        intake=bot.intake_limit * MB,
        person=person,
        recorded=recorded,
    )
    user_said(bot.slug, items, receipt, asked)
    if receipt.heard is hearing.Heard.FULL:
        log.warning("webhook refused, its bot brought too much within the hour", bot=bot.slug, wait=receipt.wait)
        raise Unavailable(over_quota(bot, receipt.wait))
    if receipt.heard is hearing.Heard.LEFT:
        await ring([(receipt.channel, receipt.session_id)])
    return receipt


def doing(message: Message, bot: Bot) -> Doing | None:
    """What it shows of who said it, where the platform wants to know it of those whom it lets us write to."""
    if not PLATFORMS[bot.platform].wants_recipient:
        return None
    if message.by_bot:
        return Doing(message.also)
    at = moment_of(message)
    fields: dict[str, str | int] = {"last": message.id, "saidAt": at} if message.id else {}
    if not message.standby:
        fields["heldBy"] = ""  # who is told of it directly may answer it
    fields["heldAt"] = at
    if message.opens:
        fields["windowUntil"] = at + message.opens * SECOND
    return Doing(message.also, fields)


def is_old(message: Message, bot: Bot) -> bool:
    """Does it come so late that it would puzzle an agent in the middle of a talk?"""
    live_for = PLATFORMS[bot.platform].live_for
    return bool(live_for and message.at) and time.time() * SECOND - moment_of(message) > live_for * SECOND


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
    now = int(time.time() * SECOND)
    return now if message.at is None or message.at > now + AHEAD else message.at


def known_by(id: str) -> str:
    """Under what a message is remembered: its id, as long as that is of a sensible length."""
    whole = id.encode()
    return id if len(whole) <= LONGEST_ID else f"sha256:{hashlib.sha256(whole).hexdigest()}"
