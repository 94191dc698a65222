"""The data API's answers in our words.  Pure: status and body in, values out, or an error that says what to do.

Sections are those of salesforce-data-api.md.
"""

import re
from collections.abc import Sequence

from interconnections.desks.loosely import Json, is_id, rows
from interconnections.desks.records.refusals import raise_unless_done
from interconnections.errors import RecordsError, RecordsUnwell


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
        for part in rows(body, "compositeResponse")
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
