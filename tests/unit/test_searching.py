"""What the search finds a row by, and that purging names all that any release stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.store.searching import SEARCHED, places, search_entries, stands, words_of

ROW = {
    "name": "Inés Ñuñez Gil", "email": "Ines@Example.org", "phoneNumber": "+52 1 55 1234 5678",
    "userId": "5215512345678", "caseId": "5001a000001AAA", "sessionId": "5701a-s",
}  # fmt: skip


def finds(term: str, row: dict[str, str]) -> bool:
    whole, *parts = words_of(term, 6)
    return stands(places(whole), row) or (bool(parts) and all(stands(places(word), row) for word in parts))


@pytest.mark.parametrize(
    "term",
    ["inés ñ", "ines nunez", "nunez ines", "gil", "INES@example", "+52 1 55 1234 5678", "5215512345678",
     "+5215512345678", "55 1234-5678", "(55) 1234 5678", "5678", "…5678", "ines 5678", "5001A", "5701a"],
)  # fmt: skip
def test_it_is_found_by(term: str) -> None:
    assert finds(term, ROW)


@pytest.mark.parametrize("term", ["nes", "678", "1234", "5679", "ana 5678", "example", "5215512345678 0"])
def test_it_is_not_found_by(term: str) -> None:
    assert not finds(term, ROW)


@given(st.dictionaries(st.sampled_from(SEARCHED), st.text(max_size=150)))
def test_a_purge_names_what_the_first_release_stored(row: dict[str, str]) -> None:
    """Entries may be added, never left out: those of older rows would stay in the index for ever."""
    stored = []
    for name in SEARCHED:
        value = row.get(name, "").replace("\0", "").casefold().strip()
        if value:
            words = value.split()[1:5] if name == "name" else []
            stored += [(name, entry[:120]) for entry in (value, *words)]
    assert set(stored) <= set(search_entries(row))


@given(st.text(min_size=1))
def test_whatever_is_typed_is_words_or_nothing(term: str) -> None:
    assert words_of(term, 6) or not term.replace("\0", "").strip()


@given(st.dictionaries(st.sampled_from(SEARCHED), st.text("aÁ5+ \0", max_size=150)), st.text("aÁá5+ ", max_size=4))
def test_a_value_as_it_is_answers_as_its_entries_do(row: dict[str, str], term: str) -> None:
    for word in words_of(term, 6):
        wanted = places(word)
        by_entries = any(
            name == place and value.startswith(start)
            for name, value in search_entries(row)
            for place, start in wanted
        )
        assert stands(wanted, row) == by_entries
