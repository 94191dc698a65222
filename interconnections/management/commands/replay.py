"""`manage.py replay SESSION`: what would today's rules make of a stored session's events?"""

import sys

from django.core.management.base import BaseCommand, CommandError

from interconnections.errors import StoreAway, Unknown
from interconnections.replaying import replayed

SAID = {
    "events": "{today} events cannot be read from what is kept of them",
    "status": "it is {happened}, and would be {today}",
    "reason": "it ended for the reason {happened!r}, and would for {today!r}",
    "agent": "the agent was {happened!r}, and would be {today!r}",
    "missing": "the agent's text {happened!r} went to the user, and would not",
    "new": "the agent's text {today!r} did not go to the user, and would",
}
WITHOUT_WORDS = {  # of what people said
    "agent": "another agent would be named",
    "missing": "a text of the agent went to the user, and would not",
    "new": "a text of the agent did not go to the user, and would",
}
NOTHING_TO_PLAY = 2


class Command(BaseCommand):
    help = (
        "Play a stored session's events through today's rules, and print what differs from what happened.  Changes "
        "nothing.  Exits 0 where nothing differs, 1 where something does, 2 where there is nothing to play."
    )

    def add_arguments(self, parser):
        parser.add_argument("session", help="the session's id, as logs and console show it")
        parser.add_argument("--texts", action="store_true", help="show names and what was said")

    def handle(self, *args, **options):
        try:
            told = replayed(options["session"])
        except Unknown as nothing:
            self.stderr.write(str(nothing))
            sys.exit(NOTHING_TO_PLAY)
        except StoreAway as trouble:
            raise CommandError(f"Redis does not answer now ({trouble})", returncode=NOTHING_TO_PLAY) from None
        words = SAID if options["texts"] else SAID | WITHOUT_WORDS
        for each in told.differences:
            self.stdout.write(words[each.what].format(happened=each.happened, today=each.today))
        many = len(told.differences)
        self.stdout.write(f"{told.events} events played, {many} difference{'' if many == 1 else 's'}")
        if many:
            sys.exit(1)
