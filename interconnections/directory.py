"""What SQL knows about bots and orgs, as frozen values: read at most every second, never on a message's path.

Whatever goes wrong with SQL, the last snapshot serves on; whatever is wrong with a row, it costs that bot its new
chats (the bots of that org, theirs), with a sentence in `wrong`, and nobody else anything.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.db import Error as DatabaseTrouble

from interconnections import models, texts
from interconnections.api_names import is_api_name
from interconnections.desks.live_agent.hosts import chat_address
from interconnections.desks.records.login import Credentials
from interconnections.desks.records.login_address import login_address
from interconnections.errors import Unavailable
from interconnections.models.readable import readable, sentence_of
from interconnections.platforms.yalo.reader import IGNORED
from interconnections.secret import Secret
from interconnections.threads import Purpose, in_thread

FRESH = 1.0  # seconds without a look at SQL
STALE = 5.0  # seconds after which a caller waits for the new snapshot
WAITS = 2.0  # seconds; a database that hangs is one that is away

log = structlog.get_logger("bridge.directory")


@dataclass(frozen=True, slots=True)
class Org:
    name: str
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


class Directory:
    def __init__(self) -> None:
        self._bots: dict[str, Bot] = {}
        self._read_at = -STALE
        self._reading: asyncio.Task[None] | None = None
        self._failed = False  # did the last reading fail? Then a slug that is not there may be new

    async def bots(self) -> dict[str, Bot]:
        """All bots by slug; raises Unavailable when SQL never answered."""
        age = time.monotonic() - self._read_at
        if age > FRESH:
            reading = self._refresh()
            if age > STALE and not (self._failed and self._bots):
                await self._wait_for(reading)
        return self._bots

    async def bot(self, slug: str) -> Bot | None:
        """One bot; a slug we do not know is looked for in SQL at once, it may be new.

        Raises Unavailable when it is not known and SQL cannot be asked.
        """
        found = (await self.bots()).get(slug)
        if found is None and time.monotonic() - self._read_at > 0.2:
            await self._wait_for(self._refresh())
            found = self._bots.get(slug)
        if found is None and self._failed:
            raise Unavailable("the configuration cannot be read now, try again")
        return found

    async def _wait_for(self, reading: asyncio.Task[None]) -> None:
        """Until it is read, or it is clear that the last snapshot serves on."""
        try:
            async with asyncio.timeout(WAITS if self._bots else None):
                await asyncio.shield(reading)
        except TimeoutError:
            self._failed = True
            log.warning("configuration not read, the last one serves on", error="it takes too long")

    def _refresh(self) -> asyncio.Task[None]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        try:
            self._bots = await in_thread(Purpose.CONFIGURATION, snapshot, self._bots)
            self._failed = False
        except Exception as error:  # no driver keeps to its own errors, and a bug in here must stop no conversation
            self._failed = True
            if not self._bots:
                raise Unavailable("the configuration cannot be read now, try again") from error
            log.warning("configuration not read, the last one serves on", error=type(error).__name__)
        self._read_at = time.monotonic()


def snapshot(before: Mapping[str, Bot] | None = None) -> dict[str, Bot]:
    """Read everything in two queries.  A bot whose row cannot be read at all is as it was `before`, or left out."""
    found = {}
    for slug, row in _rows().items():
        try:
            found[slug] = _bot(row) if row is not None else (before or {})[slug]
        except DatabaseTrouble:
            raise
        except Exception as error:
            log.error("a bot cannot be read", bot=slug, error=type(error).__name__)
            if before and slug in before:
                found[slug] = before[slug]
    return found


def _rows() -> dict[str, models.Bot | None]:
    """The bots by slug; None for a row that Django cannot make a bot of."""
    rows = models.Bot.objects.select_related("org").prefetch_related("routes")
    try:
        return {row.slug: row for row in rows}
    except DatabaseTrouble:
        raise
    except Exception as error:  # one of them spoils the query: each by itself
        log.error("bots are read one by one", error=type(error).__name__)
    found: dict[str, models.Bot | None] = {}
    for pk, slug in models.Bot.objects.values_list("pk", "slug"):
        try:
            found[slug] = rows.get(pk=pk)
        except DatabaseTrouble:
            raise
        except Exception as error:
            log.error("a bot cannot be read", bot=slug, error=type(error).__name__)
            found[slug] = None
    return found


def _bot(stored: models.Bot) -> Bot:
    row, mistakes = readable(stored)
    routes, wrong = _routes(row), sentence_of(row, mistakes)
    return Bot(
        slug=row.slug,
        bot_id=row.bot_id,
        provider=row.provider,
        org=org_of(row.org) if row.org else None,
        platform=row.platform,
        api_url=row.api_url.rstrip("/"),
        api_token=row.api_token,
        channel=row.channel or ("passthrough" if row.provider == "messenger" else "outgoing_webhook"),
        phone=row.phone,
        webhook_auth=row.webhook_auth,
        webhook_secret=row.webhook_secret,
        verify_token=row.verify_token,
        language=row.language,
        timezone=row.timezone,
        texts=texts.completed(row.texts, row.language),
        state_api=row.state_api,
        state_url=row.state_url.rstrip("/"),
        state_token=row.state_token,
        success_state=row.success_state,
        timeout_state=row.timeout_state,
        blocked_state=row.blocked_state,
        state_delay=row.state_delay,
        ask_availability=row.ask_availability,
        waiting_limit=row.waiting_limit,
        drop_limit=row.drop_limit,
        user_limit=row.user_limit,
        agent_limit=row.agent_limit,
        delivery_limit=row.delivery_limit,
        goodbye_limit=row.goodbye_limit,
        sends_per_second=row.sends_per_second,
        pair_burst=row.pair_burst,
        pair_seconds=row.pair_seconds,
        intake_limit=row.intake_limit,
        flow_field=row.flow_field,
        ignored_types=tuple(row.ignored_types) or IGNORED,
        restart_keywords=tuple(row.restart_keywords),
        media_hosts=tuple(row.media_hosts),
        case_origin=row.case_origin or ("facebook" if row.provider == "messenger" else "whatsapp"),
        phone_prefixes=tuple(row.phone_prefixes),
        routes=routes,
        wrong=f"the bot {row.slug} cannot be read: {wrong}" if wrong else "",
    )


def _routes(row: models.Bot) -> dict[str, Route]:
    stored = [readable(route)[0] for route in row.routes.all()]
    return {route.flow: Route(route.button_id[:15], route.owner_id, route.subject) for route in stored}


def org_of(stored: models.SalesforceOrg) -> Org:
    row, unread = readable(stored)
    url = chat_address(row.chat_url)
    wrong = ""
    if unread:
        wrong = f"the org {row.name} cannot be read: {sentence_of(row, unread)}"
    elif row.chat_api != "live_agent":
        wrong = f"the chat API {row.chat_api} of the org {row.name} is not built yet"
    elif mistakes := row.login_mistakes():
        name, sentence = next(iter(mistakes.items()))
        wrong = f"the login of the org {row.name} is not whole: {name}: {sentence}"
    elif not url:
        wrong = f"the chat address of the org {row.name} is missing"
    return Org(
        name=row.name,
        chat_url=url,
        organization_id=row.organization_id.strip()[:15],
        deployment_id=row.deployment_id.strip()[:15],
        api_version=row.api_version,
        wrong=wrong,
        sends_per_second=row.sends_per_second,
        records=None if row.auth_flow == "none" or wrong else _keeping(row),
    )


def _keeping(row: models.SalesforceOrg) -> RecordSettings:
    version = row.data_api_version.removeprefix("v")
    return RecordSettings(
        credentials=Credentials(
            flow=row.auth_flow,
            login_url=login_address(row.login_url),
            client_id=row.client_id,
            client_secret=row.client_secret,
            username=row.username,
            password=row.password,
            security_token=row.security_token,
            private_key=row.private_key,
        ),
        version=version if version.endswith(".0") else f"{version}.0",
        case_record_type=row.record_type_id,
        account_record_type=row.account_record_type_id,
        account_birthdate=row.account_birthdate,
        case_fields=_map(row.custom_fields_case),
        contact_fields=_map(row.custom_fields_contact),
        account_fields=_map(row.custom_fields_account),
        search_fields=_map(row.search_fields_contact),
        blocked_field=row.blocked_field,
        case_key_field=row.case_key_field,
        contact_key_field=row.contact_key_field,
        case_status=row.case_status,
        case_priority=row.case_priority,
    )


def _map(stored: object) -> dict[str, str]:
    """What is no map from key to field is left out: fixtures may be loaded that no form has seen."""
    found = stored.items() if isinstance(stored, dict) else ()
    return {str(name): field for name, field in found if is_api_name(field)}
