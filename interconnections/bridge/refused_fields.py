"""A record is made without the details that Salesforce does not take: none of them is worth a chat.

What was left out is recorded in the start before the record is tried again; what people typed goes into the case's
description, where the agent reads it.  Validation rules are not asked again: an admin wants no such record.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TypeVar

import structlog

from interconnections.bridge.field_mapping import as_text
from interconnections.bridge.reservation import StartReservation
from interconnections.desks.records.refusals import DUPLICATE_VALUE
from interconnections.errors import RecordsRefused

T = TypeVar("T")
Fields = dict[str, object]

# Codes that speak of a field's value (salesforce-data-api.md section 2.1, and others of their kind).
OF_A_VALUE = frozenset({
    DUPLICATE_VALUE, "INVALID_EMAIL_ADDRESS", "STRING_TOO_LONG", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "JSON_PARSER_ERROR", "FIELD_INTEGRITY_EXCEPTION", "NUMBER_OUTSIDE_VALID_RANGE",
    "INVALID_TYPE_ON_FIELD_IN_RECORD", "INVALID_CURRENCY_ISO", "FIELD_FILTER_VALIDATION_EXCEPTION",
    "MALFORMED_ID", "INVALID_CROSS_REFERENCE_KEY", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "INACTIVE_OWNER_OR_USER", "OP_WITH_INVALID_USER_TYPE_EXCEPTION", "INVALID_FIELD",
    "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_FIELD_WHEN_USING_TEMPLATE", "INVALID_MARKUP",
})  # fmt: skip
# Of our configuration: nobody typed them.
CONFIGURED = frozenset({
    "RecordTypeId", "OwnerId", "AccountId", "Origin", "Status", "Priority", "FirstName", "PersonBirthdate",
})  # fmt: skip

log = structlog.get_logger("bridge.refused_fields")


async def without_refused(
    starting: StartReservation, step: str, fields_of: Callable[[Collection[str]], Fields], needed: Collection[str],
    typed: Collection[str], make: Callable[[Fields], Awaitable[T]],
) -> T:  # fmt: skip
    """`fields_of`: the record without these; `needed`: there is no record without them; `typed`: out of extraData.

    `step`: under which the start keeps what was left out.  Raises what `make` raises.
    """
    first: RecordsRefused | None = None
    while True:
        left = left_out(starting.steps, step)
        fields = fields_of(left)
        try:
            return await make(fields)
        except RecordsRefused as refusal:
            spared = to_spare(refusal, [name for name in fields if name not in needed], needed, typed)
            if not spared:
                raise _reason(first, refusal, left) from None
            first = first or refusal
            log.warning("fields are left out", bot=starting.bot, fields=spared, why=str(refusal))
        told = {name: as_text(fields[name]) if name in typed or name not in CONFIGURED else "" for name in spared}
        await starting.record(**{step: json.dumps(left | told, ensure_ascii=False)})


def to_spare(
    refusal: RecordsRefused, optional: Collection[str], needed: Collection[str], typed: Collection[str]
) -> list[str]:
    """The fields that it spoke of.

    Where it named none that we sent: what a bot filled in; then one after the other, by what a person is found last.
    """
    if not refusal.codes or not OF_A_VALUE.issuperset(refusal.codes):
        return []
    named = {name.casefold() for name in refusal.fields}
    if named & {name.casefold() for name in needed}:
        return []
    # A person account's hidden contact calls PersonEmail Email.
    found = [name for name in optional if {name.casefold(), name.casefold().removeprefix("person")} & named]
    least = [
        *(name for name in optional if name not in CONFIGURED),
        *(name for name in optional if name in CONFIGURED),
    ]
    return found or [name for name in optional if name in typed] or least[-1:]


def left_out(steps: Mapping[str, str], step: str) -> dict[str, str]:
    """Fields and what was typed into them, "" where nobody did."""
    found = json.loads(steps.get(step) or "{}")
    return {str(name): str(value) for name, value in found.items()}


def as_words(*left: Mapping[str, str]) -> str:
    """For the agent: a line for each."""
    return "\n".join(f"{name}: {value}" for part in left for name, value in part.items() if value)


def _reason(first: RecordsRefused | None, last: RecordsRefused, left: Collection[str]) -> RecordsRefused:
    """Who wants the very field that was not taken is told why it was not."""
    missed = {name.casefold() for name in left} & {name.casefold() for name in last.fields}
    return first if first and missed else last
