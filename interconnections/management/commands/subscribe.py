"""`manage.py subscribe BOT`: tell a bot's platform where our webhook is."""

import asyncio

from django.core.management.base import BaseCommand, CommandError

from interconnections.bridge import registration
from interconnections.bridge.services import here
from interconnections.brief_wire import BriefWire
from interconnections.errors import BridgeError
from interconnections.store import standing
from interconnections.transport import new_wire


class Command(BaseCommand):
    help = "Tell a bot's platform where our webhook is; with --remove, that it is there no more."

    def add_arguments(self, parser):
        parser.add_argument("bot", help="the bot's slug")
        parser.add_argument("--remove", action="store_true", help="take the webhook away")

    def handle(self, *args, **options):
        try:
            asyncio.run(self._told(options["bot"], options["remove"]))
        except BridgeError as trouble:
            raise CommandError(str(trouble)) from None

    async def _told(self, slug, gone):
        bridge = here()
        bot = await bridge.directory.bot(slug)
        if bot is None:
            raise CommandError(f"there is no bot with the slug {slug}; the admin lists them")
        if gone:
            await registration.remove(bridge, bot)
            self.stdout.write(f"{slug}: its platform sends no webhooks here any more")
            return
        await registration.register(bridge, bot)
        await standing.ask_soon(bridge.redis, bot.slug)
        self.stdout.write(f"{slug}: its platform sends its webhooks here")
        wire = new_wire()
        try:
            found = await registration.checks(bot, BriefWire(wire))
        finally:
            await wire.close()
        for check in found:
            if check.level != "ok":
                self.stdout.write(f"  {check.level}: {check.what}\n    {check.mend}")
