"""The stored hash: the specification's fields under its names, and the few that polling needs.

`timestamp` is when it was opened, ISO 8601 in UTC; times of our own are milliseconds since 1970.
Scripts keep `openedAt`, `endedAt`, `polledAt`, `owner`, `fence`, `numMessage`, `boundNumber`, `boundSequence`.
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

SEARCHED = ("name", "email", "phoneNumber", "caseId", "userId", "sessionId")


def search_entries(fields: dict[str, str]) -> list[tuple[str, str]]:
    """What the prefix search finds this one by: (field, casefolded start); each word of a name counts."""
    entries: list[tuple[str, str]] = []
    for name in SEARCHED:
        value = fields.get(name, "").replace("\0", "").casefold().strip()
        if not value:
            continue
        entries.append((name, value[:120]))
        if name == "name":
            entries.extend((name, word[:120]) for word in value.split()[1:5])
    return entries
