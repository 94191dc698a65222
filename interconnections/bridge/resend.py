"""The verb of the dead letters: back into their lanes, in order, and whoever carries them is rung."""

from collections.abc import Iterable, Iterator

from asgiref.sync import async_to_sync
from django.utils.translation import gettext_lazy as _

from interconnections.bridge.hang_up import BELLS, ring_soon
from interconnections.store import deadletters
from interconnections.store.connection import for_pages
from interconnections.store.deadletters import Letter

SAID = {
    "resent": _("on the way again"),
    "over": _("not sent: the chat is over, no agent would read it"),
    "gone": _("not sent: the conversation is forgotten"),
    "no such": _("gone meanwhile"),
}


def resend(letters: Iterable[Letter]) -> Iterator[tuple[Letter, str]]:
    """(letter, a word of SAID), one after the other; raises StoreAway, what was given before is on its way."""
    redis = for_pages()
    bells: list[tuple[str, str]] = []
    try:
        for letter in letters:
            word, session, channel = deadletters.resend(redis, letter.id, letter.interconnection)
            if word == "resent":
                bells.append((channel, session))
            yield letter, word
    finally:
        if bells:
            async_to_sync(ring_soon)(list(dict.fromkeys(bells))[:BELLS])
