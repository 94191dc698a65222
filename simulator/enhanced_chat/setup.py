"""What an admin sets up for Enhanced Chat (EC §1): deployments with their channels, and key sets.

It is JSON that a test may put in (`PUT /sim/enhanced`); a reset leaves it as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

from ..protocol_options import Json
from .tokens.key_sets import KeySet, public_key

STANDARD = ("_firstName", "_lastName", "_email")  # parameters that every channel has
TYPES = ("api", "web", "mobile")  # "api" is a Custom Client


class BadSetup(ValueError):
    """Something that no admin could set up."""


@dataclass(frozen=True)
class Deployment:
    """An Embedded Service deployment and its channel."""

    name: str  # esDeveloperName
    type: str = "api"
    key_set: str | None = None  # User Verification is on, with these keys
    parameters: tuple[str, ...] = ("Case_Id", "Contact_Id", "Phone", "User_Id", "Provider", "Order_Id")

    def knows(self, parameter: str) -> bool:
        """Its channel has this parameter."""
        return parameter in STANDARD or parameter in self.parameters

    @property
    def channel(self) -> str:
        """The id of its channel."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, self.name))


def _deployments() -> tuple[Deployment, ...]:
    return (
        Deployment("Bridge_Client"),
        Deployment("Bridge_Verified", key_set="bridgeKeys"),
        Deployment("Web_Widget", type="web"),
    )


def _key_sets() -> tuple[KeySet, ...]:
    return (KeySet("bridgeKeys", "bridge", "https://example.my.salesforce-scrt.com"),)


@dataclass(frozen=True)
class Setup:
    """How the org's messaging is set up."""

    deployments: tuple[Deployment, ...] = field(default_factory=_deployments)
    key_sets: tuple[KeySet, ...] = field(default_factory=_key_sets)

    def deployment(self, name: str) -> Deployment | None:
        """The deployment of this API name."""
        return next((one for one in self.deployments if one.name == name), None)

    def keys(self, name: str | None) -> KeySet | None:
        """The key set of this name."""
        return next((one for one in self.key_sets if one.name == name), None)


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
            parts[name] = tuple(_READERS[name](one) for one in wish)
        except (AttributeError, TypeError, ValueError, KeyError) as trouble:
            raise BadSetup(f"{name}: {trouble}") from trouble
    changed = Setup(**parts)
    for one in changed.deployments:
        if one.key_set is not None and changed.keys(one.key_set) is None:
            raise BadSetup(f"deployment {one.name} has no key set {one.key_set!r}")
    return changed


def _read_deployment(wish: Json) -> Deployment:
    one = Deployment(**{**wish, "parameters": tuple(wish.get("parameters", Deployment.parameters))})
    if not isinstance(one.name, str) or one.type not in TYPES:
        raise BadSetup(f"a deployment has a name and a type of {', '.join(TYPES)}")
    return one


def _read_key_set(wish: Json) -> KeySet:
    one = KeySet(**{**wish, "keys": tuple(wish.get("keys", ()))})
    for key in one.keys:
        public_key(key)
    return one


_READERS: dict[str, Callable[[Json], Deployment | KeySet]] = {
    "deployments": _read_deployment,
    "key_sets": _read_key_set,
}
