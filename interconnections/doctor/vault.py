"""The keys: does every stored secret open, and with which of ENCRYPTION_KEYS?"""

from collections import Counter
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from interconnections.doctor.findings import Finding, Group
from interconnections.models import Bot, SalesforceOrg
from interconnections.models.fields import SecretField

GROUP = Group("Keys")
LOST = 0  # the position of the key that does not exist


def key_of(sealed: str) -> int:
    """The position, from 1, of the key that opens this; LOST when none does."""
    for position, key in enumerate(settings.ENCRYPTION_KEYS, 1):
        try:
            Fernet(key.strip()).decrypt(sealed.encode())
        except InvalidToken:
            continue
        return position
    return LOST


def stored_findings() -> list[Finding]:
    """The secrets of orgs and bots."""
    positions: Counter[int] = Counter()
    found = []
    for model in (SalesforceOrg, Bot):
        for field in model._meta.concrete_fields:
            if not isinstance(field, SecretField):
                continue
            rows = model.objects.annotate(sealed=Cast(field.name, TextField())).values_list("pk", "sealed")
            named = {row.pk: str(row) for row in model.objects.only("pk", *model.natural)}
            for pk, sealed in rows:
                if not sealed:
                    continue
                position = key_of(sealed)
                positions[position] += 1
                if position == LOST:
                    found.append(
                        GROUP.error(
                            f"{model._meta.verbose_name} {named[pk]}: no key opens its {field.verbose_name}",
                            "Bring back its key, at the end of ENCRYPTION_KEYS, or type the secret again.",
                        )
                    )
    return found + _summary("stored secrets", positions, "Run manage.py rotatekeys before you drop an older key.")


def token_findings(sealed: Iterable[str]) -> list[Finding]:
    """The tokens of open conversations, as Redis holds them."""
    positions = Counter(key_of(one) for one in sealed)
    found = []
    if positions[LOST]:
        found.append(
            GROUP.error(
                f"{positions[LOST]} tokens of open conversations open with no key: those cannot be carried",
                "Bring back the key that was taken away, at the end of ENCRYPTION_KEYS, and restart the workers.",
            )
        )
    return found + _summary("tokens of open conversations", positions, "Keep that key until those are over.")


def _summary(what: str, positions: Counter[int], advice: str) -> list[Finding]:
    told = [f"{count} with key {position}" for position, count in sorted(positions.items()) if position != LOST]
    if not told:
        return [GROUP.ok(f"no {what}")] if not positions[LOST] else []
    older = f". {advice}" if any(position > 1 for position in positions) else ""
    return [GROUP.ok(f"{what} open: {', '.join(told)}{older}")]
