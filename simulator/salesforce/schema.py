"""Which objects the org has, and which fields they have: the standard ones that a bridge meets, and declared ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..protocol_options import Rules

TEXTS = frozenset({"string", "textarea", "email", "phone", "picklist"})
KINDS = TEXTS | {"boolean", "double", "date", "datetime", "reference", "id", "base64"}


@dataclass(frozen=True)
class Field:
    """One field; `person`: only in orgs with person accounts."""

    name: str
    kind: str = "string"
    length: int = 255
    to: tuple[str, ...] = ()  # the objects that a reference may point at
    required: bool = False
    writable: bool = True
    unique: bool = False
    external_id: bool = False
    person: bool = False
    values: tuple[str, ...] = ()  # of a restricted picklist


@dataclass
class SObject:
    """One object and its fields, found whatever the case (data sheet §4)."""

    name: str
    fields: dict[str, Field] = field(default_factory=dict)  # by the name in small letters
    creatable: bool = True

    def add(self, *fields: Field) -> None:
        """Declare fields."""
        self.fields |= {one.name.lower(): one for one in fields}


def _text(name: str, length: int = 255, *, required: bool = False) -> Field:
    return Field(name, "string", length, required=required)


def _fixed(name: str, kind: str = "string", *to: str) -> Field:
    return Field(name, kind, to=to, writable=False)


def _ref(name: str, *to: str, required: bool = False) -> Field:
    return Field(name, "reference", to=to, required=required)


_EVERY = (_fixed("Id", "id"), _fixed("CreatedDate", "datetime"), _fixed("LastModifiedDate", "datetime"))
_OWNER = _ref("OwnerId", "User", "Group")
_PEOPLE = (
    _text("FirstName", 40),
    _text("LastName", 80, required=True),
    _fixed("Name"),
    Field("Email", "email", 80),
    *(Field(name, "phone", 40) for name in ("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone")),
    Field("Birthdate", "date"),
)
_SHARES = ("V", "C", "I")
_SEEN_BY = ("AllUsers", "InternalUsers", "SharedUsers")

STANDARD: dict[str, tuple[Field, ...]] = {
    "Contact": (
        *_PEOPLE,
        _text("Title", 128),
        _text("Department", 80),
        Field("Description", "textarea", 32_000),
        Field("LeadSource", "picklist"),
        _text("MailingCity", 40),
        _ref("AccountId", "Account"),
        _ref("RecordTypeId", "RecordType"),
        Field("IsPersonAccount", "boolean", writable=False, person=True),
        _OWNER,
    ),
    "Lead": (*_PEOPLE, _text("Company"), Field("Status", "picklist"), _OWNER),
    "Account": (
        _text("Name", required=True),
        Field("Phone", "phone", 40),
        Field("Type", "picklist"),
        Field("Description", "textarea", 32_000),
        _ref("RecordTypeId", "RecordType"),
        _OWNER,
        Field("IsPersonAccount", "boolean", writable=False, person=True),
        Field("PersonContactId", "reference", to=("Contact",), writable=False, person=True),
        Field("FirstName", "string", 40, person=True),
        Field("LastName", "string", 80, person=True),
        Field("PersonEmail", "email", 80, person=True),
        *(Field(name, "phone", 40, person=True) for name in ("PersonMobilePhone", "PersonHomePhone")),
        Field("PersonBirthdate", "date", person=True),
    ),
    "Case": (
        _fixed("CaseNumber"),
        _ref("ContactId", "Contact"),
        _ref("AccountId", "Account"),
        _ref("RecordTypeId", "RecordType"),
        _ref("ParentId", "Case"),
        _OWNER,
        _text("Subject"),
        Field("Description", "textarea", 32_000),
        *(Field(name, "picklist") for name in ("Origin", "Status", "Priority", "Type", "Reason")),
        _text("SuppliedName", 80),
        Field("SuppliedEmail", "email", 80),
        _text("SuppliedPhone", 40),
        _text("SuppliedCompany", 80),
        Field("IsEscalated", "boolean"),
    ),
    "CaseComment": (
        _ref("ParentId", "Case", required=True),
        Field("CommentBody", "textarea", 4_000),
        Field("IsPublished", "boolean"),
    ),
    "ContentVersion": (
        _text("Title"),
        _text("PathOnClient", 500, required=True),
        Field("VersionData", "base64", required=True),
        Field("ContentLocation", "picklist", values=("S", "E", "L")),
        Field("Description", "textarea", 1_000),
        _ref("FirstPublishLocationId", "Account", "Case", "Contact", "User"),
        _ref("ContentDocumentId", "ContentDocument"),
        _fixed("FileExtension"),
        _fixed("FileType"),
        _fixed("ContentSize", "double"),
        _fixed("Checksum"),
        _fixed("VersionNumber"),
        _fixed("IsLatest", "boolean"),
        _OWNER,
    ),
    "ContentDocument": (
        _fixed("Title"),
        _fixed("FileExtension"),
        _fixed("FileType"),
        _fixed("ContentSize", "double"),
        _fixed("LatestPublishedVersionId", "reference", "ContentVersion"),
        _fixed("OwnerId", "reference", "User"),
    ),
    "ContentDocumentLink": (
        _ref("ContentDocumentId", "ContentDocument", required=True),
        _ref("LinkedEntityId", "Account", "Case", "Contact", "User", required=True),
        Field("ShareType", "picklist", values=_SHARES),
        Field("Visibility", "picklist", values=_SEEN_BY),
    ),
    "RecordType": (
        _text("Name", 80),
        _text("DeveloperName", 80),
        _text("SobjectType", 40),
        Field("IsActive", "boolean"),
        Field("IsPersonType", "boolean", person=True),
    ),
    "User": (_text("Username", 80), _text("Name", 121), Field("IsActive", "boolean")),
    "Group": (_text("Name", 40), _text("DeveloperName", 80), _text("Type", 40)),
}
_NOT_BY_US = frozenset({"ContentDocument", "RecordType", "User", "Group"})


class Schema:
    """All objects of this org."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.objects: dict[str, SObject] = {}
        self.declare({})

    def declare(self, customs: dict[str, Iterable[Field]]) -> None:
        """The standard fields, and these of the org's own."""
        self.objects = {}
        for name, fields in STANDARD.items():
            one = self.objects[name.lower()] = SObject(name, creatable=name not in _NOT_BY_US)
            one.add(*_EVERY, *fields, *customs.get(name, ()))
        # A contact's own fields are on person accounts too, as Something__pc; there they identify nobody.
        self.objects["account"].add(
            *(
                replace(one, name=f"{one.name[:-3]}__pc", unique=False, external_id=False, required=False)
                for one in customs.get("Contact", ())
            )
        )

    def object(self, name: str) -> SObject | None:
        """The object of this name."""
        return self.objects.get(name.lower())

    def field(self, one: SObject, name: str) -> Field | None:
        """A field of it, if this org has it."""
        found = one.fields.get(name.lower())
        personal = found is not None and (found.person or found.name.endswith("__pc"))
        return None if personal and not self.rules.person_accounts else found
