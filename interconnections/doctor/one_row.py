"""One org or one bot, examined by itself and now: what the console's “Check” asks."""

import asyncio

from interconnections import directory
from interconnections.brief_wire import PATIENCE
from interconnections.doctor import bots, orgs, platforms, server
from interconnections.doctor.examination import bot_sentences, clear_text_findings, doubts, said_by_clean, whose
from interconnections.doctor.findings import Finding
from interconnections.errors import StoreAway
from interconnections.models import Bot, SalesforceOrg
from interconnections.store import server_info
from interconnections.store.platform_activity import evidence
from interconnections.transport import new_wire


def examine_org(row: SalesforceOrg) -> list[Finding]:
    """Whether a bot uses it or not."""
    routes = whose(directory.snapshot(), row.name)

    async def ask_org() -> list[Finding]:
        wire = new_wire()
        try:
            org = directory.org_of(row)
            return await orgs.org_findings(row.name, org, said_by_clean(row), doubts(row), routes, wire)
        finally:
            await wire.close()

    return [*clear_text_findings(row), *asyncio.run(ask_org())]


def examine_bot(row: Bot) -> list[Finding]:
    """Its row, what its platform and its state API answer, and what was seen of them lately."""
    bot, sentences = directory.snapshot().get(row.slug), bot_sentences(row)
    if bot is None:
        return [bots.GROUP.error(f"{row.slug}: {sentence}", str(bots.PAGE)) for sentence in sentences]

    async def ask_bot() -> list[Finding]:
        wire = new_wire()
        try:
            told, seen = await asyncio.gather(bots.bot_findings(bot, sentences, wire), _seen(bot))
        finally:
            await wire.close()
        return [*told, *seen]

    return [*clear_text_findings(row), *asyncio.run(ask_bot())]


async def _seen(bot: directory.Bot) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE), server_info.asking() as redis:
            seen = await evidence(redis, [bot.slug])
    except StoreAway as trouble:
        return [server.away(str(trouble))]
    except TimeoutError:
        return [server.away(f"not within {PATIENCE:.0f} s")]
    return platforms.platform_findings(bot, seen[bot.slug])
