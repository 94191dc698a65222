"""Cases: what is written into a new one, and how one is recognised whose answer was lost (section 4).  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interconnections.desks.records import soql
from interconnections.desks.records.reader import Json, is_id

SUBJECT, DESCRIPTION = 255, 32_000  # characters
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

    def fields(self) -> dict[str, object]:
        standard = {
            "ContactId": self.contact_id,
            "AccountId": self.account_id,
            "RecordTypeId": self.record_type_id,
            "OwnerId": self.owner_id,
            "Subject": cut_subject(self.subject),
            "Description": self.description[:DESCRIPTION],
            "Origin": self.origin,
            "Status": self.status,
            "Priority": self.priority,
        }
        return {name: value for name, value in standard.items() if value} | dict(self.custom)


def cut_subject(subject: str) -> str:
    return subject.strip()[:SUBJECT]


def newest_of(contact_id: str) -> str:
    """The query for a contact's newest cases."""
    return soql.newest(["Id", "Subject", "CreatedDate"], "Case", soql.is_one_of("ContactId", [contact_id]), LOOKED_AT)


def like_ours(records: Sequence[Json], subject: str, since: float) -> list[str]:
    """Ids of cases with this subject made since then (seconds since 1970), the newest first."""
    found = []
    for record in records:
        made = moment(record.get("CreatedDate"))
        if made is None or made < since - SKEW or str(record.get("Subject") or "") != cut_subject(subject):
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
