"""A bot, its org and its routes as frozen values, as everybody but SQL knows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from interconnections.desks.records.login import Credentials
from interconnections.secret import Secret


@dataclass(frozen=True, slots=True)
class Org:
    name: str
    chat_api: str
    chat_url: str  # scheme and host; without /chat
    organization_id: str
    deployment_id: str
    api_version: int
    wrong: str  # what clean() says about it; empty when nothing
    sends_per_second: float = 0  # 0 is none
    records: "RecordSettings | None" = None  # None: no contact and no case, only the chat
    es_developer_name: str = ""  # Enhanced Chat, here and below
    user_verification: str = "none"  # none | jwt
    verification_issuer: str = ""
    verification_audience: str = ""
    verification_key_id: str = ""
    verification_key: Secret = Secret("")
    routing_attributes: Mapping[str, str] = field(default_factory=dict)  # our word or a key of extraData: parameter


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """How an org keeps people and cases.  Maps lead from a key of extraData to the API name of a field."""

    credentials: Credentials
    version: str  # "62.0"
    case_record_type: str
    account_record_type: str  # not empty: new people become person accounts
    account_birthdate: str
    case_fields: dict[str, str]
    contact_fields: dict[str, str]
    account_fields: dict[str, str]
    search_fields: dict[str, str]
    blocked_field: str
    case_key_field: str
    contact_key_field: str
    case_status: str
    case_priority: str


@dataclass(frozen=True, slots=True)
class Route:
    button_id: str
    owner_id: str
    subject: str
    es_developer_name: str = ""  # "": the org's
    org: Org | None = None  # None: the bot's
    share: int = 100  # percent of new chats, where it has an org of its own


@dataclass(frozen=True, slots=True)
class Bot:
    slug: str
    bot_id: str
    provider: str
    org: Org | None
    platform: str
    settings: object  # its platform's, as that made them of the row
    api_token: Secret
    phone: str
    webhook_auth: str
    webhook_secret: Secret
    language: str
    timezone: str
    texts: dict[str, str]
    state_api: str
    state_settings: object  # its state API's; None where the bot is not told
    success_state: str
    timeout_state: str
    blocked_state: str
    state_delay: float  # seconds
    ask_availability: bool
    waiting_limit: int  # seconds; 0 is none
    drop_limit: int  # seconds; 0 is none
    retention_days: int  # 0 is as the installation
    context_hours: int
    user_limit: int  # seconds; 0 is none
    agent_limit: int  # seconds; 0 is none
    delivery_limit: int  # seconds; 0 is none
    goodbye_limit: int  # seconds
    sends_per_second: float  # 0: the platform's own limit
    pair_burst: int  # 0: the platform's own limit
    pair_seconds: float  # 0: the platform's own limit
    intake_limit: int  # MB an hour; 0 is none
    forward_url: str  # "": nothing goes on to the bot
    forward_secret: Secret
    flow_field: str
    restart_keywords: tuple[str, ...]
    media_hosts: tuple[str, ...]
    case_origin: str
    phone_prefixes: tuple[str, ...]
    routes: dict[str, tuple[Route, ...]]  # by flow; "" is the default
    pause_text: str | None = None  # what users read while nobody is handed over; None: they are
    wrong: str = ""  # what of its row cannot be read; it opens no new chat then
    orgs: Mapping[str, Org] = field(default_factory=dict)  # all there are, by name: open chats stay with theirs

    @property
    def keeps_cases(self) -> bool:
        """Is there a login, with which contacts, cases and files are kept?"""
        own = (route.org for routes in self.routes.values() for route in routes)
        return any(org is not None and org.records is not None for org in (self.org, *own))

    def route_for(self, flow: object, user_id: str) -> Route | None:
        """Where this flow leads this user, always the same; None when nowhere, not even by default."""
        place = place_of(self.slug, user_id)
        named = chosen(self.routes.get(flow, ()), place) if isinstance(flow, str) else None
        return named or chosen(self.routes.get("", ()), place)

    def org_of(self, name: str) -> Org | None:
        """The org that a chat began in; the bot's where it names none, or one that is gone."""
        return self.orgs.get(name) or self.org


def account_of(bot: Bot) -> str:
    """What its platform tells of belongs to this, and to no other that the bot is given later."""
    return f"{bot.platform} {bot.bot_id}"


def place_of(slug: str, user_id: str) -> int:
    """0 to 99, the same at every connect and in every process: shares that grow keep whom they had."""
    return int.from_bytes(sha256(f"{slug}\0{user_id}".encode()).digest()[:4]) % 100


def chosen(routes: Iterable[Route], place: int) -> Route | None:
    """Of the routes of a flow: those into orgs of their own come first, by share; the bot's org takes the rest."""
    rest, upto = None, 0
    for route in routes:
        if route.org is None:
            rest = route
            continue
        upto += route.share
        if place < upto:
            return route
    return rest
