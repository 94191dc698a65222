"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

import sys

from django.core.management.base import BaseCommand

from interconnections.doctor.examination import examine
from interconnections.doctor.findings import Level
from interconnections.doctor.report import as_json, as_text, worst


class Command(BaseCommand):
    help = (
        "Looks at settings, keys, Redis, the database, every org and bot, and the work under way. Shows no secret "
        "and nobody's data. Exit 1 when something would lose messages, or the product cannot work."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args, **options):
        found = examine()
        self.stdout.write(as_json(found) if options["json"] else as_text(found))
        if worst(found) is Level.ERROR:
            sys.exit(1)
