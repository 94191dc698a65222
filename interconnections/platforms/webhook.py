"""The state webhook: a bot is told what becomes of its chats, in the form of Standard Webhooks.

docs/state-webhook.md is what its developer reads.

The id and the body of an event are the same at every repeat; the time in the head, and so the signature, are those
of the attempt.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from standardwebhooks.webhooks import Webhook as Signer

from interconnections.errors import PlatformRefused, PlatformUnwell
from interconnections.fast_json import dumps
from interconnections.platforms.messages import StateChange
from interconnections.platforms.platform import Check, Row
from interconnections.platforms.reachability import PAGE, reachable
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

PREFIX = "whsec_"
BYTES = (24, 64)  # that a secret has, by the specification
NO_SECRET = _("This must be whsec_ and then 24 to 64 bytes in base64, like whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.")
PATIENCE = 15.0  # seconds of silence; the specification asks receivers to answer at once
REPEATED = (408, 425, 429)  # of the 4xx; all others give the event up


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    url: str
    token: Secret


class StateWebhook:
    """A receiver knows a repeat by its id."""

    label = "Standard Webhooks"
    needs: tuple[str, ...] = ("state_url", "state_token")
    tells_events = True

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    @staticmethod
    def settings(row: Row) -> WebhookSettings:
        return WebhookSettings(row.state_url, row.state_token)

    @staticmethod
    def mistakes(row: Row) -> dict[str, str]:
        """What is missing is said of every column that it needs."""
        return {"state_token": NO_SECRET} if row.state_token and not is_secret(row.state_token) else {}

    async def tell(self, settings: WebhookSettings, user: str, event: StateChange, id: str) -> None:
        if not is_secret(settings.token):
            raise PlatformUnwell("the state API's token is no whsec_ secret in base64")
        body, now = told(user, event), datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(settings.token.reveal()).sign(id, now, body),
        }
        try:
            reply = await self.wire.send("POST", settings.url, headers=headers, body=body.encode(), timeout=PATIENCE)
        except Unreachable as trouble:
            raise PlatformUnwell(f"no answer: {trouble}", crowded=trouble.crowded) from None
        _raise_unless_taken(reply)

    async def check(self, settings: WebhookSettings) -> list[Check]:
        found = []
        if settings.token and not is_secret(settings.token):
            found.append(
                Check(
                    "error",
                    str(_("the state API's token is no whsec_ secret in base64: the bot is told nothing")),
                    str(PAGE),
                )
            )
        then = _("the bot is not told what becomes of its chats, until it is there again")
        return found + await reachable(self.wire, settings.url, _("the state webhook"), then)


def is_secret(token: Secret) -> bool:
    text = token.reveal()
    if not text.startswith(PREFIX):
        return False
    text = text.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return BYTES[0] <= len(key) <= BYTES[1]


def told(user: str, event: StateChange) -> str:
    """The body, the same for the same event."""
    moment = datetime.fromtimestamp(event.at / 1000, UTC)
    data = {
        "sessionId": event.session_id,
        "userId": user,
        "botSlug": event.bot_slug,
        "provider": event.provider,
        "state": event.state,
        "reason": event.reason,
        "caseId": event.case_id,
        "agent": event.agent,
    }
    row = {
        "type": event.type,
        "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": data,
    }
    return dumps(row)


def _raise_unless_taken(reply: Reply) -> None:
    """Raises PlatformUnwell (repeat) or PlatformRefused (give up: it will never be taken)."""
    if 200 <= reply.status < 300:
        return
    if 400 <= reply.status < 500 and reply.status not in REPEATED:
        raise PlatformRefused(f"answered {reply.status}")
    raise PlatformUnwell(f"answered {reply.status}", reply.retry_after)
