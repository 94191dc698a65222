"""Each bot's platform, by what it did: are its webhooks registered, does it take our token?

There is no call that would ask either and change nothing, so what came and what was refused has to tell.
"""

import re

from django.conf import settings

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
        lost = "" if seen.opened is None else ", though chats were opened: what users write reaches nobody"
        return [GROUP.warning(f"{bot.slug}: no webhook of its platform was ever seen{lost}", _register(bot))]
    if seen.opened is not None and seen.heard - seen.opened > APART:
        return [
            GROUP.warning(
                f"{bot.slug}: no webhook of its platform was seen for {ago(seen.heard)}, "
                f"but a chat was opened {ago(seen.opened)} ago: what users write may reach nobody",
                _register(bot),
            )
        ]
    return [GROUP.ok(f"{bot.slug}: its platform's last webhook came {ago(seen.heard)} ago")]


def _register(bot: Bot) -> str:
    address = settings.PUBLIC_URL or "$PUBLIC_URL"
    path = f"/v1/integrations/webhook/register/{WIRE_WORDS[bot.provider]}?bot={bot.slug}"
    return (
        f"Register it: python manage.py subscribe {bot.slug}, or "
        f'curl -X POST "{address}{path}" -H "Authorization: Bearer $TOKEN"; see docs/bots.md.'
    )


def _token(slug: str, seen: PlatformActivity) -> list[Finding]:
    if seen.refused is None or (seen.taken is not None and seen.taken <= seen.refused):
        return [] if seen.taken is None else [GROUP.ok(f"{slug}: what we sent last was taken {ago(seen.taken)} ago")]
    before = "it never took anything" if seen.taken is None else f"it took something {ago(seen.taken)} ago"
    if re.search(r"\b(401|403)\b", seen.why):
        return [
            GROUP.error(
                f"{slug}: its platform or state API refuses our token ({seen.why} {ago(seen.refused)} ago; {before})",
                "Type the tokens anew on the bot's page: what waits is sent again by itself, until its limit.",
            )
        ]
    return [
        GROUP.warning(
            f"{slug}: what we sent last was refused ({seen.why} {ago(seen.refused)} ago; {before})",
            "What is unwell there is tried again by itself; look for “given up” in the workers' logs.",
        )
    ]


def _strangers(slug: str, number: int) -> list[Finding]:
    if not number:
        return []
    what = "an open chat is for a user" if number == 1 else f"{number} open chats are for users"
    return [
        GROUP.warning(
            f"{slug}: {what} with a + in front, as no webhook writes it: nothing that they say gets there",
            "Tell the bot's developer: userID must be the webhook's, byte for byte (docs/bots.md).",
        )
    ]


def ago(ms: int) -> str:
    for size, word in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min")):
        if ms >= 2 * size:
            return f"{ms // size} {word}"
    return f"{ms // 1000} s"
