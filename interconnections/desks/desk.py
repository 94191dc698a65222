"""What a desk is: the agents' side of a chat, whichever product stands behind it.

A desk is one folder beside this file and one line in `desks.DESKS`.  It knows its wire and nothing of ours: what it
needs of the store and of the configuration its keeper lends it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, ClassVar, Protocol, TypeAlias

from django.utils.functional import Promise

from interconnections.desks.news import Event, News, Rule
from interconnections.secret import Secret
from interconnections.wire import Wire

Sentences: TypeAlias = dict[str, object]  # by column of an org; translated when shown
Columns: TypeAlias = tuple[str | tuple[str, ...], ...]  # in the order of a form; those of a tuple share a line


class Org(Protocol):
    """What the configuration says of an org: what one desk needs of it is its own choice (directory.values.Org)."""

    @property
    def chat_url(self) -> str: ...
    @property
    def organization_id(self) -> str: ...
    @property
    def deployment_id(self) -> str: ...
    @property
    def api_version(self) -> int: ...
    @property
    def es_developer_name(self) -> str: ...
    @property
    def user_verification(self) -> str: ...
    @property
    def verification_issuer(self) -> str: ...
    @property
    def verification_audience(self) -> str: ...
    @property
    def verification_key_id(self) -> str: ...
    @property
    def verification_key(self) -> Secret: ...
    @property
    def routing_attributes(self) -> Mapping[str, str]: ...


class Route(Protocol):
    """Where in the org a chat is queued (directory.values.Route)."""

    @property
    def button_id(self) -> str: ...
    @property
    def es_developer_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for an agent, as the bot told it.  `language`: of the bot, as BCP 47; `extra`: what else it told."""

    user_id: str
    provider: str
    name: str
    language: str
    email: str = ""
    phone: str = ""
    contact_id: str = ""
    case_id: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Availability:
    """`open`: None where the desk says nothing of it; `url`: where the org is served now, "" for as configured."""

    open: bool | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a harmless question told.  `level`: ok | warning | error; `mend`: what to do about it."""

    level: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` messages at once, then one every `seconds`."""

    burst: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is there, and that nobody was asked to serve yet: stored before `Chat.start`.

    `fields`: of the hash, all that any worker needs to go on; `secrets`: kept sealed until the chat is over.
    """

    session_id: str
    fields: Mapping[str, str]
    secrets: Mapping[str, Secret]


@dataclass(frozen=True, slots=True)
class Line:
    """For a supervisor, in the language of who reads it.  `mood`: plain | good | bad; `accepts`: an agent came."""

    words: str
    mood: str = "plain"
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """Which message is sent.

    `number`: ours, growing by one a message; `sequence`: bound to it, for desks that count requests; `again`: it may
    have been sent before, by us or by an owner who died; `first`: none was sent before it.
    """

    number: str
    sequence: int
    again: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A user's file on its way to the agent."""

    name: str
    mime: str
    content: IO[bytes]
    size: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What a desk told at once: stored whole, before it is asked for what follows.

    `mark`: by which it is asked for what follows, None where that stays; `fields`: of the hash, stored with it.
    """

    events: tuple[Event, ...]
    mark: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """Our side of the talk, for a comparison.

    `sent`: (number, text) of what the desk took, in order; `in_flight`: (number, text) of the one that it may have
    taken, or None; `heard`: marks of the agent's whole texts, in order (`news.mark`).
    """

    sent: list[tuple[str, str]]
    in_flight: tuple[str, str] | None
    heard: list[str]


@dataclass(frozen=True, slots=True)
class Rebase:
    """Another server goes on with the chat: its secrets, and where counting starts again.

    `sequence`: the number that was used last there, None where counting goes on; `in_flight`: what was on the wire
    may have arrived at the old one, which a comparison will tell; `waits`: whoever talked to an agent waits again.
    """

    fields: Mapping[str, str]
    secrets: Mapping[str, Secret]
    sequence: int | None = None
    in_flight: bool = False
    waits: bool = False
    counted: str = ""  # the total that it is counted under


class Keeper(Protocol):
    """What the owner of a chat lends its desk.  A write waits for Redis; raises LostOwnership under an old fence."""

    async def org(self) -> Org | None:
        """As configured now; None where the bot or its org is gone."""

    async def put(self, fields: Mapping[str, str], secrets: Mapping[str, Secret] | None = None) -> None:
        """Kept in the hash, and `learn`ed."""

    async def quiet(self) -> None:
        """Returns when nothing is on its way to the desk any more."""

    async def rebase(self, epoch: str, rebase: Rebase) -> None:
        """Ends `epoch`: answers to requests of before are refused from here on."""

    async def sent(self) -> Sent: ...

    def count(self, name: str, n: int = 1) -> None:
        """A total for the metrics."""


class Host(Protocol):
    """What the process lends a desk: what all chats of all workers share."""

    async def turn(self, name: str, burst: int, seconds: float) -> None:
        """Returns when it is our turn at this limit: `burst` at once, then one every `seconds`."""

    async def is_ours(self, session_id: str) -> bool:
        """Does an open interconnection stand for this session?"""

    def count(self, name: str, n: int = 1) -> None:
        """A total for the metrics."""


class Chat(Protocol):
    """One chat at its desk, in its owner's hands.  All coroutines raise DeskErrors."""

    heard_at: float  # of time.monotonic: when the desk last answered for this chat, be it with silence

    @property
    def moving(self) -> bool:
        """Another server takes it over: nothing is sent meanwhile, and no limit of ours counts."""

    @property
    def takes_file(self) -> bool:
        """Would a user's file go into the chat now?"""

    def learn(self, fields: Mapping[str, str]) -> None:
        """`fields`: of the hash, as they stand now."""

    async def start(self) -> Mapping[str, str]:
        """Ask for an agent; may be asked again while nobody knows the answer.  Gives fields to store with that."""

    async def listen(self, patience: float | None) -> Batch | None:
        """Wait for news, at most `patience` seconds (None: as long as the desk likes); None for silence.

        What was given is given again until it is `kept`; cancelled, it has lost nothing.
        """

    def kept(self) -> None:
        """What was given last is stored."""

    async def send(self, text: str, ref: Ref) -> Mapping[str, str]:
        """Gives fields to store with its settlement."""

    def named(self, number: str) -> str:
        """The desk's name of a message of ours, should an agent quote it; "" where its messages have none."""

    async def send_file(self, file: Upload, ref: Ref) -> bool:
        """False where it did not get into the chat, and will not."""

    async def receipts(self, found: Mapping[str, str]) -> None:
        """What the user's phone told of the agent's words: an event's `id` -> delivered | read.  Best effort."""

    def served(self) -> Mapping[str, str]:
        """Fields that say that the file which the desk waited for was dealt with."""

    async def end(self, ref: Ref, *, waiting: bool) -> None:
        """`waiting`: no agent has it yet."""

    async def abandon(self) -> None:
        """Best effort, after a start that failed: nobody shall be asked to serve it."""

    async def close(self) -> None:
        """Let go of it here: sockets close, the desk is told nothing."""


