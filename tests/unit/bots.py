"""A bot as the directory knows it, without SQL."""

from types import SimpleNamespace
from typing import Any

from interconnections import texts
from interconnections.directory import Bot
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.secret import Secret

PLAIN: dict[str, Any] = {
    "slug": "tienda-bot",
    "bot_id": "525500009999",
    "provider": "whatsapp",
    "org": None,
    "platform": "yalo",
    "api_token": Secret("wa-jwt"),
    "phone": "+525500009999",
    "webhook_auth": "bearer",
    "webhook_secret": Secret("shared"),
    "restart_keywords": (),
    "media_hosts": (),
    "language": "es-MX",
    "timezone": "America/Mexico_City",
    "state_api": "botrunner",
    "success_state": "from-sf-success",
    "timeout_state": "from-sf-timeout",
    "blocked_state": "from-sf-blocked",
    "state_delay": 4.0,
    "ask_availability": True,
    "waiting_limit": 0,
    "drop_limit": 120,
    "retention_days": 30,
    "context_hours": 24,
    "user_limit": 0,
    "agent_limit": 0,
    "delivery_limit": 86_400,
    "goodbye_limit": 120,
    "sends_per_second": 0.0,
    "pair_burst": 0,
    "pair_seconds": 0.0,
    "intake_limit": 100,
    "forward_url": "",
    "forward_secret": Secret(""),
    "flow_field": "source_flow_bot",
    "case_origin": "whatsapp",
    "phone_prefixes": ("521", "52"),
    "routes": {},
}


# Of the row, what only its platform and its state API read.
THEIRS: dict[str, Any] = {
    "api_url": "https://integrations.example.org",
    "channel": "outgoing_webhook",
    "verify_token": Secret(""),
    "ignored_types": ["status", "notification-status"],
    "graph_version": "v25.0",
    "reopen_template": "",
    "reopen_language": "",
    "app_id": "555000111",
    "human_agent": False,
    "thread_control": "none",
    "bot_app_id": "",
    "state_url": "https://botrunner.example.org",
    "state_token": Secret(""),
}


def row(**differently: Any) -> Any:
    """A bot as SQL has it."""
    return SimpleNamespace(**(PLAIN | THEIRS | differently))


def bot(*, words: dict[str, Any] | None = None, **differently: Any) -> Bot:
    """`words`: the bot's own texts, over the defaults."""
    language = differently.get("language", PLAIN["language"])
    stored = row(**differently)
    fields = PLAIN | {name: value for name, value in differently.items() if name not in THEIRS}
    fields |= {
        "texts": texts.completed(words or {}, language),
        "settings": PLATFORMS[stored.platform].settings(stored),
        "state_settings": STATE_APIS[stored.state_api].settings(stored) if stored.state_api else None,
    }
    return Bot(**fields)
