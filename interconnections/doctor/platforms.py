"""Each bot's platform, by what it did: are its webhooks registered, does it take our token?

There is no call that would ask either and change nothing, so what came and what was refused has to tell.
"""

import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interconnections.directory import Bot
from interconnections.doctor.bots import GROUP
from interconnections.doctor.findings import Finding
from interconnections.providers import WIRE_WORDS
from interconnections.store.platform_activity import PlatformActivity

APART = 15 * 60_000  # ms: who asks for a human has just written to the bot


def platform_findings(bot: Bot, seen: PlatformActivity) -> list[Finding]:
    return [*_webhook(bot, seen), *_token(bot.slug, seen), *_strangers(bot.slug, seen.strangers)]


def _webhook(bot: Bot, seen: PlatformActivity) -> list[Finding]:
    if seen.heard is None:
        told = _("no webhook of its platform was ever seen")
        if seen.opened is not None:
            told += _(", though chats were opened: what users write reaches nobody")
        return [GROUP.warning(f"{bot.slug}: {told}", _register(bot))]
    if seen.opened is not None and seen.heard - seen.opened > APART:
        return [
            GROUP.warning(
                f"{bot.slug}: "
                + _(
                    "no webhook of its platform was seen for %(silent)s, but a chat was opened %(opened)s ago: what "
                    "users write may reach nobody"
                )
                % {"silent": ago(seen.heard), "opened": ago(seen.opened)},
                _register(bot),
            )
        ]
    return [GROUP.ok(f"{bot.slug}: " + _("its platform's last webhook came %s ago") % ago(seen.heard))]


def _register(bot: Bot) -> str:
    address = settings.PUBLIC_URL or "$PUBLIC_URL"
    path = f"/v1/integrations/webhook/register/{WIRE_WORDS[bot.provider]}?bot={bot.slug}"
    call = f'curl -X POST "{address}{path}" -H "Authorization: Bearer $TOKEN"'
    told: str = _("Register it: python manage.py subscribe %(bot)s, or %(call)s; see docs/bots.md.")
    return told % {"bot": bot.slug, "call": call}


def _token(slug: str, seen: PlatformActivity) -> list[Finding]:
    if seen.refused is None or (seen.taken is not None and seen.taken <= seen.refused):
        if seen.taken is None:
            return []
        return [GROUP.ok(f"{slug}: " + _("what we sent last was taken %s ago") % ago(seen.taken))]
    before = _("it never took anything") if seen.taken is None else _("it took something %s ago") % ago(seen.taken)
    known = {"why": seen.why, "ago": ago(seen.refused), "before": before}
    if re.search(r"\b(401|403)\b", seen.why):
        return [
            GROUP.error(
                f"{slug}: "
                + _("its platform or state API refuses our token (%(why)s %(ago)s ago; %(before)s)") % known,
                _("Type the tokens anew on the bot's page: what waits is sent again by itself, until its limit."),
            )
        ]
    return [
        GROUP.warning(
            f"{slug}: " + _("what we sent last was refused (%(why)s %(ago)s ago; %(before)s)") % known,
            _("What is unwell there is tried again by itself; look for “given up” in the workers' logs."),
        )
    ]


def _strangers(slug: str, number: int) -> list[Finding]:
    if not number:
        return []
    told = ngettext(
        "%(number)s open chat is for a user with a + in front, as no webhook writes it: nothing that they say gets "
        "there",
        "%(number)s open chats are for users with a + in front, as no webhook writes it: nothing that they say gets "
        "there",
        number,
    )
    return [
        GROUP.warning(
            f"{slug}: " + told % {"number": number},
            _("Tell the bot's developer: userID must be the webhook's, byte for byte (docs/bots.md)."),
        )
    ]


def ago(ms: int) -> str:
    for size, word in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min")):
        if ms >= 2 * size:
            return f"{ms // size} {word}"
    return f"{ms // 1000} s"
