"""One entry of a conversation, as a stream and as /entries tell it (sections 4.7, 6.1).  Pure."""

from dataclasses import dataclass

from interconnections.desks.kept import kept
from interconnections.desks.loosely import Json, first_text, list_of, object_of, parsed, text, whole, whole_characters

HIDDEN = frozenset({"accesstoken", "authorization", "customeridentitytoken", "token"})
ADDRESSES = frozenset({"url"})  # a file's is signed
USER = "enduser"
NAMED = frozenset({"agent", "chatbot", "supervisor"})  # whose names are people's or a bot's; a system's is none
LAST_TIME = 10**14  # milliseconds; beyond is another unit
SECONDS = range(10**9, 10**10)  # of 2001 to 2286; as milliseconds these are weeks in which nobody chatted
NESTED = 3  # JSON in a string in a string: more often than this it is not meant


@dataclass(frozen=True, slots=True)
class Entry:
    """`role`: the sender's, in small letters; `name`: theirs where they have one; `related`: ids of records."""

    id: str
    at: int
    role: str
    name: str
    payload: Json
    related: tuple[str, ...] = ()
    kept: str = ""

    @property
    def by_user(self) -> bool:
        return self.role == USER


def entry_of(raw: Json) -> Entry:
    """What has the wrong type is absent: nothing of it is raised."""
    payload = payload_of(raw.get("entryPayload"))
    role = _role(raw)
    return Entry(
        first_text(raw, "identifier") or text(payload, "id"),
        moment_of(raw),
        role,
        first_text(raw, "senderDisplayName", "actorName") if role in NAMED else "",
        payload,
        tuple(whole_characters(id) for id in list_of(raw.get("relatedRecords")) if isinstance(id, str) and id),
        kept({**raw, "entryPayload": payload or raw.get("entryPayload")}, HIDDEN, ADDRESSES),
    )


def moment_of(raw: Json) -> int:
    """Milliseconds since 1970; 0 for what can be none, as in another unit."""
    at = whole(raw, "transcriptedTimestamp", 0)
    return at if 0 < at < LAST_TIME and at not in SECONDS else 0


def payload_of(value: object) -> Json:
    """A string that holds JSON on a stream, an object or a string on /entries (X)."""
    for _ in range(NESTED):
        if not isinstance(value, str):
            break
        value = parsed(value)
    return object_of(value)


def _role(raw: Json) -> str:
    """A sender without a role who came by this API is the user: an echo shown to them would be a repeat."""
    sender = object_of(raw.get("sender"))
    role = first_text(sender, "role") or first_text(raw, "actorType")
    return role.casefold() or (USER if text(sender, "appType") == "iamessage" else "")
