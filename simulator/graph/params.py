"""Reading a body as Graph does: what is missing, of the wrong kind, too long or unknown is refused by name."""

from __future__ import annotations

from ..protocol_options import Json
from .refusal import GraphRefused

_KINDS = {str: "string", bool: "boolean", dict: "object", list: "array", int: "integer"}


class Params:
    """An object of a body and where it stands in it.  `codes`: of a missing parameter, and of a bad value."""

    def __init__(
        self, value: object, path: str, *, strict: bool, codes: tuple[int, int], utf16: bool = False
    ) -> None:
        self.path, self.strict, self.codes, self.utf16 = path, strict, codes, utf16
        if not isinstance(value, dict):
            raise GraphRefused(100, f"Param {path or 'body'} must be an object.")
        self.value: Json = value
        self._known: set[str] = set()

    def at(self, name: str | int) -> str:
        """How Graph calls this parameter."""
        return f"{self.path}['{name}']" if self.path else str(name)

    def missing(self, name: str) -> GraphRefused:
        """It is not there."""
        return GraphRefused(self.codes[0], f"The parameter {self.at(name)} is required.")

    def bad(self, name: str, why: str) -> GraphRefused:
        """It is there, and cannot be so."""
        return GraphRefused(self.codes[1], f"Param {self.at(name)} {why}")

    def has(self, name: str) -> bool:
        """It is there, and not null."""
        self._known.add(name)
        return self.value.get(name) is not None

    def raw(self, name: str, kind: type) -> object:
        """It, of its kind."""
        if not self.has(name):
            raise self.missing(name)
        value = self.value[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise GraphRefused(
                100, f"Param {self.at(name)} must be a{'n' * (kind in (dict, list, int))} {_KINDS[kind]}."
            )
        return value

    def text(self, name: str, most: int | None = None, *, empty: bool = False) -> str:
        """A string that must be there, of at most so many characters."""
        value = str(self.raw(name, str))
        if not value and not empty:
            raise self.missing(name)
        if most is not None and self.length(value) > most:
            raise GraphRefused(100, f"Param {self.at(name)} must be at most {most} characters long.")
        return value

    def maybe(self, name: str, most: int | None = None, *, empty: bool = True) -> str | None:
        """A string that may be missing."""
        return self.text(name, most, empty=empty) if self.has(name) else None

    def flag(self, name: str) -> bool | None:
        """A boolean that may be missing."""
        return bool(self.raw(name, bool)) if self.has(name) else None

    def number(self, name: str, least: float, most: float) -> float:
        """A number, or one written as a string."""
        if not self.has(name):
            raise self.missing(name)
        try:
            if isinstance(self.value[name], bool):
                raise ValueError
            value = float(self.value[name])
        except (TypeError, ValueError):
            raise GraphRefused(100, f"Param {self.at(name)} must be a number.") from None
        if not least <= value <= most:
            raise self.bad(name, f"must be from {least:g} to {most:g}.")
        return value

    def child(self, name: str) -> Params:
        """An object in it."""
        return self._inside(self.raw(name, dict), self.at(name))

    def children(self, name: str, most: int, least: int = 1) -> list[Params]:
        """An array of objects in it."""
        value = self.raw(name, list)
        assert isinstance(value, list)
        if not least <= len(value) <= most:
            raise GraphRefused(100, f"Param {self.at(name)} must have {least} to {most} elements.")
        return [self._inside(one, f"{self.at(name)}[{index}]") for index, one in enumerate(value)]

    def _inside(self, value: object, path: str) -> Params:
        return Params(value, path, strict=self.strict, codes=self.codes, utf16=self.utf16)

    def one_of(self, name: str, words: tuple[str, ...], default: str | None = None) -> str:
        """One of these words."""
        if default is not None and not self.has(name):
            return default
        value = self.text(name)
        if value not in words:
            raise GraphRefused(100, f'Param {self.at(name)} must be one of {{{", ".join(words)}}} - got "{value}".')
        return value

    def only(self, *more: str) -> None:
        """Nothing was there that nobody asked for, these aside."""
        for name in self.value:
            if self.strict and name not in self._known and name not in more:
                raise GraphRefused(100, f'Unexpected key "{name}" on param "{self.path or "body"}".')

    def length(self, text: str) -> int:
        """Characters, as they are counted here."""
        return len(text.encode("utf-16-le", "surrogatepass")) // 2 if self.utf16 else len(text)
