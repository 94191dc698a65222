"""Studio NG: giving a user back to the bot, at a named state (yalo-integrations.md section 3.3)."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from interconnections.platforms.messages import StateChange
from interconnections.platforms.outcome import post, raise_unless_taken
from interconnections.platforms.platform import Check, Row
from interconnections.platforms.reachability import reachable
from interconnections.secret import Secret
from interconnections.wire import Wire


@dataclass(frozen=True, slots=True)
class StudioSettings:
    url: str
    token: Secret


class StudioNG:
    """It knows no idempotency handle: a repeat after a lost answer may trigger the state twice."""

    label = "Studio NG"
    needs: tuple[str, ...] = ("state_url",)
    tells_events = False

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    @staticmethod
    def settings(row: Row) -> StudioSettings:
        return StudioSettings(row.state_url.rstrip("/"), row.state_token)

    @staticmethod
    def mistakes(row: Row) -> dict[str, str]:
        return {}

    async def tell(self, settings: StudioSettings, user: str, event: StateChange, id: str) -> None:
        address = f"{settings.url}/v1/triggers/{quote(event.state, safe='')}/webhook"
        body = json.dumps({"userId": user}, ensure_ascii=False).encode()
        raise_unless_taken(await post(self.wire, address, body, settings.token), (200,))

    async def check(self, settings: StudioSettings) -> list[Check]:
        return await reachable(self.wire, settings.url, _("the state API"), _("the bot does not get its users back"))
