"""The stored hash: the specification's fields under its names, and the few that polling needs.

`timestamp` is when it was opened, ISO 8601 in UTC; times of our own are milliseconds since 1970.
Scripts keep `openedAt`, `endedAt`, `polledAt`, `owner`, `fence`, `numMessage`, `boundNumber`, `boundSequence`,
`flying` (the number on the wire), `uncertain` (the one that was, as the chat ended, and its letter), `ifLost` (what
its sender is told should nobody hear of it), `userSaidAt`, `unansweredSince`, `failing:<lane>` (since when its head
is refused).
"""

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
