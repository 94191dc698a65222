"""Buttons for users who have only text."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from interconnections.desks.choices import chosen, in_words
from interconnections.desks.news import Choices

OPTIONS = (("o-1", "Pedidos"), ("o-2", "Devolución"), ("o-3", "Hablar con alguien"))
SHARED = (("a", "Sí"), ("b", "si"), ("c", "No"))
many = settings(max_examples=100, suppress_health_check=[HealthCheck.filter_too_much])
RATING = (("five", "5"), ("four", "4"), ("none", "Ninguna"))
titles = st.text(min_size=1, max_size=20).filter(str.strip)
options = st.lists(titles, min_size=1, max_size=8).map(
    lambda found: tuple((f"o-{place}", title) for place, title in enumerate(found))
)


def test_choices_are_a_numbered_text():
    assert in_words(Choices("Elija", "e6", OPTIONS)) == "Elija\n1. Pedidos\n2. Devolución\n3. Hablar con alguien"
    assert in_words(Choices("", "e6", OPTIONS[:1])) == "1. Pedidos"


def test_titles_that_are_numbers_have_no_numbers_beside_them():
    assert in_words(Choices("¿Cuántas?", "e6", RATING)) == "¿Cuántas?\n• 5\n• 4\n• Ninguna"


@pytest.mark.parametrize(
    ("answer", "option"),
    [
        ("1", "o-1"),
        (" 2. ", "o-2"),
        ("(3)", "o-3"),
        ("#1", "o-1"),
        ("2️⃣", "o-2"),
        ("３", "o-3"),
        ("01", "o-1"),
        ("pedidos", "o-1"),
        ("PEDIDOS", "o-1"),
        ("devolucion", "o-2"),
        ("Devolucio\u0301n", "o-2"),
        ("hablar  con\nalguien", "o-3"),
        ("1. Pedidos", "o-1"),
        ("2. devolucion", "o-2"),
        ("0", None),
        ("4", None),
        ("-1", None),
        ("1.5", None),
        ("1 2", None),
        ("9999", None),
        ("", None),
        ("  ", None),
        ("\u200b", None),
        ("Pedido", None),
        ("quiero pedidos", None),
        ("2. Pedidos", None),
    ],
)
def test_an_answer_is_a_number_or_a_title(answer, option):
    assert chosen(answer, OPTIONS) == option


@pytest.mark.parametrize(("answer", "option"), [("Sí", "a"), ("si", "b"), ("SI", None), ("no", "c"), ("1", "a")])
def test_a_shared_title_is_nobodys_unless_it_is_written_just_so(answer, option):
    assert chosen(answer, SHARED) == option


@pytest.mark.parametrize(
    ("answer", "option"), [("5", "five"), ("4", "four"), ("1", None), ("2", None), ("• 5", "five")]
)
def test_a_number_among_numbers_is_a_title(answer, option):
    assert chosen(answer, RATING) == option


@many
@given(st.text(), options)
def test_an_answer_is_one_of_the_options_or_none(answer, offered):
    assert chosen(answer, offered) in {None, *(id for id, _ in offered)}


@many
@given(st.lists(st.text("abcñéü ", min_size=1).filter(str.strip), min_size=1, max_size=8), st.data())
def test_a_title_that_no_other_reads_like_is_found_whatever_its_case_and_accents(found, data):
    plain = {title: "".join(title.translate(str.maketrans("ñéü", "neu")).split(" ")) for title in found}
    assume(len(set(plain.values())) == len(found))
    offered = tuple((f"o-{place}", title) for place, title in enumerate(found))
    id, title = data.draw(st.sampled_from(offered))
    for answer in (title, title.upper(), title.translate(str.maketrans("ñéü", "neu")), f"  {title}\n"):
        assert chosen(answer, offered) == id


@many
@given(options, st.data())
def test_what_is_shown_with_a_number_is_found_by_it(offered, data):
    place = data.draw(st.integers(1, len(offered)))
    shown = in_words(Choices("", "e", offered))
    assume(shown.startswith("1. "))
    found = chosen(str(place), offered)
    assert found == offered[place - 1][0]


@many
@given(st.integers(1, 20))
def test_every_number_that_is_shown_counts(count):
    offered = tuple((f"o-{place}", f"t{'x' * place}") for place in range(count))
    assert [chosen(str(place), offered) for place in range(1, count + 1)] == [id for id, _ in offered]
