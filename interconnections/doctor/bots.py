"""Each bot: is it configured whole, do its flows lead somewhere, do its platform and its state API answer?"""

import asyncio

from interconnections.directory import Bot
from interconnections.doctor.findings import Finding, Group
from interconnections.doctor.http_probe import BriefWire, host
from interconnections.wire import Unreachable, Wire

GROUP = Group("Bots")
PAGE = "Mend it in the admin, on the bot's page."


async def bot_findings(bot: Bot, sentences: list[str], wire: Wire) -> list[Finding]:
    """`sentences`: what clean() says of the bot and of its routes."""
    found = [GROUP.error(f"{bot.slug}: {sentence}", PAGE) for sentence in sentences]
    found += door_findings(bot)
    doors = [("the platform's API", bot.api_url, "what agents say is kept and retried")]
    if bot.state_api:
        doors.append(("the state API", bot.state_url, "the bot does not get its users back"))
    for answers in await asyncio.gather(*(_answers(wire, bot.slug, *door) for door in doors)):
        found += answers
    return found


def door_findings(bot: Bot) -> list[Finding]:
    found = []
    if bot.webhook_auth == "none":
        found.append(
            GROUP.warning(
                f"{bot.slug}: its webhooks are not authenticated: anyone can speak as any user",
                "Choose a shared secret, and register the webhook again.",
            )
        )
    if not bot.routes:
        found.append(
            GROUP.error(
                f"{bot.slug}: no route leads to a button: no chat can be opened", "Add one, with an empty flow."
            )
        )
    elif "" not in bot.routes:
        found.append(
            GROUP.warning(
                f"{bot.slug}: no default route: only users of {', '.join(sorted(bot.routes))} get an agent",
                "Add a route with an empty flow.",
            )
        )
    if not bot.api_token:
        found.append(
            GROUP.warning(
                f"{bot.slug}: no API token: the platform may refuse what agents say", "Type it on its page."
            )
        )
    return found


async def _answers(wire: Wire, slug: str, what: str, url: str, then: str) -> list[Finding]:
    """Any answer will do: a GET of the address proves the way, and changes nothing there."""
    if not url.startswith(("http://", "https://")):
        return []  # clean() has said so
    try:
        reply = await BriefWire(wire).send("GET", url, headers={})
    except Unreachable as trouble:
        if "DNS" in str(trouble):
            return [GROUP.error(f"{slug}: there is no host {host(url)} for {what}: {then}", PAGE)]
        return [
            GROUP.error(
                f"{slug}: {what} at {host(url)} does not answer ({trouble}): {then}",
                "Look at the address, and at the network and firewall from here.",
            )
        ]
    if reply.status >= 500:
        return [
            GROUP.warning(f"{slug}: {what} at {host(url)} answers {reply.status}", "Ask its operators how it is.")
        ]
    return [GROUP.ok(f"{slug}: {what} answers at {host(url)}")]
