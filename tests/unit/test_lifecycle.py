"""The table of moves."""

import pytest

from interconnections.errors import IllegalMove
from interconnections.lifecycle import FINAL, MOVES, OPEN, Reason, Status, moved, ways_to

LEGAL = {
    (Status.ON_HOLD, Status.ACTIVE),
    (Status.ON_HOLD, Status.FAILED),
    (Status.ON_HOLD, Status.CLOSED),
    (Status.ACTIVE, Status.CLOSED),
    (Status.ACTIVE, Status.FAILED),
}
PAIRS = [(start, to) for start in Status for to in Status]


def test_every_status_has_its_row():
    assert set(MOVES) == set(Status)


def test_the_statuses_are_the_specifications_words():
    assert [str(status) for status in Status] == ["OnHold", "Active", "Closed", "Failed"]


@pytest.mark.parametrize(("start", "to"), [pair for pair in PAIRS if pair in LEGAL])
def test_a_legal_move_is_made(start, to):
    assert moved(start, to) is to


@pytest.mark.parametrize(("start", "to"), [pair for pair in PAIRS if pair not in LEGAL])
def test_any_other_move_is_refused_in_words(start, to):
    with pytest.raises(IllegalMove, match=f"^an interconnection that is {start} cannot become {to}$"):
        moved(start, to)


def test_what_is_final_has_no_ways_out():
    assert {Status.CLOSED, Status.FAILED} == FINAL
    assert not any(MOVES[status] for status in FINAL)


def test_every_status_is_open_or_final():
    assert set(Status) == OPEN | FINAL
    assert not OPEN & FINAL


def test_ways_to_reads_the_table_the_other_way():
    assert {(start, to) for to in Status for start in ways_to(to)} == LEGAL


def test_nothing_leads_back_to_the_queue():
    assert ways_to(Status.ON_HOLD) == frozenset()


def test_from_every_open_status_there_is_an_end():
    assert all(MOVES[status] & FINAL for status in OPEN)


def test_reasons_are_words_of_their_own():
    assert len({str(reason) for reason in Reason}) == len(Reason)
    assert all(str(reason) for reason in Reason)
