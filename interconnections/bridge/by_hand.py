"""The verbs of supervisors, from synchronous pages: one conversation after the other, and the bells at the end."""

from collections.abc import Iterable, Iterator

from asgiref.sync import async_to_sync

from interconnections.bridge.hang_up import BELLS, ring_soon
from interconnections.bridge.outgoing import to_user, user_limit
from interconnections.items import Origin
from interconnections.lifecycle import Reason
from interconnections.store import by_hand
from interconnections.store.connection import for_pages

Done = tuple[str, str, str]  # what became of it, its session id, the channel to ring


def say(whom: Iterable[tuple[str, str]], text: str, form: str) -> Iterator[str]:
    """`whom`: (id, provider) of each; `form`: the ticket of what the supervisor sent.

    Gives "said", "twice", "over" or "no such" of each.  Raises StoreAway; what was given before that is on its way.
    """
    redis = for_pages()
    return _rung(
        by_hand.say(redis, id, to_user(text, Origin.BRIDGE, user_limit(None, provider)), form)
        for id, provider in whom
    )


def give_back(ids: Iterable[str], state: str) -> Iterator[str]:
    """End these; their bots go on at this state: "ordered", "leaving", "over" or "no such" of each."""
    redis = for_pages()
    return _rung(_ordered(by_hand.end(redis, id, Reason.RETURNED, state=state)) for id in ids)


def _ordered(done: Done) -> Done:
    """Only of an order there is somebody to ring."""
    return done if done[0] == "ordered" else (done[0], "", "")


def take_away(ids: Iterable[str], *, others_first: bool) -> Iterator[str]:
    """From their owners, who give them away: "done", "twice", "free", "over" or "no such" of each."""
    redis = for_pages()
    words = (by_hand.take_away(redis, id, others_first=others_first) for id in ids)
    return _rung((word, "all" if word == "done" else "", "") for word in words)


def drain(worker: str, *, drains: bool) -> str:
    """As the store says; it hears of it at once."""
    word = by_hand.drain(for_pages(), worker, drains=drains)
    [word] = _rung([(word, "all" if word == "done" else "", "")])
    return word


def block(ids: Iterable[str], *, blocks: bool) -> Iterator[str]:
    """Their users reach no agent any more, or may again: "done", "twice" or "no such" of each."""
    redis = for_pages()
    return (by_hand.block(redis, id, blocks=blocks) for id in ids)


def _rung(deeds: Iterable[Done]) -> Iterator[str]:
    """`deeds`: done as they are asked for."""
    bells: list[tuple[str, str]] = []
    try:
        for word, session, channel in deeds:
            if session:
                bells.append((channel, session))
            yield word
    finally:
        if bells:
            async_to_sync(ring_soon)(bells[:BELLS])
