"""How long a chat may stand still: the bot's limits of waiting and of silence.  Pure."""

from dataclasses import dataclass

from interconnections.bridge.conversation import Conversation
from interconnections.directory import Bot
from interconnections.lifecycle import Reason, Status

NEVER_QUEUED = 300  # seconds without a word of Salesforce after ChasitorInit; a queued chat is told within a poll


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when (ms), and why the chat ends then."""

    until: float
    reason: Reason


def nearest(conversation: Conversation, bot: Bot | None) -> Limit | None:
    """The limit that comes first; None where the chat may stand still for ever."""
    if bot is None or conversation.leaving:
        return None
    limits = [
        Limit(since + seconds * 1000, reason) for since, seconds, reason in _clocks(conversation, bot) if seconds
    ]
    return min(limits, key=lambda limit: limit.until, default=None)


def _clocks(conversation: Conversation, bot: Bot) -> list[tuple[float, int, Reason]]:
    """(since when in ms, the limit in seconds, 0 for none; why it ends)."""
    if conversation.status is Status.ON_HOLD:
        waiting = (conversation.waits_since, bot.waiting_limit, Reason.NO_AGENT)
        return (
            [waiting]
            if conversation.queued
            else [waiting, (conversation.waits_since, NEVER_QUEUED, Reason.START_FAILED)]
        )
    if conversation.waiting_again:
        return [(conversation.waits_since, bot.drop_limit, Reason.NO_AGENT)]
    clocks = [(max(conversation.user_said_at, conversation.accepted_at), bot.user_limit, Reason.USER_SILENT)]
    if conversation.unanswered_since:
        clocks.append(
            (max(conversation.unanswered_since, conversation.accepted_at), bot.agent_limit, Reason.AGENT_SILENT)
        )
    return clocks


def warns(conversation: Conversation, bot: Bot | None) -> float | None:
    """When the user is to be warned that Salesforce ends the chat if they stay silent (ms); None for not at all.

    Section 12 of salesforce-live-agent.md; once a silence.
    """
    since = max(conversation.user_said_at, conversation.accepted_at)
    talking = conversation.status is Status.ACTIVE and not conversation.waiting_again and not conversation.leaving
    if bot is None or not bot.texts["idleWarning"] or not talking or not conversation.idle.warning:
        return None
    return None if conversation.warned_at > since else since + conversation.idle.warning * 1000


def listens(conversation: Conversation, bot: Bot | None) -> bool:
    """Must the moments at which the two last spoke be known?"""
    if bot is None:
        return False
    return bool(bot.user_limit or bot.agent_limit or (bot.texts["idleWarning"] and conversation.idle.warning))
