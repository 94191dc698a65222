"""Cases: what is written into a new one, and how one is recognised whose answer was lost (section 4).  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interconnections.desks.loosely import Json, is_id
from interconnections.desks.records import soql
from interconnections.lengths import cut, utf_16_units

SUBJECT, DESCRIPTION = 255, 32_000  # characters
NEEDED = ("ContactId", "Subject", "Description")  # by the first two a case is recognised
LOOKED_AT = 10  # of a contact's newest cases
SKEW = 300.0  # seconds that our clock and Salesforce's may differ


@dataclass(frozen=True, slots=True)
class Case:
    """What is empty is left out: an empty id is an error, an empty picklist is the org's default."""

    contact_id: str
    account_id: str
    subject: str
    description: str
    origin: str
    status: str
    priority: str
    record_type_id: str = ""
    owner_id: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)

    def fields(self, more: str = "") -> dict[str, object]:
        """`more`: lines that stand behind the description, whole."""
        room = DESCRIPTION - utf_16_units(more) - 2 if more else DESCRIPTION
        description = cut(self.description, max(room, 0))
        standard = {
            "ContactId": self.contact_id,
            "AccountId": self.account_id,
            "RecordTypeId": self.record_type_id,
            "OwnerId": self.owner_id,
            "Subject": cut_subject(self.subject),
            "Description": cut(f"{description}\n\n{more}", DESCRIPTION) if more else description,
            "Origin": self.origin,
            "Status": self.status,
            "Priority": self.priority,
        }
        return {name: value for name, value in standard.items() if value} | dict(self.custom)


def cut_subject(subject: str) -> str:
    """As Salesforce keeps it, who drops blanks at the ends: else it would not be recognised."""
    return cut(" ".join(subject.split()), SUBJECT).strip()


def newest_of(contact_id: str) -> str:
    """The query for a contact's newest cases."""
    return soql.newest(["Id", "Subject", "CreatedDate"], "Case", soql.is_one_of("ContactId", [contact_id]), LOOKED_AT)


def like_ours(records: Sequence[Json], subject: str, since: float) -> list[str]:
    """Ids of cases with this subject made since then (seconds since 1970), the newest first."""
    found = []
    for record in records:
        made = moment(record.get("CreatedDate"))
        if (
            made is None
            or made < since - SKEW
            or cut_subject(str(record.get("Subject") or "")) != cut_subject(subject)
        ):
            continue
        if is_id(record.get("Id")):
            found.append(str(record["Id"]))
    return found


def moment(text: object) -> float | None:
    """`2026-01-31T10:00:00.000+0000`, in seconds since 1970."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return None
