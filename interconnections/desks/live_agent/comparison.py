"""After a hand-over: the new server's list of the conversation against ours.  Pure.

Both are ordered lists; two equal "ok" are two.  What the user said and the server misses is sent again; what the
agent said and we never saw is delivered.  Source: salesforce-live-agent.md section 6, rulings 18 to 20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from interconnections.desks.desk import Sent
from interconnections.desks.news import AgentSaid, Event, Queued, SessionData, mark

LONG = 16  # characters


@dataclass(frozen=True, slots=True)
class Difference:
    """`arrived`: number of the message in flight, when the server has it, else "".

    `missing`: (number, text) of what is to be sent again, before whatever waits; `unseen`: (text, name) of what the
    agent said and we never saw; `replayed`: marks of the agent's texts that the coming events repeat; `sure`: the
    lists could be laid side by side.
    """

    arrived: str
    missing: list[tuple[str, str]]
    unseen: list[tuple[str, str]]
    replayed: list[str]
    sure: bool


def difference(
    data: SessionData, ours: Sent, after: Sequence[Event], *, queued_before: bool, replays: bool = False
) -> Difference:
    """`after`: the events that follow in the same answer; `queued_before`: ChatRequestSuccess was seen before;
    `replays`: this server was seen to repeat texts after an earlier hand-over.
    """
    sent = [text for _, text in ours.sent]
    all_sent = sent + ([ours.in_flight[1]] if ours.in_flight else [])
    there = _reach(all_sent, data.by_user)
    known = len(sent) if there is None else there
    said = [mark(text) for text, _ in data.by_agent]
    new = _new_from(ours.heard, said)
    unseen = list(data.by_agent[len(data.by_agent) if new is None else new :])
    return Difference(
        arrived=ours.in_flight[0] if ours.in_flight and known > len(sent) else "",
        missing=ours.sent[known:],
        unseen=unseen,
        replayed=_replayed(said, unseen, after, queued_before=queued_before, replays=replays),
        sure=there is not None and new is not None,
    )


def _reach(ours: list[str], theirs: Sequence[Sequence[str]]) -> int | None:
    """How many of ours, from the start, the server has; None when its list is no part of ours.

    Their list is ours up to a point, or the tail of that where the server keeps only the latest.
    """
    plain = [text.strip() for text in ours]
    readings = [{reading.strip() for reading in one} for one in theirs]

    def are_there(start: int) -> bool:
        return all(text in read for text, read in zip(plain[start:], readings, strict=False))

    if len(readings) <= len(plain) and are_there(0):
        return len(readings)
    for reach in range(len(plain), 0, -1):
        if len(readings) < reach and are_there(reach - len(readings)):
            return reach
    return None


def _new_from(heard: list[str], said: list[str]) -> int | None:
    """From which of their agent's texts on we have not heard them; None when the lists do not meet."""
    if said[: len(heard)] == heard:
        return len(heard)
    for overlap in range(min(len(heard), len(said)), 0, -1):
        if heard[len(heard) - overlap :] == said[:overlap]:
            return overlap
    return None if heard and said else 0


def _replayed(
    said: list[str], unseen: list[tuple[str, str]], after: Sequence[Event], *, queued_before: bool, replays: bool
) -> list[str]:
    """Which texts the events repeat, if they do: all that was ever said, or what we had not seen.

    An agent may well say "ok" again in that moment, be it for the second time: only a text that nobody says twice by
    chance and that is like no other proves a repeat, or a server that repeated before.  In doubt it is news: said
    twice is better than lost.
    """
    texts = [mark(event.news.text) for event in after if isinstance(event.news, AgentSaid)]
    if queued_before and any(isinstance(event.news, Queued) for event in after) and _begins(texts, said):
        return said
    fresh = [mark(text) for text, _ in unseen]
    proven = replays or any(_is_distinctive(text) and said.count(mark(text)) == 1 for text, _ in unseen[: len(texts)])
    return fresh if proven and _begins(texts, fresh) else []


def _is_distinctive(text: str) -> bool:
    """Nobody says it twice in one breath, as "ok", "gracias" and "un momento" are."""
    return len(text.strip()) >= LONG or any(character.isdigit() for character in text)


def _begins(texts: list[str], with_these: list[str]) -> bool:
    common = min(len(texts), len(with_these))
    return common > 0 and texts[:common] == with_these[:common]
