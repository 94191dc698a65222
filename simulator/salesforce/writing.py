"""Creating, changing and deleting records, and what the org checks first (data sheet §2.1, §3.4, §4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .. import ids
from ..protocol_options import Json
from . import files, person_accounts, values
from .record_ids import PREFIXES
from .record_ids import kind as kind_of
from .refusal import Refused, no_field, not_found
from .schema import Field, SObject
from .soql.select import attributes

if TYPE_CHECKING:
    from .org import Org

Headers = Mapping[str, str]  # names in small letters
NONE: Headers = {}


def create(org: Org, kind: SObject, body: Json, user_id: str | None, headers: Headers = NONE) -> Json:
    """A new row.  Without a user it is a seed: it has all its fields, and nothing else is checked."""
    row = _read(org, kind, body, seed=user_id is None)
    if user_id is None:
        _required(org, kind, row, person=kind.name == "Account" and person_accounts.is_person(org, row))
    else:
        if not kind.creatable:
            message = f"entity type {kind.name} does not support create"
            raise Refused(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)
        _check(org, kind, row, None, headers)
    now = ids.iso_now()
    row = {"Id": org.mint.id(PREFIXES[kind.name]), "CreatedDate": now, "LastModifiedDate": now} | row
    if "ownerid" in kind.fields:
        row["OwnerId"] = row.get("OwnerId") or user_id or org.first_user_id
    if kind.name == "Case":
        _new_case(org, row, headers)
    if kind.name == "Account":
        person_accounts.arrive(org, row)
    if kind.name == "Contact":
        row |= person_accounts.name(row)
    if kind.name == "ContentVersion":
        files.arrive(org, row)
    if kind.name == "ContentDocumentLink":
        files.link(org, row)
    org.tables.put(kind.name, row)
    org.bell.ring()
    return row


def update(org: Org, kind: SObject, id: str, body: Json, headers: Headers = NONE) -> None:
    """Change a row."""
    before = org.tables.get(kind.name, id)
    if before is None:
        raise not_found()
    row = before | _read(org, kind, body, seed=False) | {"LastModifiedDate": ids.iso_now()}
    _check(org, kind, row, before, headers)
    if kind.name == "Account":
        person_accounts.follow(org, row)
    if kind.name == "Contact":
        row |= person_accounts.name(row)
        person_accounts.lead(org, row)
    org.tables.put(kind.name, row)
    org.bell.ring()


def delete(org: Org, kind: SObject, id: str) -> None:
    """Take a row away."""
    if org.tables.get(kind.name, id) is None:
        raise Refused(404, "ENTITY_IS_DELETED", "entity is deleted", [])
    org.tables.remove(kind.name, id)
    org.bell.ring()


def _read(org: Org, kind: SObject, body: Json, *, seed: bool) -> Json:
    row: Json = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        field = org.schema.field(kind, name)
        if field is None or (org.rules.field_names == "exact" and field.name != name):
            raise no_field(name, kind.name)
        if not field.writable and not seed:
            message = (
                f"Unable to create/update fields: {field.name}. Please check the security settings of this field."
            )
            raise Refused(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, [field.name])
        row[field.name] = values.read(field, value)
    return row


def _check(org: Org, kind: SObject, row: Json, before: Json | None, headers: Headers) -> None:
    person = person_accounts.check(org, row) if kind.name == "Account" else False
    _required(org, kind, row, person)
    for field in kind.fields.values():
        value = row.get(field.name)
        if value is None or (before is not None and before.get(field.name) == value):
            continue
        _picklist(org, kind, field, value)
        if field.kind == "reference":
            _reference(org, kind, field, value)
        if field.unique:
            _unique(org, kind, field, value, row.get("Id"))
    for rule in org.setup.validations:
        value = row.get(rule.field)
        if rule.object == kind.name and value is not None and not re.search(rule.pattern, str(value)):
            raise Refused(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, [rule.field])
    if before is None:
        _duplicates(org, kind, row, headers)


def _required(org: Org, kind: SObject, row: Json, person: bool) -> None:
    wanted = [field.name for field in kind.fields.values() if field.required]
    if person:
        wanted = ["LastName"]
    missing = [name for name in (*wanted, *org.setup.required.get(kind.name, ())) if row.get(name) is None]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise Refused(400, "REQUIRED_FIELD_MISSING", message, missing)


def _picklist(org: Org, kind: SObject, field: Field, value: object) -> None:
    allowed = org.setup.picklists.get(kind.name, {}).get(field.name) or field.values
    if allowed and str(value).lower() not in (one.lower() for one in allowed):
        message = f"bad value for restricted picklist field: {value}"
        raise Refused(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [field.name])


def _reference(org: Org, kind: SObject, field: Field, id: str) -> None:
    """An id of an object that the field may point at, and of a record that is there."""
    there = kind_of(id)
    row = org.tables.get(there, id) if there in field.to and there else None
    if row is None or (field.name == "RecordTypeId" and row.get("SobjectType") != kind.name):
        raise Refused(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [field.name])


def _unique(org: Org, kind: SObject, field: Field, value: object, id: str | None) -> None:
    for other in same(org, kind, field, value):
        if other["Id"] != id:
            message = f"duplicate value found: {field.name} duplicates value on record with id: {other['Id'][:15]}"
            raise Refused(400, "DUPLICATE_VALUE", message, [])


def same(org: Org, kind: SObject, field: Field, value: object) -> list[Json]:
    """The rows with this value in a field, whatever its case."""
    return org.tables.equal(kind.name, field.name, [str(value)])


def _duplicates(org: Org, kind: SObject, row: Json, headers: Headers) -> None:
    """A duplicate rule of the org alerts; `allowSave=true` saves in spite of it, if it only warns (§3.4)."""
    names = [name for name in org.setup.duplicates.get(kind.name, ()) if row.get(name)]
    matches = [
        _match(org, there, found)
        for there in org.setup.duplicates_in.get(kind.name, [kind.name])
        if (found := _with_any(org, there, names, row))
    ]
    saving = kind.name not in org.setup.duplicates_blocked
    anyway = "allowsave=true" in headers.get("sforce-duplicate-rule-header", "").lower().replace(" ", "")
    if not matches or (saving and anyway):
        return
    words = "Use one of these records?"
    result: Json = {"allowSave": saving, "duplicateRule": f"Standard_{kind.name}_Duplicate_Rule"}
    result |= {"duplicateRuleEntityType": kind.name, "errorMessage": words, "matchResults": matches}
    raise Refused(400, "DUPLICATES_DETECTED", words, None, duplicateResult=result)


def _with_any(org: Org, kind: str, names: list[str], row: Json) -> list[str]:
    """The ids of an object's rows that have one of these fields in common with the row."""
    there = org.schema.objects[kind.lower()]
    fields = [found for name in names if (found := there.fields.get(name.lower()))]
    return sorted({other["Id"] for field in fields for other in same(org, there, field, row[field.name])})


def _match(org: Org, kind: str, ids: list[str]) -> Json:
    records = [
        {"matchConfidence": 100.0, "record": {"attributes": attributes(kind, id, org.newest), "Id": id}} for id in ids
    ]
    match: Json = {"entityType": kind, "errors": [], "matchEngine": "ExactMatchEngine", "matchRecords": records}
    return match | {"rule": f"Standard_{kind}_Match_Rule", "size": len(records), "success": True}


def _new_case(org: Org, row: Json, headers: Headers) -> None:
    """Its number; its account out of its contact; its owner, unless the header keeps the one that was sent (§4)."""
    row["CaseNumber"] = row.get("CaseNumber") or f"{1000 + org.mint.number('CaseNumber'):08d}"
    contact = org.tables.get("Contact", row.get("ContactId") or "")
    if contact is not None and row.get("AccountId") is None:
        row["AccountId"] = contact.get("AccountId")
    row["IsEscalated"] = bool(row.get("IsEscalated"))
    row["Status"] = row.get("Status") or "New"
    if org.rules.assignment_owner and headers.get("sforce-auto-assign", "TRUE").upper() != "FALSE":
        row["OwnerId"] = org.rules.assignment_owner
