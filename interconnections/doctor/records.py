"""An org's contacts and cases: is the login taken, and are the configured fields there and readable?"""

import time

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.bridge.logins import SPOILT, fingerprint
from interconnections.desks.records import people, soql
from interconnections.desks.records.client import Records
from interconnections.desks.records.login import Credentials, Token, log_in
from interconnections.directory import RecordSettings
from interconnections.doctor.findings import Finding, Group
from interconnections.errors import LoginRefused, RecordsError, StoreAway
from interconnections.store import server_info, tokens
from interconnections.wire import Wire
from interconnections.wire import host_of as host

log = structlog.get_logger("bridge.doctor")
GUIDE = gettext_lazy("docs/salesforce.md says where each value is in Setup.")
MUCH = 0.8  # of the org's API calls


class OwnLogin:
    """A login of the doctor's own, under the pause that all share: a refusal of these very credentials is told
    again instead of knocking on, for a minute, and a new one is noted for the others."""

    def __init__(self, wire: Wire, org: str, credentials: Credentials) -> None:
        self.wire, self.org, self.credentials = wire, org, credentials
        self._fingerprint = fingerprint(credentials)
        self._token: Token | None = None

    async def token(self, refused: Token | None = None) -> Token:
        if self._token is None or self._token == refused:
            if why := await self._pause():
                raise LoginRefused(_("%s (a moment ago; Salesforce is asked again in a minute)") % why)
            try:
                self._token = await log_in(self.wire, self.credentials, time.time())
            except LoginRefused as refusal:
                await self._note(str(refusal))
                raise
        return self._token

    async def elsewhere(self, token: Token) -> Token | None:
        """It was asked for a moment ago: whoever checks is told that nobody is there."""
        return None

    async def spoilt(self, token: Token) -> None:
        await self._note(SPOILT)
        raise LoginRefused(SPOILT)

    async def _pause(self) -> str:
        try:
            async with server_info.asking() as redis:
                kept = await tokens.read(redis, self.org, self._fingerprint)
        except StoreAway:
            return ""  # which is a finding of its own; nobody logs in for chats meanwhile
        return kept.refused if kept else ""

    async def _note(self, why: str) -> None:
        try:
            async with server_info.asking() as redis:
                await tokens.refuse(redis, self.org, self._fingerprint, why)
        except StoreAway as trouble:
            log.warning("a refused login is not kept", org=self.org, why=str(trouble))


async def record_findings(group: Group, name: str, keeping: RecordSettings, wire: Wire) -> list[Finding]:
    records = Records(wire, OwnLogin(wire, name, keeping.credentials), keeping.version)
    place = host(keeping.credentials.login_url)
    samples = samples_of(keeping)
    try:
        await records.sessions.token()
    except RecordsError as error:
        return [
            group.error(f"{name}: " + _("no login at %(host)s: %(why)s") % {"host": place, "why": error}, str(GUIDE))
        ]
    try:
        outcomes = await records.queries(list(samples.values()))
    except RecordsError as error:
        return [
            group.error(
                f"{name}: " + _("the login is taken, but the data API is not to be used: %s") % error, str(GUIDE)
            )
        ]
    found = [
        group.error(
            f"{name}: " + _("%(object)s cannot be read: %(why)s") % {"object": sobject, "why": outcome}, str(GUIDE)
        )
        for sobject, outcome in zip(samples, outcomes, strict=True)
        if isinstance(outcome, RecordsError)
    ]
    if not found:
        found.append(
            group.ok(
                f"{name}: "
                + _("logs in at %(host)s and reads %(objects)s with the configured fields")
                % {"host": place, "objects": ", ".join(samples)}
            )
        )
    if records.usage and records.usage[0] >= MUCH * records.usage[1]:
        used, allowed = records.usage
        found.append(
            group.warning(
                f"{name}: "
                + _("%(used)s of %(allowed)s API calls of these 24 hours are used")
                % {"used": used, "allowed": allowed},
                _("See what else calls this org: Setup → System Overview."),
            )
        )
    return found


def samples_of(keeping: RecordSettings) -> dict[str, str]:
    """Queries that name every configured field, by object."""
    blocked = [keeping.blocked_field] if keeping.blocked_field else []
    keys = [keeping.contact_key_field] if keeping.contact_key_field else []
    contact = ["Id", "Email", "MobilePhone", *keeping.search_fields.values(), *keeping.contact_fields.values()]
    case = ["Id", "ContactId", "Subject", "CreatedDate", *keeping.case_fields.values()]
    found = {
        "Contact": soql.sample([*contact, *blocked, *keys], "Contact"),
        "Case": soql.sample([*case, *([keeping.case_key_field] if keeping.case_key_field else [])], "Case"),
    }
    if keeping.account_record_type:
        fields = ["Id", "PersonContactId", "PersonEmail", *keeping.account_fields.values()]
        found["Account"] = soql.sample([*fields, *(people.on_account(name) for name in blocked)], "Account")
    return found
