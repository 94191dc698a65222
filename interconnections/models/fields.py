"""Two kinds of columns: a secret that rests encrypted, and a list that may be typed with commas."""

import json

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from interconnections.errors import Undecipherable
from interconnections.secret import Secret, seal, unseal

SEALED = "sealed:"  # how dumpdata writes a secret, and loaddata reads it back


class SecretField(models.TextField):
    """Text, encrypted with the first of ENCRYPTION_KEYS; read as a Secret, or as Unreadable.

    A fixture may hold the plain text (it is encrypted when it is saved) or what dumpdata wrote.
    """

    def from_db_value(self, value, expression, connection):
        if not isinstance(value, str):  # nothing, or what no release of ours wrote
            return value if value else Secret("")
        return self.to_python(SEALED + value) if value else Secret("")

    def to_python(self, value):
        if isinstance(value, str):
            if not value.startswith(SEALED):
                return Secret(value)
            try:
                return unseal(value.removeprefix(SEALED))
            except Undecipherable:
                return Unreadable(value.removeprefix(SEALED))
        return Secret("") if value is None else value

    def get_prep_value(self, value):
        value = self.to_python(value)
        if isinstance(value, Unreadable):
            return value.sealed  # keep it: the key may come back
        return seal(value) if value else ""

    def value_to_string(self, obj):
        sealed = self.get_prep_value(self.value_from_object(obj))
        return SEALED + sealed if sealed else ""


class Unreadable(Secret):
    """A stored secret that no key opens: shown as such, kept as it is, never an error page."""

    __slots__ = ("sealed",)
    unreadable = True

    def __init__(self, sealed):
        super().__init__("")
        self.sealed = sealed


class ListField(models.JSONField):
    """A JSON list of strings; "a, b" means the same as ["a", "b"]."""

    def from_db_value(self, value, expression, connection):
        """What fixtures write without quotes, like [52], is plain enough."""
        found = super().from_db_value(value, expression, connection)
        plain = isinstance(found, list) and all(type(part) in (str, int) for part in found)
        return [str(part) for part in found] if plain else found

    def to_python(self, value):
        if isinstance(value, str):
            text = value.strip()
            if text.startswith("["):
                try:
                    value = json.loads(text)
                except ValueError:
                    raise ValidationError(_("This list is not valid JSON; commas do as well: one, two")) from None
            else:
                value = [part.strip() for part in text.split(",") if part.strip()]
        return value

    def get_prep_value(self, value):
        return super().get_prep_value(self.to_python(value))

    def get_db_prep_value(self, value, connection, prepared=False):
        return super().get_db_prep_value(value if prepared else self.to_python(value), connection, prepared)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValidationError(_("This must be a list of texts, like: one, two"))
