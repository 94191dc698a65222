"""The old service's rules for phones and for extraData (yalo-integrations.md sections 5.1 to 5.3)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.bridge.field_mapping import as_text, mapped
from interconnections.bridge.phones import MOST, alike, cleaned, spellings

OLD = ("521", "52")


@pytest.mark.parametrize(
    ("phone", "wanted"),
    [
        ("5215512345678", "5512345678"),
        ("525512345678", "5512345678"),
        ("+5215512345678", "+5215512345678"),
        ("5491122334455", "5491122334455"),
        ("5212345678", "5212345678"),  # ten characters are whole
        ("52123456789", "52123456789"),  # fewer than ten would remain
    ],
)
def test_the_examples_of_the_sheet(phone: str, wanted: str) -> None:
    assert cleaned(phone, OLD) == wanted


def test_the_order_of_the_prefixes_decides() -> None:
    assert cleaned("5215512345678", ("52", "521")) == "15512345678"


MX = {"5512345678", "5215512345678", "+5215512345678", "525512345678", "+525512345678"}
BR = {"5541999887766", "+5541999887766", "554199887766", "+554199887766"}
AR = {"5491122334455", "+5491122334455", "541122334455", "+541122334455"}

SPELT = [
    # as it came, prefixes, the way that we write it, all ways
    ("5215512345678", OLD, "5512345678", MX),
    ("525512345678", OLD, "5512345678", MX),
    ("5512345678", OLD, "5512345678", MX),
    ("+5215512345678", OLD, "+5215512345678", MX),
    ("+52 1 55 1234 5678", OLD, "+5215512345678", MX | {"+52 1 55 1234 5678"}),
    ("0052 55-1234-5678", OLD, "5512345678", MX | {"0052 55-1234-5678"}),
    ("+52 (55) 1234 5678", OLD, "+525512345678", MX | {"+52 (55) 1234 5678"}),
    ("\u200e5215512345678\u00a0", OLD, "5512345678", MX),
    ("５２１５５１２３４５６７８", OLD, "5512345678", MX | {"５２１５５１２３４５６７８"}),
    ("٥٢١٥٥١٢٣٤٥٦٧٨", OLD, "5512345678", MX | {"٥٢١٥٥١٢٣٤٥٦٧٨"}),
    ("5215512345678", (), "5215512345678", MX - {"5512345678"}),
    ("5541999887766", ("55",), "41999887766", BR | {"41999887766", "4199887766"}),
    ("554199887766", ("55",), "4199887766", BR | {"41999887766", "4199887766"}),
    ("+55 41 99988-7766", ("55",), "+5541999887766", BR | {"41999887766", "4199887766", "+55 41 99988-7766"}),
    ("554133224455", ("55",), "4133224455", {"4133224455", "554133224455", "+554133224455"}),  # stands on a desk
    ("5491122334455", ("549", "54"), "1122334455", AR | {"1122334455"}),
    ("541122334455", ("549", "54"), "1122334455", AR | {"1122334455"}),
    ("573001234567", ("57",), "3001234567", {"3001234567", "573001234567", "+573001234567"}),
    ("7700001", OLD, "7700001", {"7700001", "+7700001"}),
]


@pytest.mark.parametrize(("came", "prefixes", "ours", "wanted"), SPELT)
def test_a_number_is_looked_for_as_people_type_it(
    came: str, prefixes: tuple[str, ...], ours: str, wanted: set[str]
) -> None:
    found = spellings(came, prefixes)
    assert found[0] == ours
    assert set(found) >= wanted
    assert len(found) == len(set(found)) <= MOST
    assert {alike(spelling) for spelling in found} == {alike(came)}


@given(st.text(max_size=40), st.lists(st.text(max_size=4), max_size=12))
def test_never_more_spellings_than_a_query_may_hold(phone: str, prefixes: list[str]) -> None:
    assert len(spellings(phone, prefixes)) <= MOST


@pytest.mark.parametrize("nothing", ["", " ", "\0", "none", "+"])
def test_what_has_no_digit_is_no_number(nothing: str) -> None:
    assert spellings(nothing, OLD) == ()


@given(st.text(max_size=30), st.lists(st.text(max_size=4), max_size=4))
def test_a_prefix_is_removed_or_nothing(phone: str, prefixes: list[str]) -> None:
    left = cleaned(phone, prefixes)
    assert phone.endswith(left)
    assert left == phone or (len(left) >= 10 and phone[: len(phone) - len(left)] in prefixes)


def test_maps_take_what_is_there_and_keep_its_type() -> None:
    extra = {"order": "A-77", "total": 7.5, "vip": False, "cart": {"a": ["ñ"]}, "none": None, "blank": ""}
    fields = {name: f"{name}__c" for name in (*extra, "missing")}
    assert mapped(extra, fields) == {
        "order__c": "A-77", "total__c": 7.5, "vip__c": False, "cart__c": '{"a": ["ñ"]}',
    }  # fmt: skip


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(json_values)
def test_whatever_a_bot_sends_can_be_written(value: object) -> None:
    """W44"""
    json.dumps(mapped({"x": value}, {"x": "X__c"}))
    assert isinstance(as_text(value), str)
