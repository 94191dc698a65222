"""What a query is, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Literal:
    """A value; `kind` is string, number, date, datetime, boolean or null.  Of a string what is between the quotes."""

    kind: str
    text: str


@dataclass(frozen=True)
class Test:
    """A field against one value, or several with IN and NOT IN."""

    path: str
    sign: str
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class Both:
    """AND or OR of some conditions."""

    word: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: Condition


Condition = Test | Both | Not


@dataclass(frozen=True)
class Order:
    """One field of ORDER BY."""

    path: str
    down: bool
    nulls_first: bool


@dataclass(frozen=True)
class Query:
    """A whole query; no fields: COUNT()."""

    fields: tuple[str, ...]
    kind: str
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
