"""Person accounts: an Account that is a person, and the hidden Contact behind it (data sheet §3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..protocol_options import Json
from .record_ids import PREFIXES
from .refusal import Refused

if TYPE_CHECKING:
    from .org import Org

# The account's field, and the contact's.
_MIRROR = {
    "FirstName": "FirstName",
    "LastName": "LastName",
    "PersonEmail": "Email",
    "PersonMobilePhone": "MobilePhone",
    "PersonHomePhone": "HomePhone",
    "Phone": "Phone",
    "PersonBirthdate": "Birthdate",
    "OwnerId": "OwnerId",
}


def is_person(org: Org, row: Json) -> bool:
    """A person record type makes an account a person."""
    record_type = org.tables.get("RecordType", row.get("RecordTypeId") or "")
    return org.rules.person_accounts and record_type is not None and bool(record_type.get("IsPersonType"))


def check(org: Org, row: Json) -> bool:
    """Whether it is a person; then it has no Name of its own, and a business account has no person's fields."""
    person = is_person(org, row)
    kind = org.schema.objects["account"]
    wrong = ["Name"] if person else [field.name for field in kind.fields.values() if field.person and field.writable]
    for name in wrong:
        if row.get(name) is not None and not row.get("IsPersonAccount"):
            message = f"Account: bad field names on insert/update call: {name}"
            raise Refused(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, [name])
    return person


def arrive(org: Org, row: Json) -> None:
    """A person's Contact is made with the account; only a query tells its id."""
    row["IsPersonAccount"] = is_person(org, row)
    if row["IsPersonAccount"]:
        row["PersonContactId"] = org.mint.id(PREFIXES["Contact"])
        follow(org, row)


def follow(org: Org, row: Json) -> None:
    """The Contact says what the account says."""
    if not row.get("IsPersonAccount"):
        return
    contact: Json = {mine: row.get(theirs) for theirs, mine in _MIRROR.items()}
    contact |= {f"{name[:-4]}__c": value for name, value in row.items() if name.endswith("__pc")}
    contact |= {"Id": row["PersonContactId"], "AccountId": row["Id"], "IsPersonAccount": True}
    contact |= {"CreatedDate": row["CreatedDate"], "LastModifiedDate": row["LastModifiedDate"]} | name(contact)
    org.tables.put("Contact", (org.tables.get("Contact", contact["Id"]) or {}) | contact)
    row |= name(row)


def lead(org: Org, contact: Json) -> None:
    """The account says what its hidden Contact says."""
    account = org.tables.get("Account", contact.get("AccountId") or "") if contact.get("IsPersonAccount") else None
    if account is None:
        return
    told: Json = {theirs: contact.get(mine) for theirs, mine in _MIRROR.items()}
    told |= {f"{name[:-3]}__pc": value for name, value in contact.items() if name.endswith("__c")}
    org.tables.put("Account", account | told | name(contact))


def name(row: Json) -> Json:
    """First and last name, as one."""
    return {"Name": " ".join(part for part in (row.get("FirstName"), row.get("LastName")) if part)}
