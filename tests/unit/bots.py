"""A bot as the directory knows it, without SQL."""

from typing import Any

from interconnections import texts
from interconnections.directory import Bot
from interconnections.secret import Secret

PLAIN: dict[str, Any] = {
    "slug": "tienda-bot",
    "bot_id": "525500009999",
    "provider": "whatsapp",
    "org": None,
    "platform": "yalo",
    "api_url": "https://integrations.example.org",
    "api_token": Secret("wa-jwt"),
    "channel": "outgoing_webhook",
    "phone": "+525500009999",
    "webhook_auth": "bearer",
    "webhook_secret": Secret("shared"),
    "verify_token": Secret(""),
    "restart_keywords": (),
    "media_hosts": (),
    "language": "es-MX",
    "timezone": "America/Mexico_City",
    "state_api": "botrunner",
    "state_url": "https://botrunner.example.org",
    "state_token": Secret(""),
    "success_state": "from-sf-success",
    "timeout_state": "from-sf-timeout",
    "blocked_state": "from-sf-blocked",
    "state_delay": 4.0,
    "ask_availability": True,
    "waiting_limit": 0,
    "drop_limit": 120,
    "user_limit": 0,
    "agent_limit": 0,
    "delivery_limit": 86_400,
    "goodbye_limit": 120,
    "sends_per_second": 0.0,
    "pair_burst": 0,
    "pair_seconds": 0.0,
    "intake_limit": 100,
    "flow_field": "source_flow_bot",
    "ignored_types": ("status", "notification-status"),
    "case_origin": "whatsapp",
    "phone_prefixes": ("521", "52"),
    "routes": {},
}


def bot(*, words: dict[str, Any] | None = None, **differently: Any) -> Bot:
    """`words`: the bot's own texts, over the defaults."""
    language = differently.get("language", PLAIN["language"])
    return Bot(**(PLAIN | {"texts": texts.completed(words or {}, language)} | differently))
