"""The examination: SQL first, then everything that waits for a network, at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from django.core.exceptions import ValidationError
from django.db import Error as DatabaseTrouble
from django.db.models import Model
from django.utils.translation import gettext as _

from interconnections import directory
from interconnections.brief_wire import PATIENCE
from interconnections.doctor import bots, orgs, platforms, releases, room, sentinels, server, vault, workload
from interconnections.doctor.database import GROUP as DATABASE
from interconnections.doctor.database import database_findings
from interconnections.doctor.findings import Finding
from interconnections.doctor.surroundings import GROUP as SETTINGS
from interconnections.doctor.surroundings import settings_findings
from interconnections.errors import StoreAway
from interconnections.models import Bot, SalesforceOrg
from interconnections.models.readable import readable
from interconnections.models.routes import share_mistakes
from interconnections.models.validation import clear_text_warnings
from interconnections.store import sentinel_info, server_info, work_info
from interconnections.store.footprint import footprint
from interconnections.store.platform_activity import evidence
from interconnections.store.upgrade import upgrade
from interconnections.transport import new_wire
from interconnections.wire import Wire

GROUPS = [
    group.name
    for group in (SETTINGS, vault.GROUP, DATABASE, server.GROUP, workload.GROUP, orgs.GROUP, bots.GROUP)
]  # fmt: skip
Check = Callable[[Wire], Awaitable[list[Finding]]]


def examine() -> list[Finding]:
    """Every finding, grouped in the order of reading."""
    found = settings_findings()
    about_sql, readable = database_findings()
    checks: list[Check] = []
    known: dict[str, directory.Bot] = {}
    if readable:
        try:
            about_sql += vault.stored_findings()
            known = directory.snapshot()
            about_sql += clear_text_findings()
            checks = [*org_checks(known), *bot_checks(known)]
        except DatabaseTrouble as error:
            about_sql.append(DATABASE.error(f"it cannot be read ({type(error).__name__})", "Look at its log."))
    about_redis, about_shores = asyncio.run(ask(checks, known))
    return in_order([*found, *about_sql, *about_redis, *about_shores])


def in_order(found: list[Finding]) -> list[Finding]:
    """Findings of one group together."""
    return sorted(found, key=lambda finding: GROUPS.index(finding.group))


async def ask(checks: list[Check], known: dict[str, directory.Bot]) -> tuple[list[Finding], list[Finding]]:
    wire = new_wire()
    try:
        redis, *shores = await asyncio.gather(ask_redis(known), *(check(wire) for check in checks))
    finally:
        await wire.close()
    return redis, [finding for shore in shores for finding in shore]


async def ask_redis(known: dict[str, directory.Bot]) -> list[Finding]:
    (replicas, found), told = await asyncio.gather(ask_server(known), sentinel_info.asked())
    return found if told is None else [*found, *sentinels.sentinel_findings(told, replicas)]


async def ask_server(known: dict[str, directory.Bot]) -> tuple[int | None, list[Finding]]:
    """(its replicas, None where it did not answer; what was found)."""
    found: list[Finding] = []
    replicas = None
    try:
        async with asyncio.timeout(PATIENCE), server_info.asking() as redis:
            facts = await server_info.server(redis)
            replicas = len(facts.replica_lags)
            found += server.server_findings(facts)
            if facts.role == "master":
                found += room.room_findings(facts, await footprint(redis))
                found += server.stranger_findings(await server_info.strangers(redis))
                found += workload.work_findings(await work_info.work(redis))
                found += releases.release_findings(await upgrade(redis))
                found += vault.token_findings(await work_info.sealed_tokens(redis))
                seen = await evidence(redis, list(known))
                found += [one for slug, bot in known.items() for one in platforms.platform_findings(bot, seen[slug])]
    except StoreAway as trouble:
        no_master = str(trouble) == sentinels.NO_MASTER
        found.append(sentinels.no_master() if no_master else server.away(str(trouble)))
    except TimeoutError:
        found.append(server.away(f"not within {PATIENCE:.0f} s"))
    return replicas, found


def org_checks(known: dict[str, directory.Bot]) -> list[Check]:
    rows = list(SalesforceOrg.objects.order_by("name"))
    if not rows:
        return [
            _already(orgs.GROUP.error("no org is configured", "Add one in the admin; see docs/configuration.md."))
        ]
    used = {org.name: org for bot in known.values() for org in orgs_of(bot)}
    return [
        partial(
            orgs.org_findings, row.name, used.get(row.name), said_by_clean(row), doubts(row), whose(known, row.name)
        )
        for row in rows
    ]


def orgs_of(bot: directory.Bot) -> list[directory.Org]:
    """Its own, and those that its routes name."""
    named = (route.org for routes in bot.routes.values() for route in routes)
    return [org for org in (bot.org, *named) if org]


def whose(known: dict[str, directory.Bot], name: str) -> list[tuple[directory.Route, str]]:
    """The routes that lead into this org, and whose each is."""
    return [
        (route, f"{bot.slug}, {_('flow %s') % flow if flow else _('every other flow')}")
        for bot in known.values()
        for flow, routes in bot.routes.items()
        for route in routes
        if (org := route.org or bot.org) and org.name == name
    ]


def bot_checks(known: dict[str, directory.Bot]) -> list[Check]:
    rows = list(Bot.objects.select_related("org").prefetch_related("routes__org").order_by("slug"))
    if not rows:
        return [
            _already(bots.GROUP.error("no bot is configured", "Add one in the admin; see docs/configuration.md."))
        ]
    return [partial(bots.bot_findings, known[row.slug], bot_sentences(row)) for row in rows if row.slug in known]


def bot_sentences(row: Model) -> list[str]:
    sentences = said_by_clean(row)
    sentences += share_mistakes(row.routes.all())
    for route in row.routes.all():
        sentences += [f"route {route.flow or '(every other flow)'}: {sentence}" for sentence in said_by_clean(route)]
    return sentences


def clear_text_findings(of: Model | None = None) -> list[Finding]:
    """Addresses without TLS, beyond this machine."""
    rows = [of] if of else [*SalesforceOrg.objects.order_by("name"), *Bot.objects.order_by("slug")]
    mend = _("Take the https address; in the clear only within one machine.")
    return [
        (bots if isinstance(row, Bot) else orgs).GROUP.warning(f"{row}: {sentence}", mend)
        for row in rows
        for sentence in in_the_clear(row)
    ]


def in_the_clear(row: Model) -> list[str]:
    return _by_name(row, clear_text_warnings(row) if hasattr(row, "secrets_go_to") else {})


def doubts(row: Model) -> list[str]:
    """What may be right and mostly is not; of a row that can be read."""
    return _by_name(row, row.doubts()) if isinstance(row, SalesforceOrg) and not readable(row)[1] else []


def _by_name(row: Model, sentences: Mapping[str, object]) -> list[str]:
    return [f"{row._meta.get_field(name).verbose_name}: {sentence}" for name, sentence in sentences.items()]


def _already(finding: Finding) -> Check:
    async def check(wire: Wire) -> list[Finding]:
        return [finding]

    return check


def said_by_clean(row: Model) -> list[str]:
    """What the form would have said: fixtures come in without it."""
    try:
        row.clean()
    except ValidationError as fault:
        return [
            f"{row._meta.get_field(name).verbose_name}: {sentence}"
            for name, sentences in fault.message_dict.items()
            for sentence in sentences
        ]
    return []
