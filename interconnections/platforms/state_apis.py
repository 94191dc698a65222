"""Giving a user back to the bot, at a named state (yalo-integrations.md sections 3.2 and 3.3)."""

import json
from urllib.parse import quote

from interconnections.errors import PlatformUnwell
from interconnections.platforms.outcome import post, raise_unless_taken
from interconnections.secret import Secret
from interconnections.wire import Wire


class Botrunner:
    """Raises PlatformUnwell (repeat) and PlatformRefused (give up).  It knows no idempotency handle."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def send_to(self, url: str, token: Secret, bot_slug: str, user: str, state: str) -> None:
        """Taken means 200 and a JSON object."""
        address = f"{url}/{quote(bot_slug, safe='')}/send-to"
        if token:
            address += f"?jwt={quote(token.reveal(), safe='')}"
        body = json.dumps({"userId": user, "state": state, "message": ""}, ensure_ascii=False).encode()
        reply = await post(self.wire, address, body)
        raise_unless_taken(reply, (200,))
        try:
            taken = isinstance(json.loads(reply.content), dict)
        except (ValueError, RecursionError):
            taken = False
        if not taken:
            raise PlatformUnwell("answered 200 without a JSON object")


class StudioNG:
    """Raises PlatformUnwell (repeat) and PlatformRefused (give up)."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def trigger(self, url: str, token: Secret, user: str, state: str) -> None:
        address = f"{url}/v1/triggers/{quote(state, safe='')}/webhook"
        body = json.dumps({"userId": user}, ensure_ascii=False).encode()
        raise_unless_taken(await post(self.wire, address, body, token), (200,))
