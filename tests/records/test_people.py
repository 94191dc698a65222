"""Whom a search finds, and what is written when it finds nobody."""

import pytest

from interconnections.bridge.connect_request import ConnectRequest
from interconnections.desks.records.people import (
    Contact,
    Person,
    decided,
    last_name,
    new_contact,
    new_person_account,
    searches,
)
from interconnections.desks.records.reader import Json
from interconnections.errors import LoginRefused, RecordsError, RecordsRefused, RecordsUnwell

ANA, ZOE, ACCOUNT = "003000000000001AAA", "003000000000002AAA", "001000000000001AAA"
PERSON = Person("zoe+o'hara@example.org", ("5512345678", "5215512345678", "+5215512345678"), (("Order__c", "A'77"),))


def queries(person: Person, blocked: str = "", *, person_accounts: bool = False) -> list[str]:
    return [search.query for search in searches(person, blocked, person_accounts=person_accounts)]


def test_by_e_mail_then_phone_then_the_configured_fields() -> None:
    assert queries(PERSON) == [
        r"SELECT Id FROM Contact WHERE Email = 'zoe+o\'hara@example.org' ORDER BY CreatedDate DESC LIMIT 2",
        "SELECT Id FROM Contact WHERE MobilePhone IN ('5512345678','5215512345678','+5215512345678') "
        "ORDER BY CreatedDate DESC LIMIT 2",
        r"SELECT Id FROM Contact WHERE Order__c = 'A\'77' ORDER BY CreatedDate DESC LIMIT 2",
    ]


def test_person_accounts_are_looked_for_before_contacts_by_the_same_value() -> None:
    found = searches(PERSON, "Blocked__c", person_accounts=True)
    assert [search.sobject for search in found] == ["Account", "Contact", "Account", "Contact", "Contact"]
    assert found[0].query.startswith("SELECT Id, PersonContactId, Blocked__pc FROM Account WHERE PersonEmail = ")
    assert found[1].query.startswith("SELECT Id, Blocked__c FROM Contact WHERE Email = ")


def test_what_is_not_known_is_not_searched_by() -> None:
    assert queries(Person("", ())) == []
    assert len(queries(Person("a@b", ()))) == 1


def test_a_configured_field_that_is_no_name_is_refused() -> None:
    with pytest.raises(RecordsRefused):
        queries(Person("", (), (("Id FROM User", "x"),)))


FOUND: list[tuple[str, list[list[Json] | RecordsError], Contact | None | type[RecordsError]]] = [
    ("nobody", [[], [], []], None),
    ("by e-mail", [[{"Id": ANA}], [{"Id": ZOE}], []], Contact(ANA)),
    ("by phone", [[], [{"Id": ZOE}], []], Contact(ZOE)),
    ("by a field", [[], [], [{"Id": ZOE}]], Contact(ZOE)),
    ("several", [[{"Id": ZOE}, {"Id": ANA}], [], []], Contact(ZOE, several=True)),
    ("blocked", [[{"Id": ANA, "blocked__C": True}], [], []], Contact(ANA, blocked=True)),
    ("blocked in words", [[{"Id": ANA, "Blocked__c": "Sí"}], [], []], Contact(ANA, blocked=True)),
    *[
        ("blocked in other words", [[{"Id": ANA, "Blocked__c": word}], [], []], Contact(ANA, blocked=True))
        for word in ("sim", " SI ", "Bloqueado", "Verdadeiro", 1, 1.0)
    ],
    *[
        ("not blocked", [[{"Id": ANA, "Blocked__c": word}], [], []], Contact(ANA))
        for word in (None, "", "no", "não", 0, False, "desbloqueado")
    ],
    ("a failed search is not nobody", [RecordsUnwell("503"), [], []], RecordsUnwell),
    ("nor where a later one finds", [RecordsUnwell("503"), [{"Id": ZOE}], []], RecordsUnwell),
    ("nor the last", [[], [], RecordsRefused("x", "INVALID_FIELD")], RecordsRefused),
    ("nor a refused token", [LoginRefused("401"), [], []], LoginRefused),
    ("a hit before the failure decides", [[{"Id": ANA}], RecordsUnwell("503"), []], Contact(ANA)),
    ("without an id", [[{"Id": None}], [], []], RecordsUnwell),
]


@pytest.mark.parametrize(("outcomes", "wanted"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_the_first_search_that_finds_decides(
    outcomes: list[list[Json] | RecordsError], wanted: Contact | None | type[RecordsError]
) -> None:
    asked = searches(PERSON, "Blocked__c", person_accounts=False)
    if isinstance(wanted, type):
        with pytest.raises(wanted):
            decided(asked, outcomes, "Blocked__c")
    else:
        assert decided(asked, outcomes, "Blocked__c") == wanted


def test_a_person_account_gives_its_hidden_contact() -> None:
    asked = searches(Person("a@b", ()), "Blocked__c", person_accounts=True)
    record = {"Id": ACCOUNT, "PersonContactId": ANA, "Blocked__pc": True}
    assert decided(asked, [[record], []], "Blocked__c") == Contact(ANA, ACCOUNT, blocked=True)


def test_a_new_contact_has_what_is_known() -> None:
    assert new_contact(PERSON, "Contacto Bot - ", "Zoë O'Hara", {"Order__c": 7}) == {
        "FirstName": "Contacto Bot -", "LastName": "Zoë O'Hara", "Email": PERSON.email, "MobilePhone": "5512345678",
        "Order__c": 7,
    }  # fmt: skip
    assert new_contact(Person("", ()), "", " ", {}) == {"LastName": "?"}
    assert len(str(new_contact(Person("", ()), "", "x" * 300, {})["LastName"])) == 80


def test_a_new_person_account_never_has_a_name() -> None:
    fields = new_person_account(PERSON, "Contacto Bot - ", "Zoë", "012000000000001AAA", "1921-01-01", {"X__pc": True})
    assert fields == {
        "RecordTypeId": "012000000000001AAA", "FirstName": "Contacto Bot -", "LastName": "Zoë",
        "PersonEmail": PERSON.email, "PersonMobilePhone": "5512345678", "PersonBirthdate": "1921-01-01",
        "X__pc": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "\u3164", "\u200b", "\u2800\ufe0f", "\u200e\u00a0"])
def test_a_name_that_shows_nothing_is_none(name: str) -> None:
    assert last_name(name) == "?"
    assert ConnectRequest("u", name, "whatsapp", "b", "b", "e").called == "?"


def test_a_name_is_cut_between_letters_as_people_see_them() -> None:
    assert last_name(" \u200bAna ") == "Ana"
    assert last_name("x" * 79 + "👩‍🔬") == "x" * 79
