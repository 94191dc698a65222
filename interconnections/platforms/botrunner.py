"""Botrunner: giving a user back to the bot, at a named state (yalo-integrations.md section 3.2)."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from interconnections.errors import PlatformUnwell
from interconnections.platforms.messages import StateChange
from interconnections.platforms.outcome import post, raise_unless_taken
from interconnections.platforms.platform import Check, Row
from interconnections.platforms.reachability import reachable
from interconnections.secret import Secret
from interconnections.wire import Wire


@dataclass(frozen=True, slots=True)
class BotrunnerSettings:
    url: str
    token: Secret
    bot_slug: str


class Botrunner:
    """It knows no idempotency handle: a repeat after a lost answer may set the state twice."""

    label = "Botrunner"
    needs: tuple[str, ...] = ("state_url",)
    tells_events = False

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    @staticmethod
    def settings(row: Row) -> BotrunnerSettings:
        return BotrunnerSettings(row.state_url.rstrip("/"), row.state_token, row.slug)

    @staticmethod
    def mistakes(row: Row) -> dict[str, str]:
        return {}

    async def tell(self, settings: BotrunnerSettings, user: str, event: StateChange, id: str) -> None:
        """Taken means 200 and a JSON object."""
        address = f"{settings.url}/{quote(settings.bot_slug, safe='')}/send-to"
        if settings.token:
            address += f"?jwt={quote(settings.token.reveal(), safe='')}"
        body = json.dumps({"userId": user, "state": event.state, "message": ""}, ensure_ascii=False).encode()
        reply = await post(self.wire, address, body)
        raise_unless_taken(reply, (200,))
        try:
            taken = isinstance(json.loads(reply.content), dict)
        except (ValueError, RecursionError):
            taken = False
        if not taken:
            raise PlatformUnwell("answered 200 without a JSON object")

    async def check(self, settings: BotrunnerSettings) -> list[Check]:
        return await reachable(self.wire, settings.url, _("the state API"), _("the bot does not get its users back"))
