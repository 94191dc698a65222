"""A chat as the desk knows it: who waits, who serves, what was said.  Each wire adds what is its own.

Nothing here knows HTTP.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from .. import ids
from ..bell import Bell
from ..protocol_options import Json, Rules
from .acts import Acts

Listened = list[int | str | None]  # [began, ended, how, port], times in ms


class Status(StrEnum):
    """Where a chat stands."""

    CREATED = "created"  # the wire has it; nobody was asked for yet
    WAITING = "waiting"  # in a queue, for the first time or again
    ACTIVE = "active"  # an agent serves
    ENDED = "ended"


@dataclass(frozen=True)
class Agent:
    """A Salesforce user who serves."""

    name: str
    user_id: str


@dataclass(frozen=True)
class Line:
    """One line of the transcript; `speaker` is visitor, agent or system."""

    speaker: str
    name: str
    text: str
    at: int
    sequence: int | None  # Live Agent's number of the post or event
    id: str | None = None  # Enhanced Chat's id of the entry
    file: int | None = None  # its place among the chat's files
    quotes: str | None = None  # the id of the entry that it answers


@dataclass(eq=False, kw_only=True)
class DeskChat:
    """One chat of any kind."""

    kind = ""  # the wire's name, as faults and settings write it

    rules: Rules
    origin: str  # scheme and host by which the client reached us
    floor_bell: Bell  # rung when any chat changes its status
    tally: Counter[Status]  # how many chats of the floor have which status
    id: str = field(default_factory=ids.session_id)
    status: Status = Status.CREATED
    established: bool = False  # an agent has been here
    end_reason: str | None = None
    routed_to: str | None = None
    agent: Agent | None = None
    files: list[Json] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)  # of these files
    records: list[Json] = field(default_factory=list)  # of the org, by what the visitor told
    visitor_typing: bool = False
    duplicates: int = 0  # what came again under an id or number that was taken
    transcript: list[Line] = field(default_factory=list)
    refusals: deque[Json] = field(default_factory=lambda: deque(maxlen=500))
    steps: list[Json] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)
    acts: Acts = field(init=False)  # what an agent may do; the wire that opens the chat brings it

    def __post_init__(self) -> None:
        self.tally[self.status] += 1

    # What each wire says for itself

    @property
    def asked(self) -> bool:
        """Somebody asked for an agent: the desk shows it."""
        raise NotImplementedError

    @property
    def visitor_name(self) -> str | None:
        """What the visitor is called, once it was told."""
        raise NotImplementedError

    @property
    def confirmed(self) -> int:
        """The newest event that the client has said it has."""
        raise NotImplementedError

    def forget(self, reason: str) -> None:
        """It is gone at once, and whoever waits for it is told."""
        raise NotImplementedError

    def listened(self) -> list[Listened]:
        """How the client listened, for the ledger: each poll or stream."""
        raise NotImplementedError

    # What all have in common

    @property
    def over(self) -> bool:
        """Ended, whether or not the client has heard of it yet."""
        return self.status is Status.ENDED

    @property
    def heard(self) -> list[str]:
        """The visitor's texts, in order."""
        return [line.text for line in self.transcript if line.speaker == "visitor"]

    @property
    def said(self) -> list[str]:
        """The agents' texts, in order."""
        return [line.text for line in self.transcript if line.speaker == "agent"]

    def step(self, what: str) -> None:
        """Remember when something decisive happened, for the ledger."""
        self.steps.append({"what": what, "at": ids.now_ms()})

    def become(self, status: Status) -> None:
        """Change the status; the floor counts along."""
        self.tally[self.status] -= 1
        self.tally[status] += 1
        self.status = status
        self.floor_bell.ring()
        self.bell.ring()

    def write(
        self,
        speaker: str,
        name: str,
        text: str,
        sequence: int | None = None,
        *,
        id: str | None = None,
        file: int | None = None,
        quotes: str | None = None,
    ) -> None:
        """Add a line to the transcript."""
        self.transcript.append(Line(speaker, name, text, ids.now_ms(), sequence, id, file, quotes))
        self.bell.ring()

    def shown(self) -> Json:
        """Everything that a test may want to know of it."""
        transcript = [asdict(line) for line in self.transcript]
        for line in transcript:
            line["from"] = line.pop("speaker")
        return {
            "id": self.id,
            "kind": self.kind,
            "status": self.status,
            "asked": self.asked,
            "end_reason": self.end_reason,
            "visitor_name": self.visitor_name,
            "routed_to": self.routed_to,
            "agent": asdict(self.agent) if self.agent else None,
            "established": self.established,
            "transcript": transcript,
            "heard": self.heard,
            "said": self.said,
            "records": self.records,
            "files": self.files,
            "visitor_typing": self.visitor_typing,
            "confirmed": self.confirmed,
            "duplicates": self.duplicates,
            "refusals": list(self.refusals),
            "steps": self.steps,
        }

    def in_ledger(self) -> Json:
        """What was said on this side, and how the client listened."""
        return {
            "id": self.id,
            "kind": self.kind,
            "status": self.status,
            "asked": self.asked,
            "end_reason": self.end_reason,
            "visitor_name": self.visitor_name,
            "heard": self.heard,
            "heard_at": [line.at for line in self.transcript if line.speaker == "visitor"],
            "said": self.said,
            "polled": self.listened(),
            "double_polls": 0,
            "open_polls": 0,
            "duplicates": self.duplicates,
            "handovers": 0,
            "refusals": list(self.refusals),
            "steps": self.steps,
        }
