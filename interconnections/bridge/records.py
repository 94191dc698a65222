"""A contact and a case before the chat: found or made, each once, each recorded in the start that wants them."""

import structlog

from interconnections.bridge.case import case_for
from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.contact import contact_for
from interconnections.bridge.logins import SharedLogin
from interconnections.bridge.reservation import StartReservation
from interconnections.bridge.services import Bridge
from interconnections.desks.records.client import Records
from interconnections.directory import Bot, Org, RecordSettings, Route
from interconnections.errors import RecordsError, StoreAway
from interconnections.store import tokens

MUCH = 0.8  # of the org's API calls: from here on every start warns (section 2)

log = structlog.get_logger("bridge.records")


class NoRecords(Exception):
    """Contact or case did not come about; the sentence says which, and why."""


def records_of(bridge: Bridge, org: Org, keeping: RecordSettings) -> Records:
    login = SharedLogin(bridge.redis, bridge.records_wire, org.name, keeping.credentials)
    return Records(bridge.records_wire, login, keeping.version)


async def attach(
    bridge: Bridge, bot: Bot, org: Org, route: Route, wish: ConnectRequest, starting: StartReservation
) -> None:
    """Afterwards `starting.steps` has contactId and caseId.

    Raises contact.Blocked, NoRecords, and Conflict when another goes on with this start.
    """
    if (keeping := org.records) is None:
        return
    records = records_of(bridge, org, keeping)
    step = "the contact could not be found or made"
    try:
        await contact_for(bridge.redis, records, org.name, keeping, bot, wish, starting)
        step = "the case could not be made"
        await case_for(bridge.redis, records, keeping, bot, route, wish, starting)
    except RecordsError as error:
        raise NoRecords(f"{step}: {error}") from None
    finally:
        await note_usage(bridge, org, records)


async def note_usage(bridge: Bridge, org: Org, records: Records) -> None:
    """For the gauges; what was done for a user does not fail because of it."""
    if records.usage is None:
        return
    used, allowed = records.usage
    try:
        await tokens.note_usage(bridge.redis, org.name, used, allowed)
    except StoreAway as trouble:
        log.warning("the API calls could not be noted", org=org.name, why=str(trouble))
    if used >= MUCH * allowed:
        log.warning("API calls are running out", org=org.name, used=used, allowed=allowed)
