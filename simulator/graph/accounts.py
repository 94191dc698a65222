"""What a developer set up at Meta: apps, tokens, numbers, pages, approved templates.

It is JSON that a test may put in (`PUT /sim/graph`); a reset leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import TypeVar

from ..protocol_options import Json

APP, APP_SECRET = "555000111", "simulated-app-secret"
OTHER_APP, OTHER_SECRET = "555000222", "simulated-other-secret"
WABA, NUMBER, PAGE = "990011", "700100200300", "110"
CLOUD_TOKEN, PAGE_TOKEN = "EAAG-simulated-system-user", "EAAG-simulated-page"
OTHER_CLOUD_TOKEN, OTHER_PAGE_TOKEN = "EAAG-simulated-bot", "EAAG-simulated-bot-page"
INBOX = "263902037430900"  # FB §4.3: a human in the page's inbox
CLOUD_SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
PAGE_SCOPES = ("pages_messaging", "pages_manage_metadata", "pages_show_list")


class BadSetup(ValueError):
    """Something that nobody could set up."""


@dataclass(frozen=True)
class App:
    """An app; `proof`: it demands appsecret_proof, `human_agent`: the feature is granted."""

    id: str
    secret: str
    name: str = "Bridge"
    proof: bool = False
    human_agent: bool = False
    released: bool = True  # False: in development, only people with a role can be written to


@dataclass(frozen=True)
class Token:
    """An access token of an app, and whose messages it may send."""

    token: str
    app: str
    accounts: tuple[str, ...]  # WABAs and pages
    scopes: tuple[str, ...] = CLOUD_SCOPES + PAGE_SCOPES
    expired: bool = False
    kind: str = "SYSTEM_USER"


@dataclass(frozen=True)
class Number:
    """A business number."""

    id: str
    waba: str = WABA
    display: str = "525500001111"
    name: str = "Tienda"
    country: str = "52"
    status: str = "CONNECTED"
    quality: str = "GREEN"
    tier: str = "TIER_1K"
    registered: bool = True


@dataclass(frozen=True)
class Page:
    """A page; `default_app`: owns new and idle threads, `takers`: may take them from others."""

    id: str
    name: str = "Tienda"
    default_app: str | None = None
    takers: tuple[str, ...] = ()
    restricted: bool = False


@dataclass(frozen=True)
class Template:
    """A template of a WABA; `parameters`: how many its body has."""

    name: str
    language: str = "es_MX"
    waba: str = WABA
    status: str = "APPROVED"
    category: str = "UTILITY"
    text: str = "Tenemos una respuesta para usted."
    parameters: int = 0


@dataclass(frozen=True)
class Setup:
    """Everything."""

    apps: tuple[App, ...] = (App(APP, APP_SECRET), App(OTHER_APP, OTHER_SECRET, "Bot"))
    tokens: tuple[Token, ...] = (
        Token(CLOUD_TOKEN, APP, (WABA,), CLOUD_SCOPES),
        Token(PAGE_TOKEN, APP, (PAGE,), PAGE_SCOPES, kind="PAGE"),
        Token(OTHER_CLOUD_TOKEN, OTHER_APP, (WABA,), CLOUD_SCOPES),
        Token(OTHER_PAGE_TOKEN, OTHER_APP, (PAGE,), PAGE_SCOPES, kind="PAGE"),
    )
    numbers: tuple[Number, ...] = (Number(NUMBER),)
    pages: tuple[Page, ...] = (Page(PAGE),)
    templates: tuple[Template, ...] = field(default_factory=lambda: (Template("reopen"), Template("welcome_back")))

    def app(self, id: str) -> App | None:
        """The app of this id."""
        return next((one for one in self.apps if one.id == id), None)

    def token(self, token: str) -> Token | None:
        """The token of these characters; an app's own is `id|secret`."""
        id, _, secret = token.partition("|")
        app = self.app(id)
        if app is not None and secret == app.secret:
            return Token(token, id, (), (), kind="APP")
        return next((one for one in self.tokens if one.token == token), None)

    def number(self, id: str) -> Number | None:
        """The number of this id."""
        return next((one for one in self.numbers if one.id == id), None)

    def page(self, id: str) -> Page | None:
        """The page of this id."""
        return next((one for one in self.pages if one.id == id), None)

    def kind(self, id: str) -> str | None:
        """number | page | waba | app."""
        if self.number(id):
            return "number"
        if self.page(id):
            return "page"
        if self.app(id):
            return "app"
        return "waba" if any(one.waba == id for one in self.numbers) else None

    def account(self, id: str) -> str:
        """What a token must name to speak for this object: a number's WABA, else itself."""
        number = self.number(id)
        return number.waba if number else id


_PARTS: dict[str, type] = {"apps": App, "tokens": Token, "numbers": Number, "pages": Page, "templates": Template}
One = TypeVar("One")


def shown(setup: Setup) -> Json:
    """The setup as it is put in."""
    return asdict(setup)


def change(setup: Setup, wishes: Json) -> Setup:
    """Another setup: each part that is named is replaced whole."""
    parts = {one.name: getattr(setup, one.name) for one in fields(Setup)}
    for name, wish in wishes.items():
        if name not in _PARTS:
            raise BadSetup(f"a setup has no {name!r}; it has {', '.join(_PARTS)}")
        if not isinstance(wish, list):
            raise BadSetup(f"{name} is a list")
        parts[name] = tuple(_read(_PARTS[name], one, name) for one in wish)
    changed = Setup(**parts)
    for token in changed.tokens:
        if changed.app(token.app) is None:
            raise BadSetup(f"there is no app {token.app!r}, of which a token is to be")
    return changed


def _read(kind: Callable[..., One], wish: object, name: str) -> One:
    wanted = {one.name: one for one in fields(_PARTS[name])}
    if not isinstance(wish, dict) or not wish.keys() <= wanted.keys():
        raise BadSetup(f"one of {name} is an object of {', '.join(wanted)}")
    values: Json = {}
    for key, one in wanted.items():
        if key not in wish:
            if one.default is MISSING:
                raise BadSetup(f"one of {name} has no {key}")
            continue
        value = wish[key]
        if "tuple" in str(one.type):
            if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
                raise BadSetup(f"{key} of {name} is a list of strings")
            value = tuple(value)
        elif str(one.type).removesuffix(" | None") != type(value).__name__ and value is not None:
            raise BadSetup(f"{key} of {name} cannot be {value!r}")
        values[key] = value
    return kind(**values)
