"""The first fields of an interconnection, as its hash has them."""

from datetime import UTC, datetime

from interconnections.bridge.connect_request import ConnectRequest
from interconnections.directory import Bot
from interconnections.lifecycle import Status
from interconnections.store.changes import DAY


def row(bot: Bot, wish: ConnectRequest, session_id: str, status: Status, steps: dict[str, str]) -> dict[str, str]:
    """`steps`: what the start has done; the contact and the case are among them."""
    return {
        "id": f"{wish.user_id}-{session_id}",
        "userId": wish.user_id,
        "sessionId": session_id,
        "status": status,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "provider": bot.provider,
        "botSlug": bot.slug,
        "botId": wish.bot_id,
        "name": wish.called,
        "email": wish.email,
        "phoneNumber": wish.phone_number,
        "caseId": steps.get("caseId", ""),
        "contactId": steps.get("contactId", ""),
        "agentID": "",
        "salesforceMessageChannel": "",
        "integrationMessageChannel": "",
    } | ({"keptFor": str(bot.retention_days * DAY)} if bot.retention_days else {})
