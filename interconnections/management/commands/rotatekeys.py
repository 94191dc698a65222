"""`manage.py rotatekeys`: every stored secret of the configuration, encrypted anew with the first key."""

from django.core.management.base import BaseCommand, CommandError

from interconnections.models import Bot, SalesforceOrg
from interconnections.models.fields import SecretField, Unreadable


class Command(BaseCommand):
    help = (
        "Encrypts every secret of orgs and bots with the first of ENCRYPTION_KEYS, so that the others can be "
        "dropped once no conversation from before is open. Exit 1 when a secret opens with no key."
    )

    def handle(self, *args, **options):
        unreadable = []
        for model in (SalesforceOrg, Bot):
            names = [field.name for field in model._meta.fields if isinstance(field, SecretField)]
            for row in model.objects.all():
                unreadable += [f"{row}.{name}" for name in names if isinstance(getattr(row, name), Unreadable)]
                row.save(update_fields=names)
            self.stdout.write(f"{model._meta.verbose_name_plural}: {model.objects.count()} rewritten")
        if unreadable:
            raise CommandError(f"no key opens: {', '.join(unreadable)}. Add its key, or type the secret again.")
