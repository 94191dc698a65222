"""Everything that is kept of a person, as JSON: for them, not for us, so nothing is masked and no token is in it."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from interconnections.models import Interconnection
from interconnections.moments import moment
from interconnections.privacy import audit
from interconnections.store import user_data
from interconnections.store.admin_reads import text
from interconnections.store.connection import for_pages

OURS = ("Ticket", "fence", "owner", "MessageChannel", "bound", "attempts:", "retry:", "failing:", "wireId", "chatUrl")


def export(user: str, bot: str = "") -> dict[str, object]:
    """By any of their ids, in any spelling; raises StoreAway."""
    redis = for_pages()
    data = user_data.find(redis, user, bot)
    with user_data.asking("a user's data"):
        past = [
            _decoded(text(row.get(b"entry", b"")))
            for name in data.keys.get("context", ())
            for _, row in redis.xrange(name)
        ]
        known = [
            {text(name): text(value) for name, value in redis.hgetall(each).items()}
            for each in data.keys.get("person", ())
        ]
    return {
        "ids": sorted(data.ids),
        "bots": sorted({row.get("botSlug", "") for row in data.conversations.values()}),
        "known": known,
        "blocked": bool(data.keys.get("blocked")),
        "context": past,
        "conversations": [_conversation(row) for row in _in_order(data.conversations.values())],
        "deadLetters": [
            {"session": letter.session, "at": moment(letter.at), "text": letter.item.text, "why": letter.why}
            for letter in data.letters
        ],
    }


def _in_order(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row.get("openedAt", ""))


def _conversation(stored: dict[str, str]) -> dict[str, object]:
    row = Interconnection.from_hash(stored)
    fields = {name: value for name, value in sorted(stored.items()) if not any(part in name for part in OURS)}
    return {
        **fields,
        "extraData": row.extra_data,
        "messages": [asdict(message) for message in row.messages],
        "EventsChat": [asdict(event) for event in row.events_chat],
        "history": [
            {"at": entry.action_time, "by": entry.user.get_username(), "what": entry.change_message}
            for entry in audit.of([row.session_id]).select_related("user")
        ],
    }


def _decoded(entry: str) -> object:
    try:
        at, speaker, said, *files = json.loads(entry)
    except (ValueError, TypeError):
        return {"entry": entry}
    return {"at": moment(at), "from": speaker, "text": said, "files": [file for file in files if file]}
