"""The message record and the poll events as people read them: the streams' entries, folded and decoded."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from interconnections.items import Kind, Lane
from interconnections.moments import moment

TOO_DEEP = "…"  # stands for what is nested too deeply to be shown
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
    direction: str  # to the agent (salesforce), to the user and the bot (integration), to the bot (bot)
    kind: str
    origin: str
    text: str
    name: str
    at: datetime
    checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def to_agent(self):
        return self.direction == Lane.SALESFORCE

    @property
    def to_bot(self):
        return self.direction == Lane.BOT or self.kind == Kind.STATE


@dataclass(frozen=True)
class PollEvent:
    sequence: int
    type: str
    data: str
    at: datetime


def messages(entries: list[dict[str, str]]) -> list[Message]:
    """Messages in the order in which they were stored; a checkpoint goes with its message.

    An entry that cannot be read at all is left out: the others are shown.
    """
    told: dict[int, Message] = {}
    for entry in entries:
        number = whole(entry.get("number"))
        if "checkpoint" in entry:
            if number in told:  # else the message itself has left the bounded stream
                checkpoint = Checkpoint(entry["checkpoint"], moment(entry.get("at")), entry.get("why", ""))
                told[number].checkpoints.append(checkpoint)
            continue
        if "item" not in entry:
            continue
        match decoded(entry["item"]):
            case [str(kind), str(origin), str(said), str(name), *_]:
                pass
            case _:  # a newer release's item, during a deploy: as it is stored
                kind, origin, said, name = "?", "", entry["item"], ""
        lane = entry.get("lane", "")  # a word of a newer release's stands as it is
        told[number] = Message(number, lane, kind, origin, said, name, moment(entry.get("at")))
    return list(told.values())


def whole(number):
    try:
        return int(float(number or 0))
    except (ValueError, OverflowError):
        return 0


def poll_events(entries):
    return [
        PollEvent(
            whole(entry.get("sequence")),
            entry.get("type", "?"),
            readable(entry.get("data", "")),
            moment(entry.get("at")),
        )
        for entry in entries
    ]


def extra(stored):
    return {name: _extra(name, value) for name, value in sorted(stored.items())}


def _extra(name, stored):
    try:
        shown = without_secrets({name: decoded(stored)})[name]
        as_text(shown)
    except RecursionError:
        return TOO_DEEP
    return shown


def readable(stored):
    """JSON text as it is shown: without what looks like a secret."""
    try:
        return as_text(without_secrets(decoded(stored)))
    except RecursionError:
        return TOO_DEEP


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decoded(stored):
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return stored


def without_secrets(value):
    if isinstance(value, dict):
        return {
            name: "***" if part and any(word in str(name).casefold().replace("_", "") for word in HIDDEN)
            else without_secrets(part)
            for name, part in value.items()
        }  # fmt: skip
    return [without_secrets(part) for part in value] if isinstance(value, list) else value
