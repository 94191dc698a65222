"""What users say, and the end of a chat, to the desk; what its refusals mean for the item."""

import structlog

from interconnections.backoff import backoff
from interconnections.bridge import transitions
from interconnections.bridge.bring import bring, ref_of
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import (
    ChatGone,
    DeskError,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    OutOfSequence,
    SessionLost,
)
from interconnections.items import Change, Kind
from interconnections.lifecycle import Reason, Status
from interconnections.store.lanes import Cause, Settled, Taken, Whose

# Attempts, each cause for itself, after which another one is in vain.
PATIENT_WITH_GONE = 5  # of a POST that the session refused, while the poll has not told why
MOST_REBINDS = 3  # section 3, rule 7
PATIENT_UNNUMBERED = 5  # out of sequence, and no number helps: then the session is broken
CAP = 15  # seconds of a pause at most

log = structlog.get_logger("bridge.deliver")


async def to_desk(bridge: Bridge, conversation: Conversation, bot: Bot | None, taken: Taken) -> Settled:
    if taken.item.kind is Kind.FILE:
        return await bring(bridge, conversation, bot, taken)
    ending, chat, fields = taken.item.kind is Kind.END, conversation.chat, {}
    try:
        if ending:
            await chat.end(ref_of(taken), waiting=taken.status == Status.ON_HOLD)
        else:
            fields = dict(await chat.send(_for_agents(bridge, conversation, taken.item.text), ref_of(taken)))
    except OutOfSequence as refusal:
        return out_of_sequence(taken, refusal.actual, bot)
    except ChatGone as gone:
        if ending:
            return _done(taken, bot)  # the agent was first: it is over, which is what was asked for
        if taken.tried(Cause.GONE) < PATIENT_WITH_GONE:
            return taken.retry(1.0, "the session is gone", Cause.GONE)  # the desk will say how it ended
        told = transitions.session_lost if isinstance(gone, SessionLost) else transitions.lost
        return Settled(taken.number, "dead", "the session is gone", told(bot, "session gone"))
    except HandedOver:
        raise
    except DeskRefused as refusal:
        return Settled(taken.number, "dead", str(refusal))
    except DeskUnwell as trouble:
        if trouble.crowded:
            return taken.not_asked(str(trouble))
        if trouble.wait:
            return taken.retry(trouble.wait, str(trouble), Cause.ASKED)
        return _later(taken, trouble)
    except DeskError as trouble:
        return _later(taken, trouble)
    return _done(taken, bot, fields)


def _for_agents(bridge: Bridge, conversation: Conversation, text: str) -> str:
    found = conversation.masked(text)
    if found.slow:
        bridge.tally.count("tolerated:sensitive data rule too slow", len(found.slow))
        log.warning("rules too slow", session=conversation.session_id, rules=sorted(found.slow))
    return found.text


def out_of_sequence(taken: Taken, actual: int | None, bot: Bot | None = None) -> Settled:
    """A 409 (section 3, rule 7).  `actual`: the last number that the server took; None when it did not say.

    After an attempt whose answer was lost, a number that it took means that it has this very message (rulings 20).
    """
    if taken.again and actual is not None and actual >= taken.sequence:
        return _done(taken, bot)
    if actual is not None and taken.tried(Cause.REBOUND) < MOST_REBINDS:
        return taken.rebind(actual + 1)
    tried = taken.tried(Cause.UNNUMBERED)
    if tried < PATIENT_UNNUMBERED:
        return taken.retry(backoff(tried, base=0.5, cap=15), "out of sequence", Cause.UNNUMBERED)
    return Settled(
        taken.number, "dead", "out of sequence, and no number helps", transitions.lost(bot, "out of sequence")
    )


def _done(taken: Taken, bot: Bot | None, fields: dict[str, str] | None = None) -> Settled:
    if taken.item.kind is not Kind.END:
        return Settled(taken.number, "delivered", change=Change(fields=fields) if fields else None)
    return Settled(taken.number, "delivered", change=ended(taken, bot))


def ended(taken: Taken, bot: Bot | None) -> Change:
    return transitions.ended_by_us(bot, Reason(taken.item.text), taken.item.name)


def _later(taken: Taken, trouble: Exception) -> Settled:
    pause = backoff(taken.tried(Cause.TROUBLE), base=0.5, cap=CAP)
    return taken.retry(pause, str(trouble), Cause.TROUBLE, Whose.SHORE)
