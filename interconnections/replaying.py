"""The replay of one session, with what is stored of it: for the command and for the conversation's page."""

from dataclasses import dataclass

from interconnections.bridge.replay import Difference, Kept, differences, replay
from interconnections.directory.rows import snapshot
from interconnections.errors import Unknown
from interconnections.items import Lane, Origin
from interconnections.models import Interconnection
from interconnections.models.interconnection import EVENTS_SHOWN
from interconnections.store import admin_reads

FIELDS = ("status", "reason", "agentName", "acceptedAt", "provider", "name", "waits", "desk", "botSlug")


@dataclass(frozen=True, slots=True)
class Replay:
    events: int
    differences: tuple[Difference, ...]


def replayed(session: str) -> Replay:
    """Changes nothing.  Raises Unknown where there is no such session, or nothing was kept of it; StoreAway."""
    ids = admin_reads.ids_of([session])
    row = next(iter(admin_reads.rows(ids, FIELDS)), None)
    if row is None:
        raise Unknown(f"there is no session {session}")
    kept = admin_reads.latest_entries("events", ids[0], EVENTS_SHOWN)
    if not kept:
        raise Unknown(f"no event is kept of the session {session}: there is nothing to play")
    events = [Kept(entry.get("type", ""), entry.get("data", "")) for entry in kept]
    played = replay(
        row.get("desk", ""), events, snapshot().get(row.get("botSlug", "")), row, whole=len(kept) < EVENTS_SHOWN
    )
    return Replay(len(events), tuple(differences(played, row, agents_texts(ids[0]))))


def agents_texts(id: str) -> list[str]:
    """What the agent's messages to the user said, in order."""
    read = Interconnection.read_messages(id)
    return [each.text for each in read if each.origin == Origin.AGENT and each.direction == Lane.INTEGRATION]
