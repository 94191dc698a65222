"""Contacts and person accounts: how somebody is looked for, and made when absent (sections 3.2 to 3.4).  Pure.

Looked for by e-mail, then phone, then the configured fields; the first search that finds somebody decides, and
of several the newest is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interconnections.blanks import trimmed, trimmed_end
from interconnections.desks.loosely import Json, is_id
from interconnections.desks.records import soql
from interconnections.errors import RecordsError, RecordsRefused, RecordsUnwell
from interconnections.lengths import cut

LAST_NAME, FIRST_NAME = 80, 40  # characters that the standard fields hold
YES = frozenset({
    "true", "verdadero", "verdadeiro", "yes", "y", "sí", "si", "s", "sim", "1", "x", "on", "blocked", "bloqueado",
    "bloqueada",
})  # fmt: skip
SEEN = 2  # records asked for: one to take, another to know that there are several


class NotAPerson(RecordsRefused):
    """An account that is a company's: there is no contact behind it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looked for.  `phones`: its spellings, the proper one first; `more`: (field, value) to search by."""

    email: str
    phones: tuple[str, ...]
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """`id` goes into the case's ContactId; `account_id` is a person account's own id, "" for others."""

    id: str
    account_id: str = ""
    blocked: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    sobject: str
    query: str


def searches(person: Person, blocked_field: str, *, person_accounts: bool) -> list[Search]:
    """In the order in which they decide.  Person accounts are looked for before contacts by the same value."""
    found: list[Search] = []

    def by(contact_field: str, account_field: str, values: Sequence[str]) -> None:
        if not values:
            return
        blocked = [blocked_field] if blocked_field else []
        if person_accounts and account_field:
            where = soql.is_one_of(account_field, values)
            fields = ["Id", "PersonContactId", *(on_account(name) for name in blocked)]
            found.append(Search("Account", soql.newest(fields, "Account", where, SEEN)))
        where = soql.is_one_of(contact_field, values)
        found.append(Search("Contact", soql.newest(["Id", *blocked], "Contact", where, SEEN)))

    by("Email", "PersonEmail", [person.email] if person.email else [])
    by("MobilePhone", "PersonMobilePhone", person.phones)
    for field, value in person.more:
        by(field, "", [value])
    return found


def on_account(contact_field: str) -> str:
    """A contact's custom field as its person account shows it."""
    return f"{contact_field.removesuffix('__c')}__pc" if contact_field.endswith("__c") else contact_field


def decided(
    asked: Sequence[Search], outcomes: Sequence[list[Json] | RecordsError], blocked_field: str
) -> Contact | None:
    """The first search that found somebody; None when all of them found nobody.

    A search that failed before that is not "nobody": its error is raised (W47).
    """
    for search, outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, RecordsError):
            raise outcome
        if outcome:
            return read(search.sobject, outcome[0], blocked_field, several=len(outcome) > 1)
    return None


def read(sobject: str, record: Json, blocked_field: str, *, several: bool = False) -> Contact:
    own, contact = record.get("Id"), record.get("PersonContactId")
    id, account_id = (contact, own) if sobject == "Account" else (own, "")
    if sobject == "Account" and contact is None and is_id(own):
        raise NotAPerson("the account is no person's")
    if not is_id(id):
        raise RecordsUnwell(f"answered {'a person account' if account_id else 'a contact'} without its id")
    name = on_account(blocked_field) if sobject == "Account" else blocked_field
    blocked = bool(name) and is_true({key.casefold(): value for key, value in record.items()}.get(name.casefold()))
    return Contact(str(id), str(account_id), blocked, several)


def is_true(value: object) -> bool:
    """A checkbox; orgs that made it a text, a number or a picklist say it in words."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in YES)


def new_contact(person: Person, first_name: str, name: str, custom: Mapping[str, object]) -> dict[str, object]:
    """Section 3.4; what is empty is left out."""
    fields = {
        "FirstName": cut(first_name, FIRST_NAME).strip(),
        "LastName": last_name(name),
        "Email": person.email,
        "MobilePhone": person.phones[0] if person.phones else "",
    }
    return {field: value for field, value in fields.items() if value} | dict(custom)


def new_person_account(
    person: Person, first_name: str, name: str, record_type: str, birthdate: str, custom: Mapping[str, object]
) -> dict[str, object]:
    """Section 3.3; `Name` must not be among them."""
    fields = {
        "RecordTypeId": record_type,
        "FirstName": cut(first_name, FIRST_NAME).strip(),
        "LastName": last_name(name),
        "PersonEmail": person.email,
        "PersonMobilePhone": person.phones[0] if person.phones else "",
        "PersonBirthdate": birthdate,
    }
    return {field: value for field, value in fields.items() if value} | dict(custom)


def last_name(name: str) -> str:
    """It is required, and a name that shows nothing is none."""
    return trimmed_end(cut(trimmed(name), LAST_NAME)) or "?"
