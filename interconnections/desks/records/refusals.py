"""What a refusal of the data API means: to be repeated, to be asked elsewhere, or final, in a sentence.  Pure.

Sections are those of salesforce-data-api.md.  Salesforce's own messages may quote what a person is called or
reached by, so they are not repeated, but for those that the org's admin wrote.
"""

import re
from collections.abc import Sequence

from interconnections.desks.loosely import Json, is_id, rows
from interconnections.errors import Elsewhere, RecordsRefused, RecordsUnwell, SessionOver

DUPLICATES, DUPLICATE_VALUE = "DUPLICATES_DETECTED", "DUPLICATE_VALUE"
# Section 2.1: Salesforce's code -> what it means to whoever looks after the org.
SENTENCES = {
    "REQUEST_LIMIT_EXCEEDED": "the org's API calls of these 24 hours are used up; Setup → System Overview",
    "API_DISABLED_FOR_ORG": "the API is not enabled for this org or for the integration user",
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD": "the integration user's password has expired",
    "INSUFFICIENT_ACCESS": "the integration user may not do this",
    "INSUFFICIENT_ACCESS_OR_READONLY": "the integration user may not do this",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "the integration user may not see a record that is referred to",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "a trigger or a flow of the org refused it",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "a validation rule of the org refused it",
    "FIELD_INTEGRITY_EXCEPTION": "a value does not fit its field",
    DUPLICATES: "a duplicate rule of the org refused it",
    DUPLICATE_VALUE: "another record has this value in a field that must be unique",
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
# Nothing was made, and the same request is taken a moment later: by the error's code, or by words of its message.
PASSING = (
    (
        re.compile("UNABLE_TO_LOCK_ROW|unable to obtain exclusive access"),
        "a record is locked by somebody else's change",
    ),
    (re.compile("REQUEST_LIMIT_EXCEEDED: .*concurrent", re.IGNORECASE | re.DOTALL), "too many calls at once"),
    (re.compile("API_CURRENTLY_DISABLED: "), "the API is away for the moment"),
)
# Of these nobody knows, whatever their status.
UNSURE = ("UNKNOWN_EXCEPTION", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG", "QUERY_TIMEOUT")
SESSION = "INVALID_SESSION_ID"
OBJECTS = {"001": "Account", "003": "Contact", "00Q": "Lead"}  # by the beginning of an id
_COLUMN = re.compile(r"[Nn]o such column '([\w.]+)'|duplicate value found: (\w+) duplicates")


def raise_unless_done(status: int, body: object) -> None:
    """Section 2.1, for a whole answer and for each part of a composite one."""
    if 200 <= status < 300:
        return
    errors = [error for error in body if isinstance(error, dict)] if isinstance(body, list) else []
    codes = [str(error.get("errorCode", "")) for error in errors]
    told = f"answered {status} {codes[0] if codes else ''}".strip()
    if status == 401 or SESSION in codes:
        raise SessionOver(told)
    if passing := next(filter(None, map(_passing, errors)), ""):
        raise RecordsUnwell(passing, undone=True)
    if status in (425, 429):
        raise RecordsUnwell(f"answered {status}: too many calls at once", undone=True)
    if 300 < status < 400 or (status in (404, 410, 421) and not errors):
        raise Elsewhere(f"answered {status}: this is not where the data API is")
    if status >= 500 or status == 408 or any(code in UNSURE for code in codes):
        raise RecordsUnwell(told)
    if status == 300 or not errors:
        raise RecordsRefused(_without_words(status), *codes)
    raise _refusal(errors, codes)


def _passing(error: Json) -> str:
    told = f"{error.get('errorCode', '')}: {error.get('message', '')}"
    return next((why for words, why in PASSING if words.search(told)), "")


def _without_words(status: int) -> str:
    if status == 300:
        return "several records have the same external id: it must be unique"
    return f"answered {status} without a word why"


def _refusal(errors: Sequence[Json], codes: Sequence[str]) -> RecordsRefused:
    """All of its errors: the first is no more the reason than the others."""
    sentences = dict.fromkeys(_sentence(error) for error in errors[:3])
    duplicates = [result for error in errors if isinstance(result := error.get("duplicateResult"), dict)]
    return RecordsRefused(
        "; ".join(sentences),
        *codes,
        fields=tuple(dict.fromkeys(name for error in errors for name in _fields(error))),
        matches=tuple(dict.fromkeys(id for result in duplicates for id in _matches(result))),
        may_save=bool(duplicates) and all(result.get("allowSave") is True for result in duplicates),
    )


def _sentence(error: Json) -> str:
    code, message = str(error.get("errorCode", "")), str(error.get("message", ""))
    told = SENTENCES.get(code, "Salesforce refused it")
    if code in WRITTEN_BY_ADMINS and message:
        told += f", “{message[:200]}”"
    if isinstance(result := error.get("duplicateResult"), dict):
        told += _found_by_rule(result)
    return f"{told} ({', '.join([code, *_fields(error)[:5]])})" if code else told


def _fields(error: Json) -> list[str]:
    if column := _COLUMN.search(str(error.get("message", ""))):
        return [column[1] or column[2]]
    return [str(field) for field in rows(error, "fields")]


def _found_by_rule(result: Json) -> str:
    """`: Standard_Rule, which found Lead 00Q…`; names and ids were given by admins and Salesforce, not by people."""
    rule = str(result.get("duplicateRule") or "").strip()[:100]
    found = [f"{OBJECTS.get(id[:3], 'a record')} {id}" for id in _matches(result)[:3]]
    return (f": {rule}" if rule else "") + (f", which found {', '.join(found)}" if found else "")


def _matches(result: Json) -> tuple[str, ...]:
    """Section 3.4: the records that a duplicate rule named, in its order; tolerant of every other shape."""
    found: list[str] = []
    for match in rows(result, "matchResults"):
        for entry in rows(match, "matchRecords"):
            record = entry.get("record") if isinstance(entry, dict) else None
            id = record.get("Id") if isinstance(record, dict) else None
            if is_id(id):
                found.append(str(id))
    return tuple(dict.fromkeys(found))
