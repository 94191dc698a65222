"""A stored conversation's events, played through today's rules: what would become of them now?  Pure.

Ends from our side, and what a comparison after a hand-over found, are no events; they are taken as they were.
The bot's words are today's, so what the bridge itself says is not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from interconnections.bridge.transitions import ConversationState, changes_for
from interconnections.desks import DESKS, FIRST, news
from interconnections.directory import Bot
from interconnections.items import Item, Origin
from interconnections.lifecycle import FINAL, Reason, Status

TOLD_BY_A_DESK = frozenset(
    {Reason.AGENT_ENDED, Reason.USER_SILENT, Reason.NO_AGENT, Reason.REFUSED, Reason.BLOCKED}
)  # every other end is of our making, or of a desk that was silent


@dataclass(frozen=True, slots=True)
class Kept:
    """An event of EventsChat."""

    type: str
    data: str


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: "events" | "status" | "reason" | "agent" | "missing" | "new"; a text is of the agent."""

    what: str
    happened: str = ""
    today: str = ""


@dataclass(slots=True)
class Played:
    """What today's rules make of the events."""

    status: Status
    reason: str = ""
    agent: str = ""
    said: tuple[str, ...] = ()
    unread: int = 0


def replay(desk: str, events: Sequence[Kept], bot: Bot | None, row: Mapping[str, str], *, whole: bool) -> Played:
    """`row`: the stored hash; `whole`: no event has left the bounded stream, so that it begins at the beginning."""
    reads = (DESKS.get(desk) or DESKS[FIRST]).read_kept
    begun = whole or not row.get("acceptedAt")
    played = Played(Status.ON_HOLD if begun else Status.ACTIVE, agent="" if begun else row.get("agentName", ""))
    known = ConversationState(row.get("provider", ""), row.get("name", ""), waits=row.get("waits", "1") == "1")
    for event in events:
        meant = reads(event.type, event.data)
        if meant is None:
            played.unread += 1
            continue
        for change in changes_for([news.Event(event.type, event.data, meant)], played.status, bot, known):
            if change.to and played.status in FINAL:
                continue  # the store refuses it, too
            known = known.after(change)
            played.agent = change.fields.get("agentName", played.agent)
            played.said += tuple(_of_the_agent(change.to_user))
            if change.to:
                played.status = change.to
                played.reason = change.reason or played.reason
    return played


def differences(played: Played, row: Mapping[str, str], recorded: Sequence[str]) -> list[Difference]:
    """Between that and what happened.  `recorded`: the agent's texts to the user, in order."""
    found = [Difference("events", today=str(played.unread))] if played.unread else []
    status, reason = row.get("status", ""), row.get("reason", "")
    if reason in TOLD_BY_A_DESK or status not in FINAL:
        if played.status != status:
            found.append(Difference("status", status, played.status))
        elif status in FINAL and played.reason != reason:
            found.append(Difference("reason", reason, played.reason))
    elif played.status in FINAL and played.status != status:
        found.append(Difference("status", status, played.status))
    if played.agent != row.get("agentName", ""):
        found.append(Difference("agent", row.get("agentName", ""), played.agent))
    return found + _texts(recorded, played.said)


def _texts(recorded: Sequence[str], played: Sequence[str]) -> list[Difference]:
    found = []
    for word, start, end, begin, stop in SequenceMatcher(None, recorded, played, autojunk=False).get_opcodes():
        if word != "equal":
            found += [Difference("missing", happened=text) for text in recorded[start:end]]
            found += [Difference("new", today=text) for text in played[begin:stop]]
    return found


def _of_the_agent(items: tuple[Item, ...]) -> list[str]:
    return [item.text for item in items if item.origin is Origin.AGENT]
