"""An org that speaks Enhanced Chat: does it know our deployments and our users, and is it open?

A token is asked for and let go of; no conversation is begun.  Source: salesforce-enhanced-chat.md, sections 1, 3, 4.
"""

import asyncio
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections import clock
from interconnections.brief_wire import BriefWire
from interconnections.desks.desk import Check, Org, Route
from interconnections.desks.enhanced_chat.client import EnhancedChat
from interconnections.desks.enhanced_chat.exchange import Access, Deployment
from interconnections.desks.enhanced_chat.tokens import Token, Verification, identity
from interconnections.errors import DeskError, VerificationFailed
from interconnections.wire import Wire, host_of

WHO = "doctor:check"  # no user of any bot
CUSTOM_CLIENT = "api"
SKEW = 20  # seconds by which our clock may differ from Salesforce's
GUIDE = gettext_lazy("docs/enhanced-chat.md says where each value is in Setup.")


async def checks(org: Org, routes: Sequence[tuple[Route, str]], wire: Wire) -> list[Check]:
    used = {org.es_developer_name: ""}
    for route, whose in routes:
        used.setdefault(route.es_developer_name or org.es_developer_name, whose)
    each = [_Deployment(org, deployment, whose, wire) for deployment, whose in used.items()]
    return [one for found in await asyncio.gather(*(one.checks() for one in each)) for one in found]


class _Deployment:
    def __init__(self, org: Org, deployment: str, whose: str, wire: Wire) -> None:
        self.org, self.wire = org, BriefWire(wire)
        self.called = deployment + (f" ({whose})" if whose else "")
        self.client = EnhancedChat(self.wire)
        self.deployment = Deployment(org.chat_url, org.organization_id, deployment)

    @property
    def verified(self) -> bool:
        return self.org.user_verification == "jwt"

    async def checks(self) -> list[Check]:
        try:
            token = await self._token()
        except DeskError as trouble:
            return [self._refused(trouble), *self._clock()]
        found = self._clock()
        if token.deployment_type not in ("", CUSTOM_CLIENT):
            what = _("the deployment is of the type %s, and only a Custom Client takes chats of ours")
            found.append(
                self._error(
                    what % repr(token.deployment_type),
                    _(
                        "Make one: Setup → Embedded Service Deployments → New Deployment → Messaging for In-App and "
                        "Web → Custom Client; then copy its DeveloperName."
                    ),
                )
            )
        elif self.verified:
            found.append(self._ok(_("Enhanced Chat at %s gives tokens, and verifies our users")))
        else:
            found.append(self._ok(_("Enhanced Chat at %s gives tokens to anonymous users")))
        if self.verified:
            found += await self._revoked(token)
        return [*found, *await self._hours()]

    async def _token(self) -> Token:
        if not self.verified:
            return await self.client.anonymous_token(self.deployment)
        org = self.org
        own = Verification(
            org.verification_issuer, org.verification_audience, org.verification_key_id, org.verification_key
        )
        return await self.client.verified_token(self.deployment, identity(own, WHO, time.time()))

    async def _revoked(self, token: Token) -> list[Check]:
        try:
            await self.client.revoke(Access(self.deployment, token.value))
        except DeskError:
            what = _("our test token could not be revoked")
            return [self._warning(what, _("Nothing to do: it expires by itself."))]
        return []

    async def _hours(self) -> list[Check]:
        try:
            hours = await self.client.business_hours(self.deployment)
        except DeskError as trouble:
            return [self._warning(_("the business hours are not told: %s") % trouble, _("Ask again."))]
        if hours.active is False:
            what = _("its business hours are not active: agents may never get these chats")
            return [
                self._warning(what, _("Look at them: Setup → Business Hours, and at the channel that names them."))
            ]
        if hours.open_at(int(clock.now())) is False:
            what = _("it is closed now, by its business hours")
            return [self._warning(what, _("Nothing to do if that is right; else see Setup → Business Hours."))]
        return []

    def _clock(self) -> list[Check]:
        """What we sign is good for three minutes from a moment that our clock tells."""
        ahead = seconds_ahead(self.wire.date, time.time()) if self.verified else 0
        if abs(ahead) <= SKEW:
            return []
        what = (
            _("this machine's clock is %s s ahead of Salesforce's: what we sign is refused")
            if ahead > 0
            else _("this machine's clock is %s s behind Salesforce's: what we sign is refused")
        )
        return [self._error(what % abs(ahead), _("Let it follow a time server (chrony, systemd-timesyncd)."))]

    def _refused(self, trouble: DeskError) -> Check:
        status, known = self.wire.status, {"host": host_of(self.org.chat_url), "why": trouble}
        if isinstance(trouble, VerificationFailed):
            return self._error(
                str(trouble),
                _(
                    "Compare issuer, audience and key id with Setup → User Verification, to the letter; the public "
                    "half of our key must be the JSON Web Key there."
                ),
            )
        if status == 403 and self.verified:
            return self._error(
                _("Salesforce gives no token to verified users (403)"),
                _(
                    "Switch User Verification on in the channel (Setup → Messaging Settings), or choose “none” here; "
                    "look too whether the deployment is a Custom Client."
                ),
            )
        if status == 403:
            return self._error(
                _("Salesforce gives no token to anonymous users (403)"),
                _(
                    "Switch User Verification off in the channel (Setup → Messaging Settings), or choose JWT here; "
                    "look too whether the deployment is a Custom Client."
                ),
            )
        if status == 429:
            return self._warning(
                _("Salesforce has no token for us now: too many were asked for"),
                _("Ask again in a minute; see what else asks for tokens in this org."),
            )
        if status is None:
            return self._error(
                _("%(host)s does not answer (%(why)s)") % known,
                _(
                    "Look at the address (Url in the Code Snippet), then at the network and firewall from here to "
                    "Salesforce."
                ),
            )
        if status >= 500:
            return self._error(
                _("%(host)s answered %(status)s: Salesforce is unwell") % (known | {"status": status}),
                _("See status.salesforce.com; ask again."),
            )
        return self._error(
            _("Salesforce does not know this deployment or this org (%s)") % status,
            _(
                "Copy Url, OrganizationId and DeveloperName from the Code Snippet of the deployment again; the "
                "organization id is the one of 15 characters."
            ),
        )

    def _ok(self, what: str) -> Check:
        return Check("ok", f"{self.called}: " + what % host_of(self.org.chat_url))

    def _warning(self, what: str, mend: str) -> Check:
        return Check("warning", f"{self.called}: {what}", mend)

    def _error(self, what: str, mend: str) -> Check:
        return Check("error", f"{self.called}: {what}", f"{mend} {GUIDE}")


def seconds_ahead(date: str, now: float) -> int:
    """Of our clock, by the Date that an answer carries; 0 where it carries none that can be read."""
    try:
        return round(now - parsedate_to_datetime(date).timestamp())
    except (TypeError, ValueError):
        return 0
