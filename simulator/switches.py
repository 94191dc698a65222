"""Throwing the switches of `rules`: what may be written into each."""

from __future__ import annotations

from dataclasses import asdict, fields

from .protocol_options import CHOICES, NULLABLE, WORDS, Json, Rules

_KINDS: dict[str, type | tuple[type, ...]] = {"int": int, "float": (int, float), "str": str, "bool": bool}


class BadRule(ValueError):
    """A switch that does not exist, or a value that it cannot take."""


def shown(rules: Rules) -> Json:
    """All switches as they stand."""
    return asdict(rules)


def change(rules: Rules, wishes: Json) -> None:
    """Throw the switches named in `wishes`; all of them or, if one is wrong, none."""
    kinds = {one.name: str(one.type) for one in fields(Rules)}
    for name, value in wishes.items():
        if name not in kinds:
            raise BadRule(f"there is no rule {name!r}")
        if name in CHOICES:
            if not any(
                value is choice or (value == choice and type(value) is type(choice)) for choice in CHOICES[name]
            ):
                raise BadRule(f"{name} is one of {list(CHOICES[name])}, not {value!r}")
        elif not _fits(value, kinds[name], nullable=name in NULLABLE):
            raise BadRule(f"{name} cannot be {value!r}")
        elif name in WORDS and isinstance(value, list) and not set(value) <= set(WORDS[name]):
            raise BadRule(f"{name} holds of {list(WORDS[name])}, not {value!r}")
    for name, value in wishes.items():
        setattr(rules, name, value)


def _fits(value: object, kind: str, *, nullable: bool) -> bool:
    if value is None:
        return nullable
    kind = kind.removesuffix(" | None")
    if kind == "list[str]":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(value, bool) and kind != "bool":
        return False
    if isinstance(value, (int, float)) and kind != "bool" and value < -1:
        return False
    return isinstance(value, _KINDS[kind])
