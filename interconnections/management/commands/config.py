"""`manage.py config`: orgs, bots, routes and callers as one YAML document, out, in, and compared."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseTrouble

from interconnections.configuration.apply import apply
from interconnections.configuration.document import Document, Mistaken
from interconnections.configuration.export import export
from interconnections.configuration.references import References

MISTAKEN = 2  # the exit code; 1 says that something differs


class Command(BaseCommand):
    help = (
        "Configuration as code. export writes what is stored as YAML, without secrets; import takes such a document, "
        "all of it or nothing; diff says what import would change, and exits 1 when something would."
    )

    def add_arguments(self, parser):
        parser.add_argument("verb", choices=("export", "import", "diff"))
        parser.add_argument("file", nargs="?", default="-", help="the document; - is standard input")
        parser.add_argument("--prune", action="store_true", help="remove what the document's sections do not name")
        parser.add_argument(
            "--keep-secrets", action="store_true", help="read no reference: every secret stays as it is stored"
        )

    def handle(self, *args, **options):
        try:
            if options["verb"] == "export":
                self.stdout.write(export(), ending="")
                return
            outcome = self._apply(options, keep=options["verb"] == "import")
        except Mistaken as mistaken:
            told = [f"{options['file']}:{mistake.line}: {mistake.sentence}" for mistake in mistaken.mistakes]
            raise CommandError("\n".join([*told, "Nothing was changed."]), returncode=MISTAKEN) from None
        except DatabaseTrouble as trouble:
            raise CommandError(
                f"the database does not take it ({type(trouble).__name__}); nothing was changed", returncode=MISTAKEN
            ) from None
        for change in outcome.changes:
            self.stdout.write(str(change))
        for what in outcome.left:
            self.stdout.write(f"  {what} is not in the document, and stays")
        self.stdout.write(f"{len(outcome.changes)} change{'' if len(outcome.changes) == 1 else 's'}")
        if options["verb"] == "diff" and outcome.changes:
            sys.exit(1)

    def _apply(self, options, *, keep):
        file = options["file"]
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read: {type(error).__name__}", returncode=MISTAKEN) from None
        directory = Path.cwd() if file == "-" else Path(file).resolve().parent
        references = References(settings.SECRET_OF_ENVIRONMENT, directory, keep=options["keep_secrets"])
        return apply(Document(text), references, prune=options["prune"], keep=keep)
