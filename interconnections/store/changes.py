"""A Change as the scripts read it."""

from dataclasses import asdict

from django.conf import settings

from interconnections.bot_events import BotEvent
from interconnections.fast_json import dumps
from interconnections.items import Change, Item
from interconnections.lifecycle import ways_to
from interconnections.secret import seal
from interconnections.store.days import today

DAY = 86_400_000  # milliseconds


def retention() -> int:
    """Milliseconds that a conversation stays after it is over."""
    return int(settings.SESSION_RETENTION_DAYS) * DAY


def stored_items(items: tuple[Item, ...]) -> list[list[int | str]]:
    return [[item.delay, item.encoded()] for item in items]


def stored_events(events: tuple[BotEvent, ...]) -> list[dict[str, object]]:
    return [asdict(event) for event in events]


def as_script_reads(change: Change) -> dict[str, object]:
    told: dict[str, object] = {
        "first_to_agent": stored_items(change.first_to_agent),
        "to_user": stored_items(change.to_user),
        "to_bot": stored_events(change.to_bot),
        "unless_leaving": change.unless_leaving,
        "agent_said": change.agent_said,
        "said_as": change.said_as,
        "answers": change.answers,
        "arrived": change.arrived,
        "sent_again": change.sent_again,
    }
    row: dict[str, object] = {"fields": change.fields, "day": today()}
    row |= {name: value for name, value in told.items() if value}  # to read nothing costs Redis as much as something
    if change.secrets:
        row["secrets"] = {name: seal(secret) for name, secret in change.secrets.items()}
    if change.to:
        row |= {
            "to": change.to,
            "from": {str(way): True for way in ways_to(change.to)},
            "reason": change.reason,
            "retention": retention(),
            "if_lost": stored_items(change.if_lost),
        }
    return row


def encoded(change: Change) -> str:
    return dumps(as_script_reads(change))


def encoded_all(changes: list[Change]) -> str:
    return dumps([as_script_reads(change) for change in changes])
