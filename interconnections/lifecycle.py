"""The life of an interconnection: which statuses there are, and which may follow which.

MOVES is the only place that says it.  The store's scripts keep it and hold no table of their own: each change hands
them `ways_to` its status (store.changes), and each script is given FINAL (store.scripts).
"""

from enum import StrEnum


class Status(StrEnum):
    ON_HOLD = "OnHold"  # the user waits for an agent
    ACTIVE = "Active"  # the two are talking, or the user waits again after an agent dropped
    CLOSED = "Closed"  # it is over
    FAILED = "Failed"  # no agent came, or Salesforce refused


MOVES: dict[Status, frozenset[Status]] = {
    Status.ON_HOLD: frozenset({Status.ACTIVE, Status.FAILED, Status.CLOSED}),
    Status.ACTIVE: frozenset({Status.CLOSED, Status.FAILED}),
    Status.CLOSED: frozenset(),
    Status.FAILED: frozenset(),
}
OPEN = frozenset(status for status, ways_out in MOVES.items() if ways_out)
FINAL = frozenset(MOVES) - OPEN


def ways_to(status: Status) -> frozenset[Status]:
    """From where `status` may be reached; the store's scripts are handed this set."""
    return frozenset(start for start, ways_out in MOVES.items() if status in ways_out)


class Reason(StrEnum):
    """Why an interconnection ended, in one word that operators count by."""

    AGENT_ENDED = "agent ended"
    USER_LEFT = "user left"
    BOT_FINISHED = "bot finished"
    NO_AGENT = "no agent"
    REFUSED = "refused by Salesforce"
    LOST = "lost at Salesforce"
    SESSION_LOST = "session lost"
    START_FAILED = "could not be opened"
    SUPERVISOR = "ended by a supervisor"
    RETURNED = "returned by a supervisor"
    USER_SILENT = "user silent"
    AGENT_SILENT = "agent silent"
    BLOCKED = "blocked by Salesforce"
    BLOCKED_BY_HAND = "blocked by a supervisor"
    PAUSED = "hand-overs paused"


LEFT = frozenset({Reason.USER_LEFT, Reason.BOT_FINISHED})  # who waited did not wait any longer
