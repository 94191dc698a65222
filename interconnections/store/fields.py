"""The stored hash: the specification's fields under its names, and the few that polling needs.

`timestamp` is when it was opened, ISO 8601 in UTC; times of our own are milliseconds since 1970.
Scripts keep `openedAt`, `endedAt`, `polledAt`, `owner`, `claim:<0 to 9>` (since when who had it, the latest ten),
`fence`, `numMessage`, `boundNumber`, `boundSequence`,
`flying` (the number on the wire), `uncertain` (the one that was, as the chat ended, and its letter), `ifLost` (what
its sender is told should nobody hear of it), `userSaidAt`, `agentSaidAt`, `unansweredSince`, `failing:<lane>`
(since when its head is refused), `attempts:<lane>` (how often it was tried, by cause), `unread` (how many of the
user's messages were buried as their end was ordered in the queue), `firstNumber` (of the first message to a desk,
where nothing waits for an agent), `keptFor` (ms after its end, where its bot says so), `leavingState` (at which a
supervisor wants the bot to go on), `answers` (an answer of its agent quotes something: quotes.lua), `askedBackAt`
(when its owner was asked to give it away), and the tickets by which a repeat is known.
"""

from collections.abc import Sequence

SPECIFIED = (
    "id",
    "userId",
    "sessionId",
    "status",
    "timestamp",
    "provider",
    "botSlug",
    "botId",
    "name",
    "email",
    "phoneNumber",
    "caseId",
    "salesforceMessageChannel",
    "integrationMessageChannel",
    "agentID",
    "numMessage",
)
POLLING = (
    "ack",
    "offset",
    "epoch",
    "chatUrl",
    "apiVersion",
    "pollTimeout",
    "window",
    "started",
    "handover",
    "org",
    "desk",
    "waits",
    "wireId",
    "buttonId",
    "language",
)
OURS = (
    "contactId",
    "agentName",
    "reason",
    "waitingAgain",
    "leaving",
    "openedAt",
    "acceptedAt",
    "endedAt",
    "owner",
    "fence",
)
PUBLIC = SPECIFIED + POLLING + OURS
# What an owner keeps in its memory; the scripts answer with these as they stand, so that the two cannot differ.
FOLLOWED = (
    "status",
    "started",
    "leaving",
    "openedAt",
    "waitingSince",
    "waitingAgain",
    "acceptedAt",
    "userSaidAt",
    "unansweredSince",
    "ack",
    "epoch",
    "offset",
    "window",
    "handover",
    "switchTo",
    "replays",
    "queuePosition",
    "queueTold",
    "queueToldAt",
    "sensitiveRules",
    "idleWarning",
    "idleEnd",
    "warnedAt",
    "fileRequest",
    "choices",
    "entriesUntil",
)


def followed(values: Sequence[object]) -> dict[str, str]:
    """Of FOLLOWED those that are set; `values`: as Redis gives them, in its order."""
    return {name: str(value) for name, value in zip(FOLLOWED, values, strict=True) if value is not None}
