"""What statuses and short answers of Enhanced Chat are to us (sections 2, 4, 7).  Pure."""

from dataclasses import dataclass
from enum import StrEnum

from interconnections.desks.loosely import number, object_of, objects, parsed, text
from interconnections.errors import (
    AlreadyTaken,
    ChatGone,
    DeskError,
    DeskRefused,
    DeskUnwell,
    FileNotTaken,
    TokenExpired,
    Unready,
    VerificationFailed,
)
from interconnections.wire import Reply

VERIFY = "look at the keys, the issuer and the audience of User Verification, and at this machine's clock"
FORBIDDEN = "User Verification or the deployment's type is set otherwise in Setup, or this is another user's"


class About(StrEnum):
    """What a call is about: the same status tells different things."""

    IDENTITY = "identity"  # a token
    USER = "user"  # their list, their stream, a conversation that does not exist yet
    CONVERSATION = "conversation"
    FILE = "file"


def raise_unless_taken(reply: Reply, about: About) -> None:
    """Every 2xx is taken, as the sheet has 200, 201, 202 and 204."""
    if not 200 <= reply.status < 300:
        raise refusal(reply.status, reply.retry_after, about)


def refusal(status: int, retry_after: float | None, about: About) -> DeskError:
    """Section 7's table.  No error holds what the answer said: it may be a user's."""
    wait = retry_after or 0.0
    match status:
        case 401 if about is About.IDENTITY:
            return VerificationFailed(f"Salesforce did not take who the user is (401): {VERIFY}")
        case 401:
            return TokenExpired("the access token is no longer taken", undone=True)
        case 403:
            return DeskRefused(f"answered 403: {FORBIDDEN}")
        case 404 | 405 | 410 if about in (About.IDENTITY, About.USER):
            return DeskRefused(f"answered {status}: there is no Enhanced Chat at the chat address")
        case 404 | 410:
            return ChatGone("the conversation is unknown, or closed")
        case 408 | 425:
            return DeskUnwell(f"answered {status}", wait=wait)
        case 409:
            return AlreadyTaken("the id is already used")
        case 412 | 422:
            return Unready(f"answered {status}", undone=True)
        case 413 | 415 if about is About.FILE:
            return FileNotTaken("the file is too large" if status == 413 else "files of this type are not taken")
        case 429:
            return DeskUnwell("too many requests", undone=True, wait=wait)
        case _ if 400 <= status < 500 or (status < 400 and about is About.IDENTITY):
            return DeskRefused(f"answered {status}")
    return DeskUnwell(f"answered {status}", wait=wait)


def raise_unless_ended(reply: Reply) -> None:
    """Calls 13 and 14: closing what is already closed may be answered with any error (section 4.8)."""
    if not 400 <= reply.status < 500 or reply.status in (401, 403, 408, 425, 429):
        raise_unless_taken(reply, About.CONVERSATION)


def read_status(content: bytes) -> str:
    """Call 6: INITIAL, NEEDS_ROUTING, ROUTED, TRANSFER, or what else they say; raises DeskUnwell without any."""
    status = text(object_of(parsed(content)), "routingStatus").strip().upper()
    if not status:
        raise DeskUnwell("the routing status was answered without one")
    return status[:80]


def read_accepted(content: bytes) -> str:
    """Calls 7 and 8: the entry's id; "" where the answer does not say."""
    rows = objects(object_of(parsed(content)).get("conversationEntries"))
    return next((id for row in rows if (id := text(row, "id"))), "")


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """Section 4.9.  `active`: None where no hours are set, or nothing is told of them (U).

    `windows`: (from, to), milliseconds since 1970.
    """

    active: bool | None = None
    windows: tuple[tuple[int, int], ...] = ()

    def open_at(self, now: int) -> bool | None:
        """`now`: milliseconds.  None: nobody knows, so ask for the chat."""
        return any(start <= now < end for start, end in self.windows) if self.active else None


def read_business_hours(content: bytes) -> BusinessHours:
    """Call 17.  Never raises: it is a courtesy."""
    info = object_of(object_of(parsed(content)).get("businessHoursInfo"))
    active = info.get("isActive")
    if not isinstance(active, bool):
        return BusinessHours()
    spans = [(number(row.get("startTime")), number(row.get("endTime"))) for row in objects(info.get("businessHours"))]
    return BusinessHours(active, tuple((start, end) for start, end in spans if start is not None and end is not None))
