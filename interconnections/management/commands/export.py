"""`manage.py export USER`: everything that is kept of a person, as JSON."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from interconnections.errors import BridgeError
from interconnections.privacy.export import export


class Command(BaseCommand):
    help = "Print everything that is kept of a person, as JSON: for them, so nothing is masked.  Changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("user", help="any of the person's ids, in any spelling")
        parser.add_argument("--bot", default="", help="at this bot only; else at all")

    def handle(self, *args, **options):
        try:
            kept = export(options["user"], options["bot"])
        except BridgeError as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(json.dumps(kept, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder))
