"""`manage.py deadletters`: what could not be delivered; send it again, or drop it."""

from django.core.management.base import BaseCommand, CommandError

from interconnections.bridge.resend import SAID, resend
from interconnections.errors import StoreAway
from interconnections.items import Lane
from interconnections.moments import moment
from interconnections.store import deadletters
from interconnections.store.connection import for_pages


class Command(BaseCommand):
    help = (
        "What could not be delivered, and why: list it, send it again (in order, once), or drop it. "
        "Letters are chosen by their ids, or by --session, --lane and --all."
    )

    def add_arguments(self, parser):
        parser.add_argument("verb", nargs="?", choices=("list", "retry", "drop"), default="list")
        parser.add_argument("letters", nargs="*", help="ids, as the list shows them")
        parser.add_argument("--session", default="", help="only of this session")
        parser.add_argument("--lane", default="", choices=("", *Lane), help="only of this direction")
        parser.add_argument("--all", action="store_true", help="retry or drop whatever is there")
        parser.add_argument("--texts", action="store_true", help="show what was said: people's words")

    def handle(self, *args, **options):
        narrowed = options["letters"] or options["session"] or options["lane"] or options["all"]
        if options["verb"] != "list" and not narrowed:
            raise CommandError("say which: ids, --session, --lane, or --all")
        try:
            {"list": self.list, "retry": self.retry, "drop": self.drop}[options["verb"]](
                list(self.chosen(options)), options
            )
        except StoreAway as trouble:
            raise CommandError(f"Redis does not answer now ({trouble}); what was done until here is done") from None

    def chosen(self, options):
        redis = for_pages()
        found = deadletters.some(redis, options["letters"]) if options["letters"] else deadletters.letters(redis)
        for letter in found:
            if options["session"] in ("", letter.session) and options["lane"] in ("", letter.lane):
                yield letter

    def list(self, letters, options):
        for letter in letters:
            words = f"  {letter.item.text!r}" if options["texts"] else ""
            self.stdout.write(f"{self.line(letter)}  {letter.why}{words}")
        self.stdout.write(f"{len(letters)} dead letter{'' if len(letters) == 1 else 's'}")

    def retry(self, letters, options):
        sent = 0
        for letter, word in resend(letters):
            sent += word == "resent"
            self.stdout.write(f"{self.line(letter)}  {SAID[word]}")
        self.stdout.write(f"{sent} of {len(letters)} on their way again")

    def drop(self, letters, options):
        gone = sum(deadletters.drop(for_pages(), letter.id) for letter in letters)
        self.stdout.write(f"{gone} dropped")

    def line(self, letter):
        """Without anybody's number or words."""
        at = f"{moment(letter.at):%Y-%m-%d %H:%M:%S}Z"
        return f"{letter.id}  {at}  to {letter.lane}  {letter.session}  {letter.item.kind}"
