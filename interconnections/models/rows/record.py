"""The message record and the poll events as people read them: the streams' entries, folded and decoded."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from interconnections.items import Lane

HIDDEN = ("token", "secret", "password", "sessionkey", "apikey", "authorization")


@dataclass(frozen=True)
class Checkpoint:
    """What became of a message: delivered, or given up and why."""

    what: str
    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Message:
    number: int
    direction: Lane  # to the agent (salesforce), or to the user and the bot (integration)
    kind: str
    origin: str
    text: str
    name: str
    at: datetime
    checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def to_agent(self):
        return self.direction == Lane.SALESFORCE


@dataclass(frozen=True)
class PollEvent:
    sequence: int
    type: str
    data: str
    at: datetime


def moment(milliseconds):
    return datetime.fromtimestamp(int(float(milliseconds)) / 1000, UTC)


def messages(entries):
    """Messages in the order in which they were stored; a checkpoint goes with its message."""
    told: dict[int, Message] = {}
    for entry in entries:
        number = int(float(entry["number"]))
        if "checkpoint" in entry:
            if number in told:  # else the message itself has left the bounded stream
                checkpoint = Checkpoint(entry["checkpoint"], moment(entry["at"]), entry.get("why", ""))
                told[number].checkpoints.append(checkpoint)
            continue
        match decoded(entry["item"]):
            case [str(kind), str(origin), str(said), str(name), *_]:
                pass
            case _:  # a newer release's item, during a deploy: as it is stored
                kind, origin, said, name = "?", "", entry["item"], ""
        told[number] = Message(number, Lane(entry["lane"]), kind, origin, said, name, moment(entry["at"]))
    return list(told.values())


def poll_events(entries):
    return [
        PollEvent(int(float(entry["sequence"])), entry["type"], readable(entry["data"]), moment(entry["at"]))
        for entry in entries
    ]


def extra(stored):
    return {name: without_secrets({name: decoded(value)})[name] for name, value in sorted(stored.items())}


def readable(stored):
    """JSON text as it is shown: without what looks like a secret."""
    return as_text(without_secrets(decoded(stored)))


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decoded(stored):
    try:
        return json.loads(stored)
    except ValueError:
        return stored


def without_secrets(value):
    if isinstance(value, dict):
        return {
            name: "***" if part and any(word in str(name).casefold().replace("_", "") for word in HIDDEN)
            else without_secrets(part)
            for name, part in value.items()
        }  # fmt: skip
    return [without_secrets(part) for part in value] if isinstance(value, list) else value
