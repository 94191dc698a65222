"""What can happen in a chat, in our words: the same whichever desk tells it."""

import hashlib
import html
from dataclasses import dataclass, field
from typing import TypeAlias

from interconnections.lifecycle import Reason
from interconnections.secret import Secret


@dataclass(frozen=True, slots=True)
class Rule:
    """Of sensitive data: what fits `pattern` (a regular expression, somebody else's) is not for agents to read.

    `action`: the desk's word; Remove drops it, any other puts `replacement` in its place.
    """

    id: str = ""
    name: str = ""
    pattern: str = ""
    replacement: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Idle:
    """Seconds of a user's silence after which they are to be warned, and after which the chat ends; 0: never."""

    warning: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """Taken into a queue; not yet an agent.  `wait`: seconds, -1 unknown; `window`: ms without a poll that end it."""

    position: int = 0
    wait: int = -1
    window: int = 0
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueMoved:
    position: int = 0
    wait: int = -1


@dataclass(frozen=True, slots=True)
class AgentJoined:
    """`idle`: None where the desk says nothing of it."""

    agent_id: str = ""
    name: str = ""
    idle: Idle | None = None


@dataclass(frozen=True, slots=True)
class AgentSaid:
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AgentShowed:
    """A menu or buttons, in words.  The desk does not count it among what agents said."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """`url`: whoever has it can fetch the file, for a while."""

    name: str
    mime: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgentSentFiles:
    """In order; `text`: what was written with them, or ""; `not_shown`: of how many more nobody can read anything."""

    files: tuple[AttachedFile, ...]
    text: str = ""
    name: str = ""
    not_shown: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """One of these is to be chosen.  `options`: (identifier, title), in order; the answer names `message_id`."""

    text: str
    message_id: str
    options: tuple[tuple[str, str], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormShown:
    """The user should fill in a form, which we cannot show them."""

    title: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class NotShown:
    """The agent sent something that we cannot show.  `kind`: the desk's word for it."""

    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AgentTyping:
    on: bool


@dataclass(frozen=True, slots=True)
class AgentRead:
    """The agent's side has what the user said until `at` (ms since 1970; 0: nobody knows), and read it."""

    at: int = 0


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """Transferred: another agent serves from now on."""

    agent_id: str = ""
    name: str = ""
    idle: Idle | None = None


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """An agent is gone, and nobody came with it: handed on, back to a queue, or over; the desk must be asked which.

    Another agent may be there already: `agent_id` says who left.
    """

    agent_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class WaitingAgain:
    """The agent dropped, or handed the user back to a queue: the chat lives, nobody reads."""

    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over.  `word`: the desk's own (agent, client, clientIdleTimeout, …), "unknown" when it gave none."""

    word: str = "unknown"
    reason: Reason = Reason.AGENT_ENDED


@dataclass(frozen=True, slots=True)
class NoAgent:
    """The request failed: nobody online, blocked, an internal failure.  `word`: the desk's own."""

    word: str = "Unknown"
    reason: Reason = Reason.REFUSED


@dataclass(frozen=True, slots=True)
class Masked:
    """The rules of sensitive data changed; they hold from here on."""

    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class FileTransfer:
    """`stage`: Requested, Canceled, Success, Failure, or what else the desk says; the rest only with Requested."""

    stage: str = ""
    upload_url: str = ""
    cdm_url: str = ""
    token: Secret = Secret("")


@dataclass(frozen=True, slots=True)
class SessionData:
    """The conversation as the new server knows it, after a hand-over: texts in order.

    `by_user`: each in all the ways in which it may be read, for nobody knows how a desk writes what we sent.
    """

    by_user: tuple[tuple[str, ...], ...] = ()
    by_agent: tuple[tuple[str, str], ...] = ()  # (text, agent's name)


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A new server's side of the talk was compared with ours; what agents said meanwhile follows as news of its own.

    `arrived`: number of the message at the head that turned out to be there, or ""; `missing`: (number, text) of what
    is to be sent again, before whatever waits; `fields`: of the hash.
    """

    arrived: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Echo:
    """A message of the user stands in the conversation.  `message_id`: ours, where we sent it."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """This org is served elsewhere: a new session must be opened at `url`."""

    url: str


@dataclass(frozen=True, slots=True)
class Other:
    """Not our business, or not known to us: kept in EventsChat, counted, otherwise passed over."""


News: TypeAlias = (
    Queued
    | QueueMoved
    | AgentJoined
    | AgentSaid
    | AgentShowed
    | AgentSentFiles
    | Choices
    | FormShown
    | NotShown
    | AgentTyping
    | AgentRead
    | AgentChanged
    | AgentLeft
    | WaitingAgain
    | Ended
    | NoAgent
    | Masked
    | FileTransfer
    | SessionData
    | CaughtUp
    | Echo
    | Moved
    | Other
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its type on the wire, what we keep of it (JSON, without secrets), and what it means.

    `kept`: "" for what no wire told, but the desk itself found out; `id`: where the desk's events have names of their
    own, by which a repeat is known; `at`: milliseconds since 1970 by the desk's clock, 0 where it does not say;
    `answers`: the name of the message that it quotes; `fault`: of ours, which kept it from being read.
    """

    type: str
    kept: str
    news: News
    known: bool = True  # of the desk's documented events
    id: str = ""
    at: int = 0
    answers: str = ""
    fault: Exception | None = field(default=None, compare=False)

    @property
    def counted(self) -> str:
        """Its name among the counters: what the other side makes up does not make counters."""
        return self.type if self.known else "unknown"


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll's answer that told something.  `offset`: None when there was none to keep."""

    sequence: int
    offset: int | None
    events: tuple[Event, ...]


def mark(text: str) -> str:
    """By which an agent's whole text is recognised: white space at its ends may get lost, entities may come."""
    return hashlib.sha256(html.unescape(text).strip().encode()).hexdigest()[:16]
