"""What supervisors do to conversations from synchronous pages: each call a script, which knows its repeat."""

import json

from interconnections.items import Item
from interconnections.store.changes import stored_items
from interconnections.store.connection import PageRedis
from interconnections.store.scripts import run_for_page, ticket

REMEMBERED = 86_400  # seconds within which the same form is known again


def say(redis: PageRedis, id: str, items: tuple[Item, ...], form: str) -> tuple[str, str, str]:
    """("said", session id, channel to ring) | ("no such" | "over" | "twice", "", "").  `form`: its ticket."""
    told = json.dumps(stored_items(items), ensure_ascii=False)
    word, session, channel = [*map(str, run_for_page(redis, "say", id, form, ticket(), REMEMBERED, told)), "", ""][:3]
    return word, session, channel
