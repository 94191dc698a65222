"""Erase a person everywhere, and say what was erased without saying whom."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from interconnections.errors import Conflict
from interconnections.privacy import audit
from interconnections.store import user_data
from interconnections.store.connection import for_pages

log = structlog.get_logger("bridge.privacy")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`receipt`: an id of its own, which the log and the history name, too; `what`: how many of each."""

    receipt: str
    when: str
    bot: str
    what: Mapping[str, int]

    def as_json(self) -> dict[str, object]:
        return {"receipt": self.receipt, "when": self.when, "bot": self.bot or "all", "erased": dict(self.what)}


def forget(user: str, bot: str = "") -> Receipt:
    """By any of their ids, in any spelling; at one bot, or at all.

    Raises Conflict while a chat of theirs is open or being opened, and then nothing is erased; StoreAway half-way,
    and then the same call erases the rest.
    """
    redis = for_pages()
    data = user_data.find(redis, user, bot)
    if data.open:
        raise Conflict(
            _("This person has an open conversation (%s). End it first, then ask again: nothing was erased.")
            % ", ".join(data.open)
        )
    if data.opening:
        raise Conflict(_("A conversation of this person is just being opened: ask again in a minute."))
    sessions = [row.get("sessionId", "") for row in data.conversations.values()]
    reasons = audit.erase(sessions, data.names if not bot else frozenset())
    receipt = Receipt(
        str(uuid.uuid4()),
        timezone.now().isoformat(timespec="seconds"),
        bot,
        user_data.erase(redis, data) | {"reasons in the history": reasons},
    )
    log.info("a person was forgotten", receipt=receipt.receipt, what=dict(receipt.what))
    return receipt
