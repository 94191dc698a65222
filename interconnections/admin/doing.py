"""How each act is carried out: rows in, and what became of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType

from interconnections.admin.audited import AUDITED
from interconnections.bridge import by_hand
from interconnections.lifecycle import OPEN
from interconnections.models import Bot, Interconnection
from interconnections.store import by_hand as store
from interconnections.store.connection import for_pages

DONE, TWICE, OVER = "done", "twice", "over"  # done now, done before, passed over
BECAME = {"twice": TWICE, "leaving": TWICE, "free": TWICE, "over": OVER, "no such": OVER}


@dataclass(frozen=True)
class Order:
    """What a supervisor wants done; `ticket`: the same however often the form is sent; `asked`: its other fields."""

    user: AbstractBaseUser
    why: str
    ticket: str
    asked: Mapping[str, str]


Became = Iterator[tuple[Interconnection, str]]


def note(rows: list[Interconnection], order: Order) -> Became:
    """The note is the entry in the history; the same words of the same person stand there once."""
    written = set(
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Interconnection),
            object_id__in=[row.pk for row in rows],
            user_id=order.user.pk,
            change_message=AUDITED["note"][0] + order.why,
        ).values_list("object_id", flat=True)
    )
    for row in rows:
        yield row, TWICE if row.pk in written else DONE


def say(rows: list[Interconnection], order: Order) -> Became:
    words = by_hand.say([(row.id, row.provider) for row in rows], order.asked["words"], order.ticket)
    return _each(rows, words)


def give_back(rows: list[Interconnection], order: Order) -> Became:
    """Those whose bots are told of no states are passed over."""
    told = _told_bots(rows)
    words = by_hand.give_back([row.id for row in rows if row.bot_slug in told], order.asked["state"])
    for row in rows:
        yield row, BECAME.get(next(words), DONE) if row.bot_slug in told else OVER


def is_told(row: Interconnection) -> bool:
    """May its bot be told at which state to go on, and is there still a chat that it can go on after?"""
    return is_open(row) and bool(_told_bots([row]))


def is_open(row: Interconnection) -> bool:
    return row.status in OPEN and not row.leaving


def _told_bots(rows: list[Interconnection]) -> set[str]:
    slugs = {row.bot_slug for row in rows}
    return set(Bot.objects.filter(slug__in=slugs).exclude(state_api="").values_list("slug", flat=True))


def reconnect(rows: list[Interconnection], order: Order) -> Became:
    return _each(rows, by_hand.take_away([row.id for row in rows], others_first=False))


def release(rows: list[Interconnection], order: Order) -> Became:
    return _each(rows, by_hand.take_away([row.id for row in rows], others_first=True))


def block(rows: list[Interconnection], order: Order) -> Became:
    return _each(rows, by_hand.block([row.id for row in rows], blocks=True))


def unblock(rows: list[Interconnection], order: Order) -> Became:
    return _each(rows, by_hand.block([row.id for row in rows], blocks=False))


def is_blocked(row: Interconnection) -> bool:
    return store.is_blocked(for_pages(), row.bot_slug, row.user_id)


def _each(rows: list[Interconnection], words: Iterator[str]) -> Became:
    for row, word in zip(rows, words, strict=True):
        yield row, BECAME.get(word, DONE)
