"""What a platform is: the users' side of a chat, whoever carries it to their phones; and what a state API is.

A platform is one folder beside this file and one line in `platforms.PLATFORMS`; a state API the same in `STATE_APIS`.
It knows its wire and our words (messages.py), and nothing of agents or Redis: of a bot it gets `settings`, which it
made itself of the bot's row.  What needs no network is a static method, so that configuration and console can ask
where there is no wire.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol, TypeAlias

from interconnections.items import File, Item
from interconnections.platforms.messages import StateChange, Told
from interconnections.platforms.pace import Pace
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Wire

Settings: TypeAlias = Any  # frozen, and each platform's own: nobody else looks into it


class Row(Protocol):
    """What the configuration says of a bot: the columns from which a platform makes its settings (models/bots.py).

    A column that only one platform has is read by that platform, and belongs here too.
    """

    slug: str
    provider: str
    bot_id: str
    api_url: str
    api_token: Secret
    channel: str
    phone: str
    webhook_auth: str
    webhook_secret: Secret
    verify_token: Secret
    ignored_types: list[str]
    state_url: str
    state_token: Secret
    graph_version: str
    reopen_template: str
    reopen_language: str
    app_id: str
    human_agent: bool
    thread_control: str
    bot_app_id: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user, as a platform is told of them.

    `user`: the id under which the chat runs; `also`: the same person's other ids there; `last`: the platform's id of
    what they said last, `said_at` when (ms), `window_until`: until when it lets us write freely (ms); None: unknown.
    `held_by`: the other app that has their talk, "" for none; `named`: the platform adds under which other id its
    answer names them, for whoever asked to remember.
    """

    user: str
    also: tuple[str, ...] = ()
    last: str = ""
    said_at: int | None = None
    window_until: int | None = None
    held_by: str = ""
    named: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True, slots=True)
