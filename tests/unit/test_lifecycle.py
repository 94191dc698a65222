"""The table of moves."""

import re
from pathlib import Path

from interconnections import store
from interconnections.lifecycle import FINAL, MOVES, OPEN, Reason, Status, ways_to

LEGAL = {
    (Status.ON_HOLD, Status.ACTIVE),
    (Status.ON_HOLD, Status.FAILED),
    (Status.ON_HOLD, Status.CLOSED),
    (Status.ACTIVE, Status.CLOSED),
    (Status.ACTIVE, Status.FAILED),
}
SCRIPTS = Path(store.__file__).parent / "scripts"


def test_every_status_has_its_row():
    assert set(MOVES) == set(Status)


def test_the_statuses_are_the_specifications_words():
    assert [str(status) for status in Status] == ["OnHold", "Active", "Closed", "Failed"]


def test_the_table_has_the_legal_moves_and_no_other():
    assert {(start, to) for start, ways_out in MOVES.items() for to in ways_out} == LEGAL


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


def lua(path: Path) -> str:
    return re.sub(r"--.*", "", path.read_text())


def test_the_scripts_name_no_status_that_the_table_does_not_have():
    words = {word for path in SCRIPTS.rglob("*.lua") for word in re.findall(r"[~=]= '([A-Z][a-z]\w*)'", lua(path))}
    assert words
    assert words <= set(Status)


def test_the_scripts_compare_no_status_with_final_words_of_their_own():
    """They are given FINAL; the one word that they know is of a start that failed."""
    named = {(path.name, word) for path in SCRIPTS.rglob("*.lua") for word in FINAL if f"'{word}'" in lua(path)}
    assert named == {("board.lua", "Failed"), ("open.lua", "Failed"), ("reserve.lua", "Failed")}


def test_the_scripts_change_a_status_in_one_place_and_ask_the_table_first():
    writers = {path.name for path in SCRIPTS.rglob("*.lua") if re.search(r"'HSET', \w+, 'status'", lua(path))}
    assert writers == {"life.lua"}
    apply = lua(SCRIPTS / "shared/life.lua").partition("local function apply")[2]
    assert 0 < apply.index("not change.from[h[1]] then return false") < apply.index("'status', change.to)")
