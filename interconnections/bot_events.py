"""What a bot may be told of its chats, beside that it has its user back: one table of types, in the bot's words.

A type is a settled name of the outside (docs/state-webhook.md).
"""

from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    WAITING = "chat.waiting"  # in the queue, at first or again
    ACCEPTED = "chat.accepted"  # an agent is there
    TRANSFERRED = "chat.transferred"  # another agent has it
    ENDED = "chat.ended"  # it was open, and is over
    FAILED = "chat.failed"  # no agent came, or it was never opened
    UNDELIVERED = "message.undelivered"  # the user did not get what an agent said


LAST = frozenset({EventType.ENDED, EventType.FAILED})  # the bot has its user back
AS_LONG_AS_IT_TAKES = -1


@dataclass(frozen=True, slots=True)
class BotEvent:
    """Something of which a bot is to be told.  The store adds when it was, the case and the agent.

    `state`: where the bot goes on, of a LAST one; `reason`: "" means the conversation's own; `delay`: ms before which
    it is not told; `patience`: ms that it waits at most for what stands in the lane to the user (0: not at all).
    """

    type: EventType
    state: str = ""
    reason: str = ""
    delay: int = 0
    patience: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """The same as it is stored with the conversation: whoever tells it, and however often, tells this."""

    state: str
    reason: str
    case_id: str
    at: int  # ms
    patience: int