class Upload:
    """An agent's file, which is here."""

    name: str
    mime: str
    content: IO[bytes]
    size: int


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """Where a user's file lies.  `headers` are shown to `hosts` only, and to no host that one of them leads to."""

    url: str
    headers: Mapping[str, Secret] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BotIds:
    """Whom a payload is for.  `named`: the bot's slug or its id at the platform, "" where the payload names none.

    `numbers`: numbers (without +) and pages that it speaks of, the bot's own perhaps among them.
    """

    named: str = ""
    numbers: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Check:
    """What a harmless question told.  `level`: ok | warning | error; `mend`: what to do about it."""

    level: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bot's business stands at its platform.  `quality`: GREEN | YELLOW | RED, or another word; `reach`:
    as a Notice's; `subscribed`: it sends us what users say; "", 0 and None where it does not tell.
    """

    quality: str = ""
    reach: int = 0
    subscribed: bool | None = None


class Platform(Protocol):
    """One way to users."""

    label: str  # as the console's list calls it
    providers: tuple[str, ...]  # on which its bots may be
    needs: tuple[str, ...]  # columns of a bot that may not be empty
    columns: tuple[str, ...]  # columns of a bot that mean something to it, and not to every platform
    repeats_for: int  # seconds within which it may send a webhook again
    pace: Pace  # how fast it lets a bot write, where the bot's own columns say nothing
    kinds: Mapping[str, str]  # kinds of messages that only it has, as an agent reads them; translated when shown
    shows_typing: bool
    tells_receipts: bool  # its webhooks say when a message was delivered and when it was read
    shows_quotes: bool  # its users see which message an answer is to
    wants_recipient: bool  # it needs more of a user than the id under which the chat runs
    takes_files: bool  # agents' files go to users as files; else as links
    unfetched: Collection[str]  # codes of a file that it did not get, or not as it is, by its address
    never_refuses: bool  # no webhook that its server signed gets a 4xx: `read` never raises
    hides_files: bool  # users' files open with the bot's token alone: no link to them is of use to an agent
    tells_standing: bool  # it may be asked how the bot's business stands
    gives_secret: bool  # it signs with a secret that it gave out: we cannot make one up
    live_for: int  # seconds after which a message is too old for a live talk and is only recorded; 0: never
    shows_within: float  # seconds within which it shows what it took though its answer was lost; 0: it never does
    failures: Mapping[str, str]  # the codes with which it gives a message up, as an agent reads them; translated

    def __init__(self, wire: Wire) -> None: ...

    # Without a network

    @staticmethod
    def text_limit(provider: str) -> int:
        """Characters of one text to a user."""

    @staticmethod
    def settings(row: Row) -> Settings:
        """What of a bot's row it needs; never raises: what `needs` asks for may be empty all the same."""

    @staticmethod
    def mistakes(row: Row) -> Mapping[str, str]:
        """By column: what would not work, beyond an empty one of `needs`; translated when shown."""

    @staticmethod
    def controls(settings: Settings) -> tuple[str, str]:
        """What is asked of it as a chat begins and as it ends (`control`); "" for nothing."""

    @staticmethod
    def reopens(settings: Settings) -> bool:
        """Is there a template with which an agent may write to somebody whom it lets us write to no more?"""

    @staticmethod
    def authenticate(request: WebhookRequest, settings: Settings) -> None:
        """Raises Unauthenticated (nothing shown), Forbidden (wrong), Unavailable (we cannot tell now)."""

    @staticmethod
    def handshake(query: Mapping[str, str], settings: Settings) -> str:
        """The answer to a GET of the webhook's address; raises Forbidden, or Unavailable."""

    @staticmethod
    def bot_ids(body: object) -> BotIds:
        """Whom a payload is for, where the address did not say; never raises."""

    @staticmethod
    def read(body: object, settings: Settings) -> Sequence[Told]:
        """`body`: parsed JSON.  All that it tells, in order; raises BadInput, whole: nothing of it is kept then.

        Of a platform that `never_refuses`, what cannot be read is Unread, and spoils nothing beside it.
        """

    @staticmethod
    def webhook_path(settings: Settings) -> str:
        """Where it is to send, behind the bridge's own address; with the secret where it proves itself by that."""

    # With one; all raise PlatformUnwell (repeat it) and PlatformRefused (give it up)

    async def send(self, settings: Settings, to: Recipient, item: Item, id: str, quotes: str = "") -> str:
        """`item`: a TEXT of at most `text_limit` characters, or a FILE where it `takes_files`, by its id where it has
        one, else by its address; `id`: ours, the same at every repeat of it; `quotes`: the platform's id of the
        message that it answers.

        Gives the platform's id of it, "" where it has none.  Raises WindowClosed where the platform lets us write
        to this user no more; PlatformUnwell that is `silent` where it may have been taken all the same.
        """

    async def upload(self, settings: Settings, file: File, upload: Upload) -> File:
        """`file` as it is sent from now on: with the id that the platform gave it.  Nobody is shown it yet."""

    async def reopen(self, settings: Settings, to: Recipient, id: str) -> str:
        """The template, where it `reopens`; as `send`."""

    async def typing(self, settings: Settings, to: Recipient, on: bool) -> None:
        """The agent types, or stops.  Asked only of a platform that `shows_typing`."""

    async def seen(self, settings: Settings, to: Recipient) -> None:
        """The agent has read what the user said last; nothing where it has no such mark."""

    async def control(self, settings: Settings, to: Recipient, word: str) -> None:
        """`word`: of `controls`: take the talk with this user, or give it away."""

    async def file(self, settings: Settings, file_id: str) -> PlatformFile:
        """Where a user's file lies that came as `file_id`; raises FileRefused, FileUnwell."""

    async def register(self, settings: Settings, url: str) -> None:
        """Tell it that our webhook is at `url`."""

    async def remove(self, settings: Settings, url: str) -> None:
        """Tell it that our webhook is at `url` no more."""

    async def standing(self, settings: Settings) -> Standing:
        """How the bot's business stands.  Asked only of a platform that `tells_standing`."""

    async def check(self, settings: Settings) -> list[Check]:
        """Ask it what can be asked without changing anything; never raises."""


class StateApi(Protocol):
    """One way to tell a bot what became of its user."""

    label: str
    needs: tuple[str, ...]  # columns of a bot that may not be empty
    tells_events: bool  # of all that becomes of a chat (bot_events.py); else only that the bot has its user back

    def __init__(self, wire: Wire) -> None: ...

    @staticmethod
    def settings(row: Row) -> Settings: ...

    @staticmethod
    def mistakes(row: Row) -> Mapping[str, str]:
        """Of columns that are there: why their values would not work, by column."""

    async def tell(self, settings: Settings, user: str, event: StateChange, id: str) -> None:
        """`id`: the same at every repeat.  Raises PlatformUnwell (repeat it) and PlatformRefused (give it up)."""

    async def check(self, settings: Settings) -> list[Check]: ...
