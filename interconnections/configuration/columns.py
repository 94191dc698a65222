"""Which columns of a table a document may name, and what their values are in YAML."""

import json
from collections.abc import Iterable

import yaml
from django.db import models

from interconnections.configuration.document import Document, is_null
from interconnections.models.fields import ListField, SecretField
from interconnections.models.readable import mistake_of


def columns_of(model: type[models.Model], but: Iterable[str] = ()) -> dict[str, models.Field]:
    """By name, in the order of the model; without keys, what is set by hand, and what the document's shape says."""
    others = {*but, *getattr(model, "set_by_hand", ())}
    return {
        field.name: field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in others
    }


def value_of(document: Document, node: yaml.Node, field: models.Field) -> object:
    """What a column gets; its default, after a mistake was noted, where it cannot."""
    if is_null(node):
        return field.get_default()
    try:
        value = _read(document, node, field)
        json.dumps(value)
        wrong = mistake_of(field, value)
    except (yaml.YAMLError, TypeError, ValueError):
        wrong = "This value is of no kind that is stored here."
    if wrong:
        document.wrong(node, f"{field.name}: {wrong}")
        return field.get_default()
    return value


def _read(document: Document, node: yaml.Node, field: models.Field) -> object:
    """Texts are taken as they are written: `button_id: 573000000000001` is no number."""
    if isinstance(field, ListField) and isinstance(node, yaml.SequenceNode):
        return [part.value if isinstance(part, yaml.ScalarNode) else document.plain(part) for part in node.value]
    if isinstance(field, models.CharField) and isinstance(node, yaml.ScalarNode):
        return node.value
    return document.plain(node)


def is_secret(field: models.Field) -> bool:
    return isinstance(field, SecretField)


def shown(value: object) -> str:
    """A value in a line of a diff."""
    return json.dumps(value, ensure_ascii=False, default=str)
