"""What travels in a lane: one item, one thing to be done at a shore, in order."""

from dataclasses import astuple, dataclass, field
from enum import StrEnum
from typing import Self

from interconnections.bot_events import BotEvent, Happened
from interconnections.fast_json import dumps, loads_own
from interconnections.lifecycle import Status
from interconnections.secret import Secret


class Lane(StrEnum):
    """The message channels: each interconnection has one durable outbox in each direction."""

    SALESFORCE = "salesforce"  # to the agent
    INTEGRATION = "integration"  # to the user; and to a bot that is told only that it has its user back
    BOT = "bot"  # to a bot that is told what becomes of its chats: its server holds up no word to the user


class Kind(StrEnum):
    TEXT = "text"  # say it
    END = "end"  # to Salesforce: the user leaves
    FILE = "file"  # bring it there; `text` is how it reads where it cannot be brought
    CONTROL = "control"  # to the platform: `text` says what becomes of the talk with this user
    STATE = "state"  # to the bot: take your user back, at the state named in `text`
    EVENT = "event"  # to the bot: what happened, its type in `text`


class Origin(StrEnum):
    USER = "user"
    AGENT = "agent"
    BRIDGE = "bridge"  # said by us: context, welcome, notices


UPLOAD = "upload"  # in the place of an agent's file's id: the platform does not get it by its address, only from us


@dataclass(frozen=True, slots=True)
class File:
    """What somebody sent that is no text: where it lies, the platform's word for its kind, and how it was called.

    `id`: the platform's, of one that only the bot's token opens; then there is no `url`.
    """

    url: str
    kind: str
    mime: str = ""
    name: str = ""
    caption: str = ""  # all words that came with it
    id: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """`delay`: milliseconds after it was stored, before which it is not done."""

    kind: Kind
    origin: Origin
    text: str = ""
    delay: int = 0
    name: str = ""  # who says it, where the agent's name is known; of an END, the state that a supervisor named
    file: File | None = None  # of a FILE
    event: Happened | None = None  # of an EVENT, which the store writes

    def encoded(self) -> str:
        """A row, with a blank after each comma: the scripts look at its beginning, those of other releases too."""
        more = _row_of(self.file) if self.file else astuple(self.event) if self.event else None
        told = f'["{self.kind}", "{self.origin}", {dumps(self.text)}, {dumps(self.name)}'
        return f"{told}, {dumps(more)}]" if more else f"{told}]"

    @classmethod
    def decoded(cls, stored: str) -> Self:
        kind, origin, text, name, *more = loads_own(stored)
        if kind == Kind.EVENT:
            return cls(Kind.EVENT, Origin(origin), text, name=name, event=Happened(*more[0]))
        return cls(Kind(kind), Origin(origin), text, name=name, file=File(*more[0]) if more else None)


def _row_of(file: File) -> tuple[str, ...]:
    """Without an id where there is none, as the release before knows it."""
    row: tuple[str, ...] = astuple(file)
    return row if file.id else row[:-1]


@dataclass(frozen=True, slots=True)
class Change:
    """What a piece of news changes in an interconnection: applied whole by one script, or not at all.

    A Change with a `to` that the present status does not allow is not applied: somebody ended it first.
    """

    to: Status | None = None
    reason: str = ""
    fields: dict[str, str] = field(default_factory=dict)  # the hash's names
    secrets: dict[str, Secret] = field(default_factory=dict)  # kept until it is over
    first_to_agent: tuple[Item, ...] = ()  # before whatever waits in the lane, behind what may have gone already
    to_user: tuple[Item, ...] = ()
    to_bot: tuple[BotEvent, ...] = ()
    if_lost: tuple[Item, ...] = ()  # for the user, before `to_user`, where the end loses something that they said
    agent_said: tuple[str, ...] = ()  # marks of the agent's whole texts, for the comparison after a hand-over
    said_as: str = ""  # the desk's name of what `to_user` says, where it is told what became of it
    answers: str = ""  # the desk's name of the message that `to_user` answers
    arrived: str = ""  # number of the message at the head of the lane to Salesforce that turned out to be there
    sent_again: tuple[str, ...] = ()  # numbers of what the new server misses, now in `first_to_agent`
    unless_leaving: bool = False  # not applied where the user's leaving is under way: that decides how it ended

    def __bool__(self) -> bool:
        told = self.first_to_agent or self.to_user or self.to_bot
        return bool(self.to or self.fields or told or self.agent_said or self.arrived)
