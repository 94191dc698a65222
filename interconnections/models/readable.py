"""A row as the code can use it, whatever somebody stored: loaddata and hand-written SQL see no form.

A value of a wrong kind is read as its column's default, and said in a sentence: then the row costs nobody but
itself.  What a value of the right kind should look like is clean()'s to say.
"""

import copy
from collections.abc import Mapping
from math import isfinite
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from interconnections.models.fields import ListField, SecretField
from interconnections.secret import Secret

Row = TypeVar("Row", bound=models.Model)
MOST = 2_147_483_647  # what every database's integer holds
A_LOT = 1e6


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value) and 0 <= value < A_LOT


def _is_list_of_texts(value):
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


# The first kind of column that fits decides: (what a value must be, what to say when it is not).
KINDS = (
    (SecretField, lambda value: isinstance(value, (Secret, str)), _("This must be a text.")),
    (ListField, _is_list_of_texts, _("This must be a list of texts, like: one, two")),
    (models.JSONField, lambda value: isinstance(value, dict), _("This must be a JSON object.")),
    (models.IntegerField, _is_whole, _("This must be a whole number from 0 on.")),
    (models.FloatField, _is_number, _("This cannot be negative; a number from 0 on.")),
    (models.BooleanField, lambda value: isinstance(value, bool), _("This must be true or false.")),
    (models.CharField, lambda value: isinstance(value, str), _("This must be a text.")),
)


def mistake_of(field, value) -> object:
    """What is wrong with the kind of this value, as a sentence; None when nothing."""
    for kind, fits, sentence in KINDS:
        if isinstance(field, kind):
            if not fits(value):
                return sentence
            break
    if field.choices and value not in dict(field.flatchoices):
        return _("There is no choice %s here.") % repr(value)
    return None


def readable(row: Row) -> tuple[Row, dict[str, object]]:
    """(the row, or a copy of it with defaults in place of what cannot be read; sentences by field)."""
    wrong: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        if field.primary_key or field.is_relation:
            continue
        if sentence := mistake_of(field, getattr(row, field.attname)):
            wrong[field.name] = sentence
    for field in row._meta.concrete_fields:
        if field.is_relation and not _leads_somewhere(row, field):
            wrong[field.name] = _("What this names does not exist.")
    if not wrong:
        return row, {}
    mended = copy.copy(row)
    for name in wrong:
        field = row._meta.get_field(name)
        setattr(mended, name, None if field.is_relation else field.get_default())
    return mended, wrong


def _leads_somewhere(row, field):
    try:
        getattr(row, field.name)
    except ObjectDoesNotExist:
        return field.null and getattr(row, field.attname) is None
    return True


def sentence_of(row: models.Model, wrong: Mapping[str, object]) -> str:
    """`wrong` of `readable` as one sentence; empty when there is nothing."""
    names = (f"{row._meta.get_field(name).verbose_name}: {sentence}" for name, sentence in wrong.items())
    return " ".join(names)
