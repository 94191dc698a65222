"""An org that speaks Live Agent: does it open sessions for us, and does it know our buttons?

A session is opened and let go of; no chat is requested.
"""

import asyncio
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.brief_wire import BriefWire
from interconnections.desks.desk import Check, Org, Route
from interconnections.desks.live_agent.client import Access, Deployment, LiveAgent
from interconnections.errors import DeskError
from interconnections.wire import Wire, host_of

GONE = (301, 302, 307, 308, 400, 403, 404, 405, 410)
RETIRED = gettext_lazy("Live Agent is not there: the address is wrong, or this org's Chat is retired")
ADDRESS = gettext_lazy("Copy the Chat API Endpoint from Setup → Chat Settings into the org's chat address.")


async def checks(org: Org, routes: Sequence[tuple[Route, str]], wire: Wire) -> list[Check]:
    brief = BriefWire(wire)
    desk = LiveAgent(brief)
    deployment = Deployment(org.chat_url, org.organization_id, org.deployment_id, org.api_version)
    try:
        session = await desk.open_session(deployment)
    except DeskError as trouble:
        return [_unanswered(org.chat_url, brief.status, str(trouble))]
    found = [Check("ok", _("Live Agent answers at %s") % host_of(org.chat_url))]
    buttons = {route.button_id: whose for route, whose in routes if route.button_id}
    for told in await asyncio.gather(
        *(_button(BriefWire(wire), deployment, button, whose) for button, whose in buttons.items())
    ):
        found += told
    try:
        await desk.drop(Access(org.chat_url, org.api_version, session.key, session.affinity))
    except DeskError:
        what = _("our test session could not be deleted")
        found.append(Check("warning", what, _("Nothing to do: it expires by itself.")))
    return found


async def _button(wire: BriefWire, deployment: Deployment, button: str, whose: str) -> list[Check]:
    """Closed is a state of the day; not known is a mistake."""
    told = await LiveAgent(wire).availability(deployment, button)
    if told.moved or told.open:
        return []
    if told.open is False:
        return [
            Check(
                "warning",
                _("nobody takes chats of the button %(button)s now (%(whose)s): it is closed, or its id is wrong")
                % {"button": button, "whose": whose},
                _("Look whether agents with its skill are online, and compare the id in Setup → Chat Buttons."),
            )
        ]
    if wire.status is None or wire.status >= 500:
        told_nothing = _("Salesforce does not tell of the button %(button)s (%(whose)s)")
        return [Check("warning", told_nothing % {"button": button, "whose": whose}, _("Ask again."))]
    return [
        Check(
            "error",
            _("Salesforce does not know the button %(button)s (%(whose)s); it answered %(status)s")
            % {"button": button, "whose": whose, "status": wire.status},
            _("Copy the ids of organization, deployment and button from Setup again."),
        )
    ]


def _unanswered(url: str, status: int | None, why: str) -> Check:
    known = {"host": host_of(url), "status": status, "why": why.removeprefix("no answer: ")}
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
    return Check("error", words, mend)
