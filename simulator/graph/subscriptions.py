"""Who is told what: callbacks of apps, their overrides, and what apps subscribed to (WA §2.3, FB §1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from ..protocol_options import Json
from .accounts import Setup

WHATSAPP, MESSENGER = "whatsapp_business_account", "page"


@dataclass(frozen=True)
class Callback:
    """Where an app wants to be told."""

    url: str
    verify_token: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Destination:
    """One app's callback, for one object; `entry`: the id in the envelope."""

    app: str
    secret: str
    url: str
    object: str
    entry: str


@dataclass
class Subscriptions:
    """All of them.  They survive a reset."""

    callbacks: dict[tuple[str, str], Callback] = field(default_factory=dict)  # (app, object)
    wabas: dict[str, dict[str, Callback | None]] = field(default_factory=dict)  # waba -> app -> override
    numbers: dict[str, Callback] = field(default_factory=dict)  # number -> override
    pages: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)  # page -> app -> fields

    def of_number(self, setup: Setup, number: str) -> list[Destination]:
        """Precedence: number, WABA, app (WA §2.3); the field is subscribed at the app, whichever address counts."""
        found, owner = [], setup.number(number)
        if owner is None:
            return []
        for app_id, override in self.wabas.get(owner.waba, {}).items():
            app, own = setup.app(app_id), self.callbacks.get((app_id, WHATSAPP))
            if app and own and (not own.fields or "messages" in own.fields):
                callback = self.numbers.get(number) or override or own
                found.append(Destination(app.id, app.secret, callback.url, WHATSAPP, owner.waba))
        return found

    def of_page(self, setup: Setup, page: str, wanted: str) -> list[Destination]:
        """The apps that subscribed this field of the page."""
        found = []
        for app_id, names in self.pages.get(page, {}).items():
            app, callback = setup.app(app_id), self.callbacks.get((app_id, MESSENGER))
            if app and callback and wanted in names and (not callback.fields or wanted in callback.fields):
                found.append(Destination(app.id, app.secret, callback.url, MESSENGER, page))
        return found

    def shown(self) -> Json:
        """As the control API shows them."""
        return {
            "callbacks": [{"app": app, "object": kind, **asdict(one)} for (app, kind), one in self.callbacks.items()],
            "wabas": {
                waba: {app: asdict(one) if one else None for app, one in apps.items()}
                for waba, apps in self.wabas.items()
            },
            "numbers": {number: asdict(one) for number, one in self.numbers.items()},
            "pages": {page: {app: list(names) for app, names in apps.items()} for page, apps in self.pages.items()},
        }

    def clear(self) -> None:
        """Nobody is told."""
        for part in (self.callbacks, self.wabas, self.numbers, self.pages):
            part.clear()
