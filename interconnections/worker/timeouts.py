"""How long a chat may stand still: the bot's limits of waiting and of silence.  Pure."""

from dataclasses import dataclass

from interconnections.bridge.conversation import Claim
from interconnections.directory import Bot
from interconnections.lifecycle import Reason, Status

NEVER_QUEUED = 300  # seconds without a word of Salesforce after ChasitorInit; a queued chat is told within a poll


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when (ms), and why the chat ends then."""

    until: float
    reason: Reason


def nearest(claim: Claim, bot: Bot | None) -> Limit | None:
    """The limit that comes first; None where the chat may stand still for ever."""
    if bot is None or claim.leaving:
        return None
    limits = [Limit(since + seconds * 1000, reason) for since, seconds, reason in _clocks(claim, bot) if seconds]
    return min(limits, key=lambda limit: limit.until, default=None)


def _clocks(claim: Claim, bot: Bot) -> list[tuple[float, int, Reason]]:
    """(since when in ms, the limit in seconds, 0 for none; why it ends)."""
    if claim.status is Status.ON_HOLD:
        waiting = (claim.waits_since, bot.waiting_limit, Reason.NO_AGENT)
        return [waiting] if claim.queued else [waiting, (claim.waits_since, NEVER_QUEUED, Reason.START_FAILED)]
    if claim.waiting_again:
        return [(claim.waits_since, bot.drop_limit, Reason.NO_AGENT)]
    clocks = [(max(claim.user_said_at, claim.accepted_at), bot.user_limit, Reason.USER_SILENT)]
    if claim.unanswered_since:
        clocks.append((max(claim.unanswered_since, claim.accepted_at), bot.agent_limit, Reason.AGENT_SILENT))
    return clocks


def warns(claim: Claim, bot: Bot | None) -> float | None:
    """When the user is to be warned that Salesforce ends the chat if they stay silent (ms); None for not at all.

    Section 12 of salesforce-live-agent.md; once a silence.
    """
    since = max(claim.user_said_at, claim.accepted_at)
    talking = claim.status is Status.ACTIVE and not claim.waiting_again and not claim.leaving
    if bot is None or not bot.texts["idleWarning"] or not talking or not claim.idle.warning:
        return None
    return None if claim.warned_at > since else since + claim.idle.warning * 1000


def listens(claim: Claim, bot: Bot | None) -> bool:
    """Must the moments at which the two last spoke be known?"""
    if bot is None:
        return False
    return bool(bot.user_limit or bot.agent_limit or (bot.texts["idleWarning"] and claim.idle.warning))
