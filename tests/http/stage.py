"""The street with the doors: the stage with bots of every kind and callers of every role."""

import copy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Self

from django.contrib.auth.hashers import make_password

from simulator.stage import BOT, BUTTON, LOGIN, Stage

PUBLIC_URL = "https://bridge.example.org"
PAGE = "100200300"
VERIFY = "agreed on with Meta"
SECRETS = {"demo-fb": "of-the-page", "signed-fb": "that-signs", "closed-fb": "of-the-closed", "bounded-fb": "of-1-MB",
           "meta-fb": "of-the-app"}  # fmt: skip
META_PAGE, META_APP = "200300400", "555000111"
PASSWORD = "a good long password"
CALLERS = {"caller": ["YALO_ROLE"], "desk": ["SALESFORCE_ROLE"], "stranger": [], "own": ["YALO_ROLE"],
           "other": ["YALO_ROLE"], "gone": ["YALO_ROLE"]}  # fmt: skip
GIVEN = [("own", BOT), ("other", "demo-fb"), ("other", "signed-fb"), ("gone", None)]  # None: a bot that was deleted
CLOSED_BUTTON = "573000000000009"


class Street(Stage):
    """Its only WhatsApp bot is the demo's; on Messenger there is one bot for every way to be authenticated."""

    def __init__(self) -> None:
        super().__init__(workers=1, environment={"PUBLIC_URL": PUBLIC_URL})

    def fixture(self) -> list[dict[str, object]]:
        return [
            *super().fixture(),
            self._messenger(2, "demo-fb", bot_id="tienda-fb", phone=PAGE),
            self._messenger(3, "signed-fb", webhook_auth="signature", verify_token=VERIFY),
            self._messenger(4, "open-fb", webhook_auth="none", ask_availability=False),
            self._messenger(5, "closed-fb"),
            self._messenger(6, "bounded-fb", intake_limit=1),
            self._messenger(7, "misread-fb", phone_prefixes=52),
            self._messenger(
                8,
                "meta-fb",
                platform="messenger",
                bot_id=META_PAGE,
                app_id=META_APP,
                webhook_auth="signature",
                verify_token=VERIFY,
            ),
            self._messenger(9, "paused-fb", paused=True, pause_text="We are back at nine."),
            *(_route(pk, pk, BUTTON) for pk in (2, 3, 4, 9)),
            _route(8, 7, BUTTON),
            _route(6, 2, CLOSED_BUTTON, "CERRADO"),
            _route(7, 4, CLOSED_BUTTON, "CERRADO"),
            *(caller(pk, name, groups, hashed()) for pk, (name, groups) in enumerate(CALLERS.items(), 10)),
            *(_given(pk, name, bot) for pk, (name, bot) in enumerate(GIVEN, 1)),
        ]

    @contextmanager
    def beside(self, *, server_options: tuple[str, ...] = Stage.server_options, **environment: str) -> Iterator[Self]:
        """The same installation through one more web process, at an address of its own and started otherwise."""
        other = copy.copy(self)
        other.env, other.server_options, other._place = self.env | environment, server_options, socket.socket()
        other._take_place()
        with other._place:
            other.start_web()
            other.until_ready()
            yield other
            other.web.stop()

    def _messenger(self, pk: int, slug: str, **more: object) -> dict[str, object]:
        fields = {
            "slug": slug,
            "bot_id": slug,
            "provider": "messenger",
            "org": 1,
            "api_url": self.world.url,
            "api_token": "demo-token",
            "channel": "passthrough",
            "phone": f"10020030{pk}",
            "webhook_secret": SECRETS.get(slug, ""),
            "state_api": "studio_ng",
            "state_url": self.world.url,
            "state_token": "studio-token",
            "state_delay": 0.1,
        }
        return {"model": "interconnections.bot", "pk": pk, "fields": fields | more}


def _route(pk: int, bot: int, button: str, flow: str = "") -> dict[str, object]:
    return {"model": "interconnections.route", "pk": pk, "fields": {"bot": bot, "flow": flow, "button_id": button}}


@cache
def hashed() -> str:
    """As the product hashes, for 0.2 s."""
    return make_password(PASSWORD, hasher="pbkdf2_sha256")


def caller(pk: int, name: str, groups: list[str], password: str) -> dict[str, object]:
    fields = {"username": name, "password": password, "groups": [[group] for group in groups]}
    return {"model": "auth.user", "pk": pk, "fields": fields}


def _given(pk: int, name: str, bot: str | None) -> dict[str, object]:
    return {"model": "interconnections.botaccess", "pk": pk,
            "fields": {"user": [name], "bot": bot and [bot]}}  # fmt: skip


LOGINS = {"demo": LOGIN} | {name: (name, PASSWORD) for name in CALLERS}
__all__ = [
    "BOT",
    "BUTTON",
    "CLOSED_BUTTON",
    "LOGINS",
    "META_APP",
    "META_PAGE",
    "PAGE",
    "PASSWORD",
    "PUBLIC_URL",
    "SECRETS",
    "VERIFY",
    "Street",
]
