"""What an admin sets up: connected apps, users, fields of the org's own, picklists, rules for records.

All of it is JSON that a test may put in (`PUT /sim/org`); a reset leaves it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

from ..protocol_options import Json
from .schema import KINDS, STANDARD, Field
from .tokens.keys import BadKey, public_key

USERNAME = "bridge@example.org"
CONSUMER_KEY = "3MVG9.simulated.consumer.key"


class BadSetup(ValueError):
    """Something that no admin could set up."""


@dataclass(frozen=True)
class App:
    """A connected app."""

    key: str
    secret: str
    certificate: str | None = None  # PEM: an X.509 certificate or a public key, for JWT bearer
    run_as: str | None = None  # username, for client credentials
    approval: str = "all"  # who may use it: "all" may approve it themselves, "admin": only those who are approved
    approved: tuple[str, ...] = ()  # usernames


@dataclass(frozen=True)
class Person:
    """A user who may log in."""

    username: str
    password: str = ""
    security_token: str = ""
    active: bool = True


@dataclass(frozen=True)
class Validation:
    """A validation rule: the field is empty or matches."""

    object: str
    field: str
    pattern: str
    message: str


def _app() -> tuple[App, ...]:
    return (App(CONSUMER_KEY, "simulated-consumer-secret", run_as=USERNAME, approved=(USERNAME,)),)


def _person() -> tuple[Person, ...]:
    return (Person(USERNAME, "simulated-password", "simulatedToken"),)


def _bridge_key() -> dict[str, tuple[Field, ...]]:
    """The external id that the sheet recommends (§2.1)."""
    key = Field("Bridge_Key__c", unique=True, external_id=True)
    return dict.fromkeys(("Account", "Contact", "Case"), (key,))


@dataclass(frozen=True)
class Setup:
    """How the org is set up."""

    apps: tuple[App, ...] = field(default_factory=_app)
    users: tuple[Person, ...] = field(default_factory=_person)
    fields: dict[str, tuple[Field, ...]] = field(default_factory=_bridge_key)  # by object
    picklists: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # object, field: its values
    required: dict[str, list[str]] = field(default_factory=dict)  # object: fields that must not be empty
    validations: tuple[Validation, ...] = ()
    duplicates: dict[str, list[str]] = field(default_factory=dict)  # object: any of these fields equal is a duplicate

    duplicates_in: dict[str, list[str]] = field(
        default_factory=dict
    )  # object: where they are looked for; else itself
    duplicates_blocked: list[str] = field(default_factory=list)  # objects whose rule does not only warn

    def app(self, key: str) -> App | None:
        """The app of this consumer key."""
        return next((one for one in self.apps if one.key == key), None)

    def user(self, username: str) -> Person | None:
        """The user of this name."""
        return next((one for one in self.users if one.username.lower() == username.lower()), None)


def shown(setup: Setup) -> Json:
    """The setup as it is put in."""
    return asdict(setup)


def change(setup: Setup, wishes: Json) -> Setup:
    """Another setup: each part that is named is replaced whole."""
    parts = {one.name: getattr(setup, one.name) for one in fields(Setup)}
    for name, wish in wishes.items():
        if name not in _READERS:
            raise BadSetup(f"a setup has no {name!r}; it has {', '.join(_READERS)}")
        try:
            parts[name] = _READERS[name](wish)
        except (AttributeError, TypeError, ValueError, KeyError, re.error) as trouble:
            raise BadSetup(f"{name}: {trouble}") from trouble
    return Setup(**parts)


def _read_app(wish: Json) -> App:
    app = App(**{**wish, "approved": tuple(wish.get("approved", ()))})
    if app.approval not in ("all", "admin"):
        raise BadSetup("approval is all or admin")
    if app.certificate is not None:
        try:
            public_key(app.certificate)
        except BadKey as bad:
            raise BadSetup(str(bad)) from bad
    return app


def _read_fields(wish: Json) -> dict[str, tuple[Field, ...]]:
    """{"Case": ["OrderId__c", {"name": "Total__c", "kind": "double"}]}"""
    return {_known(name): tuple(_read_field(one) for one in fields) for name, fields in wish.items()}


def _read_field(wish: str | Json) -> Field:
    one = Field(wish) if isinstance(wish, str) else Field(**{**wish, "values": tuple(wish.get("values", ()))})
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*__p?c", one.name):
        raise BadSetup(f"a field of the org's own is called Something__c, not {one.name!r}")
    if one.kind not in KINDS:
        raise BadSetup(f"kind is one of {sorted(KINDS)}, not {one.kind!r}")
    return one


def _read_validation(wish: Json) -> Validation:
    one = Validation(**wish)
    re.compile(one.pattern)
    _known(one.object)
    return one


def _known(name: str) -> str:
    if name not in STANDARD:
        raise BadSetup(f"there is no object {name!r}")
    return name


def _by_object(wish: Json) -> Json:
    return {_known(name): value for name, value in wish.items()}


_READERS: dict[str, Callable[..., object]] = {
    "apps": lambda wish: tuple(_read_app(one) for one in wish),
    "users": lambda wish: tuple(Person(**one) for one in wish),
    "fields": _read_fields,
    "picklists": _by_object,
    "required": _by_object,
    "validations": lambda wish: tuple(_read_validation(one) for one in wish),
    "duplicates": _by_object,
    "duplicates_in": lambda wish: {_known(name): [_known(one) for one in there] for name, there in wish.items()},
    "duplicates_blocked": lambda wish: [_known(one) for one in wish],
}
