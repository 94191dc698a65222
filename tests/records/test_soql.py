"""No value leaves its literal, whatever a bot sends (W32)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.desks.records import soql
from interconnections.errors import RecordsRefused

# One literal as section 3.1 defines it: nothing bare inside that could end it.
LITERAL = re.compile(r"'(?:[^'\"\\\n\r\t\b\f\x00-\x1f]|\\['\"\\nrtbf])*'")
MEANT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def read(literal: str) -> str:
    """What Salesforce reads out of a literal."""
    return re.sub(r"\\(.)", lambda found: MEANT.get(found[1], found[1]), literal[1:-1])


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_a_literal_is_one_literal(value: str) -> None:
    literal = soql.text(value)
    assert LITERAL.fullmatch(literal)
    literal.encode()  # halves of emoji would fail here


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\\'\"\n\r\t\b\f")))
def test_what_can_be_in_a_field_is_read_back_as_it_was(value: str) -> None:
    assert read(soql.text(value)) == value[:255]


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("zoe.o'hara+tienda@example.org", r"'zoe.o\'hara+tienda@example.org'"),
        ("' OR Name LIKE '%", r"'\' OR Name LIKE \'%'"),
        ("\\' OR 1=1", r"'\\\' OR 1=1'"),
        ("Ñandú 日本 👩‍🔬", "'Ñandú 日本 👩‍🔬'"),
        ("100%_&#", "'100%_&#'"),
        ("a\0b", "'ab'"),
        ("", "''"),
    ],
)
def test_the_literals_of_the_field(value: str, literal: str) -> None:
    assert soql.text(value) == literal


@given(st.text())
def test_only_names_stand_bare(text: str) -> None:
    try:
        name = soql.name(text)
    except RecordsRefused:
        return
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", name)


@pytest.mark.parametrize("name", ["Id", "Order__c", "Account.Name", "Parent__r.Email", "X__pc"])
def test_what_is_a_name(name: str) -> None:
    assert soql.name(name) == name


@pytest.mark.parametrize("name", ["", "1a", "a b", "a,b", "Id FROM Contact", "a'", "é__c", "a..b", ".a", "a\n"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(RecordsRefused):
        soql.name(name)


def test_one_value_is_compared_and_several_are_listed() -> None:
    assert soql.is_one_of("Email", ["a'b"]) == r"Email = 'a\'b'"
    assert soql.is_one_of("MobilePhone", ["1", "+1"]) == "MobilePhone IN ('1','+1')"
