"""Each Salesforce org: is it configured whole, does its desk answer there, are its buttons and its login good?

The console asks the same, in its reader's language; the doctor itself speaks English.
"""

import asyncio

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.desks.live_agent.client import Access, Deployment, LiveAgent
from interconnections.directory import Org, Route
from interconnections.doctor.enhanced_chat import chat_findings
from interconnections.doctor.findings import Finding, Group
from interconnections.doctor.http_probe import BriefWire, host
from interconnections.doctor.records import record_findings
from interconnections.errors import DeskError
from interconnections.models.orgs import ENHANCED_CHAT
from interconnections.wire import Wire

GROUP = Group("Salesforce orgs")
PAGE = gettext_lazy("Mend it in the admin, on the org's page.")
GONE = (301, 302, 307, 308, 400, 403, 404, 405, 410)
RETIRED = gettext_lazy("Live Agent is not there: the address is wrong, or this org's Chat is retired")
ADDRESS = gettext_lazy("Copy the Chat API Endpoint from Setup → Chat Settings into the org's chat address.")


async def org_findings(
    name: str,
    org: Org | None,
    sentences: list[str],
    doubts: list[str],
    routes: list[tuple[Route, str]],
    wire: Wire,
) -> list[Finding]:
    """`sentences`: what clean() says; `doubts`: what it lets pass; `org`: None where no bot uses it, so that it can
    lose nothing; `routes`: those that lead there, and whose each is."""
    if org is None:
        return [
            GROUP.warning(f"{name}: " + _("no bot uses it"), _("Choose it in a bot, or delete it.")),
            *(GROUP.warning(f"{name}: {sentence}", str(PAGE)) for sentence in sentences),
        ]
    found = [GROUP.error(f"{name}: {sentence}", str(PAGE)) for sentence in sentences]
    found += [GROUP.warning(f"{name}: {sentence}", str(PAGE)) for sentence in doubts]
    if org.wrong:
        return found or [GROUP.error(f"{name}: {org.wrong}", str(PAGE))]
    if org.chat_api == ENHANCED_CHAT:
        found += await chat_findings(GROUP, name, org, routes, wire)
        return [*found, *(await record_findings(GROUP, name, org.records, BriefWire(wire)) if org.records else [])]
    brief = BriefWire(wire)
    desk = LiveAgent(brief)
    deployment = Deployment(org.chat_url, org.organization_id, org.deployment_id, org.api_version)
    try:
        session = await desk.open_session(deployment)
    except DeskError as trouble:
        return [*found, GROUP.error(*_unanswered(name, org.chat_url, brief.status, str(trouble)))]
    found.append(GROUP.ok(f"{name}: " + _("Live Agent answers at %s") % host(org.chat_url)))
    buttons = {route.button_id: whose for route, whose in routes if route.button_id}
    more = [_button(BriefWire(wire), name, deployment, button, whose) for button, whose in buttons.items()]
    if org.records:
        more.append(record_findings(GROUP, name, org.records, BriefWire(wire)))
    for answers in await asyncio.gather(*more):
        found += answers
    try:
        await desk.drop(Access(org.chat_url, org.api_version, session.key, session.affinity))
    except DeskError:
        found.append(
            GROUP.warning(
                f"{name}: " + _("our test session could not be deleted"), _("Nothing to do: it expires by itself.")
            )
        )
    return found


async def _button(wire: BriefWire, name: str, deployment: Deployment, button: str, whose: str) -> list[Finding]:
    """Closed is a state of the day; not known is a mistake."""
    told = await LiveAgent(wire).availability(deployment, button)
    if told.moved or told.open:
        return []
    if told.open is False:
        return [
            GROUP.warning(
                f"{name}: "
                + _("nobody takes chats of the button %(button)s now (%(whose)s): it is closed, or its id is wrong")
                % {"button": button, "whose": whose},
                _("Look whether agents with its skill are online, and compare the id in Setup → Chat Buttons."),
            )
        ]
    if wire.status is None or wire.status >= 500:
        told_nothing = _("Salesforce does not tell of the button %(button)s (%(whose)s)")
        return [GROUP.warning(f"{name}: " + told_nothing % {"button": button, "whose": whose}, _("Ask again."))]
    return [
        GROUP.error(
            f"{name}: "
            + _("Salesforce does not know the button %(button)s (%(whose)s); it answered %(status)s")
            % {"button": button, "whose": whose, "status": wire.status},
            _("Copy the ids of organization, deployment and button from Setup again."),
        )
    ]


def _unanswered(name: str, url: str, status: int | None, why: str) -> tuple[str, str]:
    known = {"host": host(url), "status": status, "why": why.removeprefix("no answer: ")}
    mend = str(ADDRESS)
    if status in GONE:
        words = _("%(host)s answered %(status)s.") % known + f" {RETIRED}"
    elif status is None and "DNS" in why:
        words = _("there is no host %(host)s.") % known + f" {RETIRED}"
    elif status is None:
        words = _("%(host)s does not answer (%(why)s)") % known
        mend = _("Look at the network and firewall from here to Salesforce, then at the address.")
    elif status >= 500:
        words = _("%(host)s answered %(status)s: Salesforce is unwell") % known
        mend = _("See status.salesforce.com; ask again.")
    else:
        words = _("%(host)s answers %(status)s, but not like Live Agent (%(why)s)") % known
    return f"{name}: {words}", mend
