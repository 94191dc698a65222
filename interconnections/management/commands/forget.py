"""`manage.py forget USER`: erase a person, and print a receipt without personal data."""

import json

from django.core.management.base import BaseCommand, CommandError

from interconnections.errors import BridgeError
from interconnections.privacy.forget import forget


class Command(BaseCommand):
    help = (
        "Erase everything that is kept of a person: conversations, what they said to the bot, dead letters, marks, "
        "and reasons in the history that name them.  Prints a receipt as JSON.  An open conversation is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("user", help="any of the person's ids, in any spelling")
        parser.add_argument("--bot", default="", help="at this bot only; else at all")

    def handle(self, *args, **options):
        try:
            receipt = forget(options["user"], options["bot"])
        except BridgeError as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(json.dumps(receipt.as_json(), indent=2))
