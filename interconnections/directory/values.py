"""A bot, its org and its routes as frozen values, as everybody but SQL knows them."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Bot:
    slug: str
    bot_id: str
    provider: str
    org: Org | None
    platform: str
    api_url: str
    api_token: Secret
    channel: str
    phone: str
    webhook_auth: str
    webhook_secret: Secret
    verify_token: Secret
    language: str
    timezone: str
    texts: dict[str, str]
    state_api: str
    state_url: str
    state_token: Secret
    success_state: str
    timeout_state: str
    blocked_state: str
    state_delay: float  # seconds
    ask_availability: bool
    waiting_limit: int  # seconds; 0 is none
    drop_limit: int  # seconds; 0 is none
    user_limit: int  # seconds; 0 is none
    agent_limit: int  # seconds; 0 is none
    delivery_limit: int  # seconds; 0 is none
    goodbye_limit: int  # seconds
    sends_per_second: float  # 0: the platform's own limit
    pair_burst: int  # 0: the platform's own limit
    pair_seconds: float  # 0: the platform's own limit
    intake_limit: int  # MB an hour; 0 is none
    flow_field: str
    ignored_types: tuple[str, ...]
    restart_keywords: tuple[str, ...]
    media_hosts: tuple[str, ...]
    case_origin: str
    phone_prefixes: tuple[str, ...]
    routes: dict[str, Route]  # by flow; "" is the default
    wrong: str = ""  # what of its row cannot be read; it opens no new chat then

    @property
    def keeps_cases(self) -> bool:
        """Is there a login, with which contacts, cases and files are kept?"""
        return self.org is not None and self.org.records is not None

    def route_for(self, flow: object) -> Route | None:
        """Where this flow leads; None when nowhere, not even by default."""
        named = self.routes.get(flow) if isinstance(flow, str) else None
        route = named if named and named.button_id else self.routes.get("")
        return route if route and route.button_id else None
