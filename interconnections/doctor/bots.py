"""Each bot: is it configured whole, do its flows lead somewhere, do its platform and its state API answer?"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.bridge import registration
from interconnections.brief_wire import BriefWire
from interconnections.directory import Bot
from interconnections.doctor.findings import Finding, Group, Level
from interconnections.wire import Wire

GROUP = Group("Bots")
PAGE = gettext_lazy("Mend it in the admin, on the bot's page.")


async def bot_findings(bot: Bot, sentences: list[str], wire: Wire) -> list[Finding]:
    """`sentences`: what clean() says of the bot and of its routes."""
    found = [GROUP.error(f"{bot.slug}: {sentence}", str(PAGE)) for sentence in sentences]
    found += door_findings(bot)
    told = await registration.checks(bot, BriefWire(wire))
    found += [Finding(GROUP.name, Level(each.level), f"{bot.slug}: {each.what}", each.mend) for each in told]
    return found


def door_findings(bot: Bot) -> list[Finding]:
    found = []
    if bot.webhook_auth == "none":
        found.append(
            GROUP.warning(
                f"{bot.slug}: " + _("its webhooks are not authenticated: anyone can speak as any user"),
                _("Choose a shared secret, and register the webhook again."),
            )
        )
    if not bot.routes:
        found.append(
            GROUP.error(
                f"{bot.slug}: " + _("no route leads to a button: no chat can be opened"),
                _("Add one, with an empty flow."),
            )
        )
    elif "" not in bot.routes:
        found.append(
            GROUP.warning(
                f"{bot.slug}: "
                + _("no default route: only users of %s get an agent") % ", ".join(sorted(bot.routes)),
                _("Add a route with an empty flow."),
            )
        )
    if not bot.api_token:
        found.append(
            GROUP.warning(
                f"{bot.slug}: " + _("no API token: the platform may refuse what agents say"),
                _("Type it on its page."),
            )
        )
    return found
