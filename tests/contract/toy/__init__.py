"""A platform that exists for the tests alone: one folder, and one line in `tests/contract/settings.py`.

Its wire: `POST /say` with `{"to", "text", "ref"}` and the key in `X-Key`; its webhooks hold several events, signed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interconnections.errors import BadInput, PlatformUnwell
from interconnections.items import Item
from interconnections.platforms import webhook_proofs
from interconnections.platforms.messages import Message, Skipped, Told
from interconnections.platforms.outcome import raise_unless_taken
from interconnections.platforms.plain import Plain
from interconnections.platforms.platform import BotIds, Check, Recipient, Row
from interconnections.platforms.reachability import reachable
from interconnections.platforms.values import mended
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Unreachable, Wire

LIMIT = 40  # characters
NAMES = ("from", "id", "kind", "text")  # of an event


@dataclass(frozen=True, slots=True)
class ToySettings:
    slug: str
    url: str
    key: Secret
    secret: Secret
    verify_token: Secret


class Toy(Plain):
    label = "Toy"
    providers: tuple[str, ...] = ("whatsapp",)
    needs: tuple[str, ...] = ("api_url", "bot_id")
    repeats_for = 3600
    kinds: Mapping[str, str] = {"poll": "poll"}
    shows_typing = True

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    @staticmethod
    def text_limit(provider: str) -> int:
        return LIMIT

    @staticmethod
    def settings(row: Row) -> ToySettings:
        return ToySettings(row.slug, row.api_url.rstrip("/"), row.api_token, row.webhook_secret, row.verify_token)

    @staticmethod
    def authenticate(request: WebhookRequest, settings: ToySettings) -> None:
        webhook_proofs.check(request, "signature", settings.secret)

    @staticmethod
    def handshake(query: Mapping[str, str], settings: ToySettings) -> str:
        return webhook_proofs.handshake(query, settings.verify_token)

    @staticmethod
    def bot_ids(body: object) -> BotIds:
        return BotIds()

    @staticmethod
    def read(body: object, settings: ToySettings) -> Sequence[Told]:
        events = body.get("events") if isinstance(body, dict) else None
        if not isinstance(events, list):
            raise BadInput("a toy's webhook has a list of events")
        return [_event(each) for each in events]

    @staticmethod
    def webhook_path(settings: ToySettings) -> str:
        return f"/v1/bots/{settings.slug}/webhook"

    async def send(self, settings: ToySettings, to: Recipient, item: Item, id: str, quotes: str = "") -> str:
        await self._post(settings, "say", {"to": to.user, "text": item.text, "ref": id})
        return ""

    async def typing(self, settings: ToySettings, to: Recipient, on: bool) -> None:
        await self._post(settings, "typing", {"to": to.user, "on": on})

    async def register(self, settings: ToySettings, url: str) -> None:
        await self._post(settings, "register", {"url": url})

    async def remove(self, settings: ToySettings, url: str) -> None:
        await self._post(settings, "remove", {"url": url})

    async def check(self, settings: ToySettings) -> list[Check]:
        return await reachable(self.wire, settings.url, "the toy", "nobody plays")

    async def _post(self, settings: ToySettings, verb: str, body: dict[str, object]) -> None:
        headers = {"X-Key": settings.key.reveal(), "Content-Type": "application/json"}
        try:
            reply = await self.wire.send(
                "POST", f"{settings.url}/{verb}", headers=headers, body=json.dumps(body).encode()
            )
        except Unreachable as trouble:
            raise PlatformUnwell(f"no answer: {trouble}") from None
        raise_unless_taken(reply)


def _event(event: object) -> Told:
    if not isinstance(event, dict):
        return Skipped("")
    said = {name: mended(value) for name in NAMES if isinstance(value := event.get(name), str)}
    if len(said) < len(NAMES) or not said["from"] or "\0" in said["from"]:
        return Skipped(said.get("kind", ""))
    text = said["kind"] == "text"
    return Message(
        said["from"],
        said["id"],
        False,
        said["kind"],
        None,
        text=said["text"] if text else "",
        detail="" if text else said["text"],
    )
