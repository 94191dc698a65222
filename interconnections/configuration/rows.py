"""One row of orgs, bots or routes as a document has it: found or made, filled, validated, saved when it differs.

What the document does not name has its default, a secret stays as it is stored.  A stored secret does not follow its
address to another host: the document names it anew, as the console asks for it.
"""

from collections.abc import Mapping

import yaml
from django.core.exceptions import ValidationError
from django.db import models

from interconnections.configuration.changes import Change, Verb, is_same_secret, secret_line
from interconnections.configuration.columns import columns_of, is_secret, shown, value_of
from interconnections.configuration.document import Document
from interconnections.configuration.near import unknown
from interconnections.configuration.references import References
from interconnections.models import SalesforceOrg
from interconnections.models.fields import Unreadable
from interconnections.models.validation import origin


class Filling:
    """A row that is being filled from its part of a document."""

    def __init__(self, document: Document, references: References, node: yaml.Node, row: models.Model, what: str):
        self.document = document
        self.references = references
        self.node = node
        self.row = row
        self.what = what
        self.is_new = row.pk is None
        self.lines: list[str] = []

    def fill(self, parts: Mapping[str, yaml.Node], orgs: Mapping[str, SalesforceOrg], but: tuple[str, ...]) -> bool:
        """False after a mistake; `but` are columns and parts that are not this row's to read."""
        before = len(self.document.mistakes)
        columns = columns_of(type(self.row), but)
        for name, node in parts.items():
            if name not in columns and name not in but:
                self.document.wrong(node, unknown(name, columns))
        addresses = {name: getattr(self.row, name) for name in getattr(self.row, "secrets_go_to", {})}
        given = {name for name, field in columns.items() if self._column(field, parts.get(name), orgs)}
        if not self.is_new:
            self._want_anew(addresses, given, parts)
        self._validate(parts)
        return len(self.document.mistakes) == before

    def _column(self, field: models.Field, node: yaml.Node | None, orgs: Mapping[str, SalesforceOrg]) -> bool:
        """Whether the document names it."""
        if is_secret(field):
            secret = self.references.read(self.document, node) if node is not None else None
            stored = getattr(self.row, field.name)
            if secret is None:
                return False
            if self.is_new or not is_same_secret(stored, secret):
                self.lines.append(secret_line(field.name, None if self.is_new else stored, secret))
            setattr(self.row, field.name, secret)
            return True
        before = getattr(self.row, field.name)
        after: object
        if field.is_relation:
            after = self._org(node, orgs)
        else:
            after = value_of(self.document, node, field) if node is not None else field.get_default()
        if before != after:
            self.lines.append(f"{field.name}: {'' if self.is_new else shown(before) + ' -> '}{shown(after)}")
        setattr(self.row, field.name, after)
        return node is not None

    def _org(self, node: yaml.Node | None, orgs: Mapping[str, SalesforceOrg]) -> SalesforceOrg | None:
        if node is None or not getattr(node, "value", ""):
            return None
        if not isinstance(node, yaml.ScalarNode) or node.value not in orgs:
            named = node.value if isinstance(node, yaml.ScalarNode) else "of that kind"
            self.document.wrong(node, f"There is no org {named}, here or stored.")
            return None
        return orgs[node.value]

    def _want_anew(self, before: Mapping[str, object], given: set[str], parts: Mapping[str, yaml.Node]) -> None:
        for address, secrets in getattr(self.row, "secrets_go_to", {}).items():
            if origin(str(before[address])) == origin(str(getattr(self.row, address))):
                continue
            for name in secrets:
                stored = getattr(self.row, name)
                if name not in given and (stored or isinstance(stored, Unreadable)):
                    self.document.wrong(
                        parts.get(address, self.node),
                        f'{address} leads to another host now: name {name}, or empty it with "".',
                    )

    def _validate(self, parts: Mapping[str, yaml.Node]) -> None:
        try:
            self.row.full_clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                prefix = "" if name == "__all__" else f"{name}: "
                self.document.wrong(parts.get(name, self.node), f"{self.what}: {prefix}{' '.join(sentences)}")

    def save(self) -> Change | None:
        """Only where it differs; None where nothing does."""
        if not self.is_new and not self.lines:
            return None
        self.row.save()
        return Change(Verb.ADDED if self.is_new else Verb.CHANGED, self.what, tuple(self.lines))
