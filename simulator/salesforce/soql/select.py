"""Answering a query: fields along references, nulls present, 18-character ids, pages (data sheet §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...protocol_options import Json
from ..record_ids import canonical
from ..record_ids import kind as kind_of
from ..refusal import Refused, no_field
from ..schema import TEXTS, Field, Schema, SObject
from ..tables import Tables
from .ast import Both, Condition, Query, Test
from .conditions import Read, comparable, compiled, rank
from .lexer import malformed, unescape

_NAMED = {"User", "Group"}  # what an owner may be: of either only the name can be asked
INDEXED = TEXTS | {"id", "reference"}
_LINKS = ("contentdocumentid", "linkedentityid")


@dataclass(frozen=True)
class Column:
    """A field along references: the names as the API spells them, and how to step from row to row."""

    names: tuple[str, ...]
    field: Field
    steps: tuple[Callable[[Json], Json | None], ...]

    def read(self, row: Json) -> object:
        """Its value in a row; None when a reference on the way is empty."""
        at: Json | None = row
        for step in self.steps:
            at = step(at) if at is not None else None
        return None if at is None else at.get(self.field.name)


class Reader:
    """Reads rows for queries and for GETs."""

    def __init__(self, schema: Schema, tables: Tables) -> None:
        self.schema, self.tables = schema, tables

    def run(self, query: Query, version: str) -> list[Json]:
        """All records of a query, in order; not yet cut into pages."""
        kind = self.schema.object(query.kind)
        if kind is None:
            raise Refused(400, "INVALID_TYPE", f"sObject type '{query.kind}' is not supported.")
        if kind.name == "ContentDocumentLink" and not _by_link(query.where):
            raise malformed(
                "Implementation restriction: ContentDocumentLink requires a filter by a single Id"
                " on ContentDocumentId or LinkedEntityId using the equals operator or"
                " multiple Id's using the IN operator."
            )
        columns = [self.column(kind, path) for path in query.fields]
        if len({column.names for column in columns}) < len(columns):
            raise Refused(400, "INVALID_FIELD", "duplicate field selected")

        def find(path: str) -> tuple[Field, Read]:
            column = self.column(kind, path)
            return column.field, column.read

        rows = [*filter(compiled(query.where, find), self._candidates(kind, query.where))]
        for order in reversed(query.order):
            column = self.column(kind, order.path)
            rows = _sorted(rows, column, order.down, order.nulls_first)
        rows = rows[query.offset :][: query.limit]
        return [self.record(kind, row, columns, version) for row in rows]

    def _candidates(self, kind: SObject, where: Condition | None) -> Iterable[Json]:
        """Rows among which all are that fit: few, where a text must be equal."""
        tests = where.parts if isinstance(where, Both) and where.word == "AND" else (where,)
        for test in tests:
            if not isinstance(test, Test) or test.sign not in ("=", "IN"):
                continue
            field = self.schema.field(kind, test.path)
            texts = [unescape(literal.text) for literal in test.values if literal.kind == "string"]
            if field is None or field.kind not in INDEXED or len(texts) < len(test.values) or "" in texts:
                continue
            if field.kind not in TEXTS:
                texts = [canonical(text) or text for text in texts]
            return self.tables.equal(kind.name, field.name, texts)
        return self.tables.all(kind.name)

    def column(self, kind: SObject, path: str) -> Column:
        """A path such as Subject or Contact.LastName."""
        *way, last = path.split(".")
        if way and way[0].lower() == kind.name.lower():
            way = way[1:]  # Contact.LastName FROM Contact
        names: list[str] = []
        steps: list[Callable[[Json], Json | None]] = []
        at = kind
        for word in way:
            link = self.schema.field(at, f"{word[:-3]}__c" if word.lower().endswith("__r") else f"{word}Id")
            target = self.schema.object(link.to[0]) if link is not None and link.to else None
            if link is None or target is None:
                message = f"Didn't understand relationship '{word}' in field path."
                raise Refused(400, "INVALID_FIELD", message)
            names.append(f"{link.name[:-3]}__r" if link.name.endswith("__c") else link.name.removesuffix("Id"))
            steps.append(self._step(link.name))
            at = target
        field = self.schema.field(at, last)
        if field is None or (way and at.name in _NAMED and field.name not in ("Id", "Name", "Username")):
            raise no_field(last, at.name)
        return Column((*names, field.name), field, tuple(steps))

    def _step(self, name: str) -> Callable[[Json], Json | None]:
        def step(row: Json) -> Json | None:
            id = row.get(name)
            return self.tables.get(kind_of(id) or "", id) if isinstance(id, str) else None

        return step

    def record(self, kind: SObject, row: Json, columns: list[Column], version: str) -> Json:
        """A row as the API writes it."""
        record: Json = {"attributes": attributes(kind.name, row["Id"], version)}
        for column in columns:
            at: Json = record
            from_row: Json = row
            for name, step in zip(column.names, column.steps, strict=False):
                there = step(from_row)
                if there is None:
                    at[name] = None
                    break
                to = kind_of(there["Id"]) or ""
                at = at.get(name) or at.setdefault(name, {"attributes": attributes(to, there["Id"], version)})
                from_row = there
            else:
                at[column.names[-1]] = _written(column.field, from_row, version)
        return record

    def whole(self, kind: SObject, row: Json, version: str) -> Json:
        """A row with all its fields."""
        fields = [field for name in kind.fields if (field := self.schema.field(kind, name)) is not None]
        return self.record(kind, row, [Column((field.name,), field, ()) for field in fields], version)


def attributes(kind: str, id: str, version: str) -> Json:
    """What stands at the head of each record."""
    return {"type": kind, "url": f"/services/data/{version}/sobjects/{kind}/{id}"}


def _written(field: Field, row: Json, version: str) -> object:
    if field.kind == "base64":
        return f"/services/data/{version}/sobjects/ContentVersion/{row['Id']}/{field.name}"
    value = row.get(field.name)
    return False if value is None and field.kind == "boolean" else value


def _sorted(rows: list[Json], column: Column, down: bool, nulls_first: bool) -> list[Json]:
    there = [row for row in rows if column.read(row) is not None]
    nulls = [row for row in rows if column.read(row) is None]
    there.sort(key=lambda row: rank(comparable(column.read(row), column.field.kind)), reverse=down)
    return nulls + there if nulls_first else there + nulls


def _by_link(where: Condition | None) -> bool:
    if isinstance(where, Test):
        return where.path.lower() in _LINKS and where.sign in ("=", "IN")
    return isinstance(where, Both) and where.word == "AND" and any(_by_link(part) for part in where.parts)
