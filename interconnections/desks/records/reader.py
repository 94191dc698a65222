"""The data API's answers in our words.  Pure: status and body in, values out, or an error that says what to do.

Sections are those of salesforce-data-api.md.  Salesforce's own messages may quote what a person is called or
reached by, so they are not repeated, but for those that the org's admin wrote.
"""

import json
import re
from collections.abc import Mapping, Sequence

from interconnections.errors import RecordsError, RecordsRefused, RecordsUnwell, SessionOver

Json = Mapping[str, object]

# Section 2.1: Salesforce's code -> what it means to whoever looks after the org.
SENTENCES = {
    "REQUEST_LIMIT_EXCEEDED": "the org's API calls of these 24 hours are used up; Setup → System Overview",
    "API_DISABLED_FOR_ORG": "the API is not enabled for this org or for the integration user",
    "API_CURRENTLY_DISABLED": "the API is not enabled for this org or for the integration user",
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": "the integration user's password has expired",
    "INSUFFICIENT_ACCESS": "the integration user may not do this",
    "INSUFFICIENT_ACCESS_OR_READONLY": "the integration user may not do this",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "the integration user may not see a record that is referred to",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "a trigger or a flow of the org refused it",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "a validation rule of the org refused it",
    "FIELD_INTEGRITY_EXCEPTION": "a value does not fit its field",
    "DUPLICATES_DETECTED": "a duplicate rule of the org refused it",
    "DUPLICATE_VALUE": "another record has this value in a field that must be unique",
    "INVALID_FIELD": "there is no such field, or the integration user may not see it",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "the integration user may not write a field",
    "INVALID_TYPE": "there is no such object, or the integration user may not see it",
    "REQUIRED_FIELD_MISSING": "the org requires a field that is not filled",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "a value is not among those of its picklist",
    "STRING_TOO_LONG": "a value is too long for its field",
    "INVALID_EMAIL_ADDRESS": "the e-mail address is none",
    "INVALID_CROSS_REFERENCE_KEY": "an id refers to no record: owner or record type",
    "MALFORMED_ID": "an id is none: owner or record type",
    "MALFORMED_QUERY": "a query is malformed: a field that is searched cannot be searched",
    "JSON_PARSER_ERROR": "a value has the wrong type for its field",
    "NOT_FOUND": "there is no such record or path: see the data API version",
    "STORAGE_LIMIT_EXCEEDED": "the org's storage is full",
    "PROCESSING_HALTED": "another part of the same call failed",
}
WRITTEN_BY_ADMINS = ("FIELD_CUSTOM_VALIDATION_EXCEPTION",)
LOCKED = "UNABLE_TO_LOCK_ROW"
_COLUMN = re.compile(r"[Nn]o such column '([\w.]+)'")
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")


def parsed(content: bytes) -> object:
    """JSON, or None: some gateways answer pages."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def raise_unless_done(status: int, body: object) -> None:
    """Section 2.1, for a whole answer and for each part of a composite one."""
    if 200 <= status < 300:
        return
    errors = [error for error in body if isinstance(error, dict)] if isinstance(body, list) else []
    codes = [str(error.get("errorCode", "")) for error in errors]
    first = codes[0] if codes else ""
    if status == 401:
        raise SessionOver(f"answered 401 {first}".strip())
    if LOCKED in codes:
        raise RecordsUnwell("a record is locked by somebody else's change", undone=True)
    if status == 429:
        raise RecordsUnwell("answered 429: too many calls at once", undone=True)
    if status >= 500:
        raise RecordsUnwell(f"answered {status} {first}".strip())
    if status == 300 or not errors:
        raise RecordsRefused(_without_words(status), first)
    raise RecordsRefused(_sentence(errors[0], first), first, _matches(errors[0]))


def _without_words(status: int) -> str:
    if status == 300:
        return "several records have the same external id: it must be unique"
    if 300 < status < 400:
        return f"answered {status}: this is not where the data API is"
    return f"answered {status} without a word why"


def _sentence(error: Json, code: str) -> str:
    told = SENTENCES.get(code, "Salesforce refused it")
    message, fields = str(error.get("message", "")), error.get("fields")
    names = [str(field) for field in fields] if isinstance(fields, list) else []
    if column := _COLUMN.search(message):
        names = [column[1]]
    if code in WRITTEN_BY_ADMINS and message:
        told += f", “{message[:200]}”"
    return f"{told} ({', '.join([code, *names[:5]])})" if code else told


def _matches(error: Json) -> tuple[str, ...]:
    """Section 3.4: the records that a duplicate rule named, in its order; tolerant of every other shape."""
    found: list[str] = []
    result = error.get("duplicateResult")
    for match in _list(result, "matchResults"):
        for entry in _list(match, "matchRecords"):
            record = entry.get("record") if isinstance(entry, dict) else None
            id = record.get("Id") if isinstance(record, dict) else None
            if is_id(id):
                found.append(str(id))
    return tuple(dict.fromkeys(found))


def _list(holder: object, name: str) -> Sequence[object]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def read_object(body: object) -> Json:
    if not isinstance(body, dict):
        raise RecordsUnwell("answered something else than a JSON object")
    return body


def read_records(body: object) -> list[Json]:
    """Section 3: a query's first page; `attributes` stay with each record."""
    records = read_object(body).get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise RecordsUnwell("answered a query without records")
    return list(records)


def read_id(body: object) -> str:
    """Section 3.4: what a create or an upsert made."""
    told = read_object(body)
    id = told.get("id")
    if told.get("success") is False or not is_id(id):
        raise RecordsUnwell("answered a create without an id")
    return str(id)


Outcome = object | RecordsError


def read_composite(body: object, references: Sequence[str]) -> list[Outcome]:
    """Section 5: 200 says nothing of the parts; each is its body or its error, in the order of `references`."""
    answers = {
        str(part.get("referenceId")): part
        for part in _list(body, "compositeResponse")
        if isinstance(part, dict) and isinstance(part.get("httpStatusCode"), int)
    }
    if missing := [name for name in references if name not in answers]:
        raise RecordsUnwell(f"answered a composite call without {len(missing)} of its {len(references)} parts")
    return [_part(answers[name]) for name in references]


def _part(answer: Json) -> Outcome:
    body, status = answer.get("body"), answer.get("httpStatusCode")
    try:
        raise_unless_done(status if isinstance(status, int) else 500, body)
    except RecordsError as error:
        return error
    return body


def read_usage(header: str) -> tuple[int, int] | None:
    """Section 2: Sforce-Limit-Info, `api-usage=18/15000; per-app-…`: (used, allowed) in 24 hours."""
    found = re.search(r"(?:^|[;,\s])api-usage=(\d{1,12})/(\d{1,12})", header)
    return (int(found[1]), int(found[2])) if found else None