class Desk(Protocol):
    """One kind of desk; it keeps nothing of any chat."""

    label: ClassVar[str]  # as people choose it
    stages: ClassVar[Mapping[str, str]]  # of a change of servers -> what a supervisor reads of it

    text_limit: ClassVar[int]  # characters of a message to an agent
    pace: ClassVar[Pace | None]  # of the messages of one chat
    waits: ClassVar[bool]  # what users say is held until an agent is there
    files_when_asked: ClassVar[bool]  # a user's file comes into the chat only where its agent asked for one

    # Of the configuration: which columns are this desk's, and what the form says above them.
    columns: ClassVar[Columns]
    about: ClassVar[str | Promise]
    deployment: ClassVar[str]  # the column that names what its chats are opened for, "" for none
    by_button: ClassVar[bool]  # a route names the button by which a chat is queued
    must_be_whole: ClassVar[bool]  # an org with `mistakes` opens no chat; else the desk says what it does not know

    def __init__(self, wire: Wire, host: Host) -> None: ...

    @staticmethod
    def mistakes(org: Org) -> Sentences:
        """What would not work, beyond a missing address; `org`: of the right kinds, be it a row or a value."""

    @staticmethod
    def doubts(org: Org) -> Sentences:
        """What may be right and mostly is not: it is said, and refuses nothing."""

    @staticmethod
    def describe(type: str, kept: str, applies: Callable[[Rule], bool]) -> Line | None:
        """What an event said, from its type and what is kept of it; None for what is no line of its own.

        `applies`: can this rule of sensitive data be applied here?
        """

    @staticmethod
    def read_kept(type: str, kept: str) -> News | None:
        """What an event meant, from what is kept of it; None where too little is, as it was too long."""

    @staticmethod
    async def check(org: Org, routes: Sequence[tuple[Route, str]], wire: Wire) -> list[Check]:
        """Does it know our configuration?  Opens no chat; `routes`: those that lead there, and whose each is."""

    async def available(self, org: Org, route: Route) -> Availability:
        """A courtesy, the request itself decides; never raises."""

    async def open(self, org: Org, route: Route, visitor: Visitor, url: str) -> Opened:
        """`url`: where `available` said that the org is served, "" for as configured.  Raises DeskErrors."""

    def chat(
        self, fields: Mapping[str, str], secrets: Mapping[str, Secret], org: Org | None, keeper: Keeper | None
    ) -> Chat:
        """From what is stored; `keeper`: None where somebody only starts it."""
