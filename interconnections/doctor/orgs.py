"""Each Salesforce org: is it configured whole, does its desk answer there, are its buttons and its login good?

The console asks the same, in its reader's language; the doctor itself speaks English.
"""

import asyncio
from collections.abc import Awaitable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.brief_wire import BriefWire
from interconnections.desks import DESKS
from interconnections.directory import Org, Route
from interconnections.doctor.findings import Finding, Group, Level
from interconnections.doctor.records import record_findings
from interconnections.wire import Wire

GROUP = Group("Salesforce orgs")
PAGE = gettext_lazy("Mend it in the admin, on the org's page.")


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
    asked: list[Awaitable[list[Finding]]] = [_chat_findings(name, org, routes, wire)]
    if org.records:
        asked.append(record_findings(GROUP, name, org.records, BriefWire(wire)))
    for told in await asyncio.gather(*asked):
        found += told
    return found


async def _chat_findings(name: str, org: Org, routes: list[tuple[Route, str]], wire: Wire) -> list[Finding]:
    """What its desk says."""
    checks = await DESKS[org.chat_api].check(org, routes, wire)
    return [Finding(GROUP.name, Level(one.level), f"{name}: {one.what}", one.mend) for one in checks]
