"""What the doctor knows of settings and rows, as Django's own checks.

`manage.py check --deploy` asks about the settings, `--database default` about the rows.  `migrate` asks about the
rows as well and stops at an error, so what is wrong with one is a warning here, whatever the doctor calls it:
`check --fail-level WARNING` stops at it.  Proxies that are everybody are in interconnections/checks.py; none at all
is for the doctor to say, as a server may end TLS itself.
"""

from collections.abc import Iterable

from django.core import checks
from django.db import Error as DatabaseTrouble

from interconnections import directory
from interconnections.doctor import bots, orgs, vault
from interconnections.doctor.examination import bot_sentences, clear_text_findings, said_by_clean
from interconnections.doctor.findings import Finding, Level
from interconnections.doctor.surroundings import GROUP as SETTINGS
from interconnections.doctor.surroundings import served_findings
from interconnections.models import Bot, SalesforceOrg

IDS = {SETTINGS.name: "011", vault.GROUP.name: "012", orgs.GROUP.name: "013", bots.GROUP.name: "014"}


def register() -> None:
    checks.register(settings_check, checks.Tags.security, deploy=True)
    checks.register(rows_check, checks.Tags.database)


def settings_check(app_configs: object, **more: object) -> list[checks.CheckMessage]:
    return [_message(finding, finding.level is Level.ERROR) for finding in _odd(served_findings())]


def rows_check(
    app_configs: object, databases: Iterable[str] | None = None, **more: object
) -> list[checks.CheckMessage]:
    """Nothing where there is no table yet, or no database: Django says so itself."""
    if "default" not in (databases or ()):
        return []
    try:
        return [_message(finding, False) for finding in _odd(row_findings())]
    except DatabaseTrouble:
        return []


def row_findings() -> list[Finding]:
    found = [*vault.stored_findings(), *clear_text_findings()]
    for org in SalesforceOrg.objects.order_by("name"):
        found += [orgs.GROUP.error(f"{org}: {sentence}", str(orgs.PAGE)) for sentence in said_by_clean(org)]
    known = directory.snapshot()
    for bot in Bot.objects.select_related("org").prefetch_related("routes").order_by("slug"):
        found += [bots.GROUP.error(f"{bot}: {sentence}", bots.PAGE) for sentence in bot_sentences(bot)]
        if bot.slug in known:
            found += bots.door_findings(known[bot.slug])
    return found


def _odd(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level is not Level.OK]


def _message(finding: Finding, error: bool) -> checks.CheckMessage:
    kind, letter = (checks.Error, "E") if error else (checks.Warning, "W")
    return kind(finding.what, hint=finding.mend or None, id=f"interconnections.{letter}{IDS[finding.group]}")
