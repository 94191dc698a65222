"""Rows of SQL as values: what is wrong with one is a sentence in it, and costs no other."""

from collections.abc import Mapping
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db.models import Model, QuerySet

from interconnections import models, texts
from interconnections.api_names import is_api_name
from interconnections.desks.hosts import chat_address
from interconnections.desks.records.login import Credentials
from interconnections.desks.records.login_address import login_address
from interconnections.directory.values import Bot, Org, RecordSettings, Route
from interconnections.models.readable import readable, sentence_of
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.providers import WIRE_WORDS

Row = TypeVar("Row", bound=Model)

log = structlog.get_logger("bridge.directory")


def snapshot(before: Mapping[str, Bot] | None = None) -> dict[str, Bot]:
    """Read everything in a few queries.  A bot whose row cannot be read at all is as it was `before`, or left out."""
    found: dict[str, Bot] = {}
    orgs = _orgs()
    bots = models.Bot.objects.select_related("org").prefetch_related("routes__org")
    for slug, row in _rows(bots, "slug").items():
        try:
            found[slug] = _bot(row, orgs) if row is not None else (before or {})[slug]
        except DatabaseTrouble:
            raise
        except Exception as error:
            log.error("a bot cannot be read", bot=slug, error=type(error).__name__)
            if before and slug in before:
                found[slug] = before[slug]
    return found


def _rows(rows: QuerySet[Row], name: str) -> dict[str, Row | None]:
    """By the column that names them; None for a row that Django cannot read."""
    try:
        return {getattr(row, name): row for row in rows}
    except DatabaseTrouble:
        raise
    except Exception as error:  # one of them spoils the query: each by itself
        log.error("rows are read one by one", table=rows.model._meta.db_table, error=type(error).__name__)
    found: dict[str, Row | None] = {}
    for pk, called in rows.model._default_manager.values_list("pk", name):
        try:
            found[called] = rows.get(pk=pk)
        except DatabaseTrouble:
            raise
        except Exception as error:
            log.error("a row cannot be read", row=called, error=type(error).__name__)
            found[called] = None
    return found


def _orgs() -> dict[str, Org]:
    """By name; what cannot be read costs its bots, and they say so."""
    found: dict[str, Org] = {}
    rows: dict[str, models.SalesforceOrg | None] = _rows(models.SalesforceOrg.objects.all(), "name")
    for name, row in rows.items():
        try:
            if row is not None:
                found[name] = org_of(row)
        except Exception as error:
            log.error("an org cannot be read", org=name, error=type(error).__name__)
    return found


def _bot(stored: models.Bot, orgs: Mapping[str, Org]) -> Bot:
    row, mistakes = readable(stored)
    routes, wrong = _routes(row, orgs), sentence_of(row, mistakes)
    return Bot(
        slug=row.slug,
        bot_id=row.bot_id,
        provider=row.provider,
        org=orgs[row.org.name] if row.org else None,
        platform=row.platform,
        settings=PLATFORMS[row.platform].settings(row),
        api_token=row.api_token,
        phone=row.phone,
        webhook_auth=row.webhook_auth,
        webhook_secret=row.webhook_secret,
        language=row.language,
        timezone=row.timezone,
        texts=texts.completed(row.texts, row.language),
        state_api=row.state_api,
        state_settings=STATE_APIS[row.state_api].settings(row) if row.state_api else None,
        success_state=row.success_state,
        timeout_state=row.timeout_state,
        blocked_state=row.blocked_state,
        state_delay=row.state_delay,
        ask_availability=row.ask_availability,
        waiting_limit=row.waiting_limit,
        drop_limit=row.drop_limit,
        retention_days=row.retention_days,
        context_hours=row.context_hours or settings.CONTEXT_HOURS,
        user_limit=row.user_limit,
        agent_limit=row.agent_limit,
        delivery_limit=row.delivery_limit,
        goodbye_limit=row.goodbye_limit,
        sends_per_second=row.sends_per_second,
        pair_burst=row.pair_burst,
        pair_seconds=row.pair_seconds,
        intake_limit=row.intake_limit,
        forward_url=row.forward_url.strip(),
        forward_secret=row.forward_secret,
        flow_field=row.flow_field,
        restart_keywords=tuple(row.restart_keywords),
        media_hosts=tuple(row.media_hosts),
        case_origin=row.case_origin or WIRE_WORDS[row.provider],
        phone_prefixes=tuple(row.phone_prefixes),
        routes=routes,
        pause_text=row.pause_text if row.paused else None,
        wrong=f"the bot {row.slug} cannot be read: {wrong}" if wrong else "",
        orgs=orgs,
    )


def _routes(row: models.Bot, orgs: Mapping[str, Org]) -> dict[str, tuple[Route, ...]]:
    """Those that lead somewhere: into orgs of their own first, always in one order, then into the bot's."""
    found: dict[str, list[Route]] = {}
    stored = [readable(route)[0] for route in row.routes.all()]
    for route in sorted(stored, key=lambda route: (route.org is None, route.org.name if route.org else "")):
        if route.leads_somewhere():
            found.setdefault(route.flow, []).append(
                Route(
                    route.button_id[:15],
                    route.owner_id,
                    route.subject,
                    es_developer_name=route.es_developer_name,
                    org=orgs[route.org.name] if route.org else None,
                    share=route.share,
                )
            )
    return {flow: tuple(routes) for flow, routes in found.items()}


def org_of(stored: models.SalesforceOrg) -> Org:
    row, unread = readable(stored)
    url = chat_address(row.chat_url)
    wrong = ""
    if unread:
        wrong = f"the org {row.name} cannot be read: {sentence_of(row, unread)}"
    elif row.desk is None:
        wrong = f"the chat API {row.chat_api} of the org {row.name} is not built yet"
    elif mistakes := row.login_mistakes():
        wrong = f"the login of the org {row.name} is not whole: {_first(mistakes)}"
    elif not url:
        wrong = f"the chat address of the org {row.name} is missing"
    elif row.desk.must_be_whole and (mistakes := row.chat_mistakes()):
        wrong = f"the chat of the org {row.name} is not whole: {_first(mistakes)}"
    return Org(
        name=row.name,
        chat_api=row.chat_api,
        chat_url=url,
        organization_id=row.organization_id.strip()[:15],
        deployment_id=row.deployment_id.strip()[:15],
        api_version=row.api_version,
        wrong=wrong,
        sends_per_second=row.sends_per_second,
        records=None if row.auth_flow == "none" or wrong else _keeping(row),
        es_developer_name=row.es_developer_name,
        user_verification=row.user_verification,
        verification_issuer=row.verification_issuer,
        verification_audience=row.verification_audience,
        verification_key_id=row.verification_key_id,
        verification_key=row.verification_key,
        routing_attributes=row.routing_attributes,
    )


def _first(mistakes: Mapping[str, object]) -> str:
    name, sentence = next(iter(mistakes.items()))
    return f"{name}: {sentence}"


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
