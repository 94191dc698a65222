"""The records of a chat: found or made by what ChasitorInit told (Live Agent sheet §4.2), and tied together.

What the sheet leaves open is decided here: all fields with `doFind` must fit, without `isExactMatch` it is enough
that the text occurs; of several records that fit none is attached, as an agent would have to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..protocol_options import Json
from . import writing
from .record_ids import canonical
from .record_ids import kind as kind_of
from .refusal import Refused
from .schema import SObject

if TYPE_CHECKING:
    from .org import Org

SUGGESTED = 5  # records of one entity that the console offers by itself


def attach(org: Org, details: list[Json], entities: list[Json]) -> list[Json]:
    """One record for each entity, then what is suggested: {"entity", "id", "how", "why", "show", "transcript"}.

    `id` is None where there is none; `how` is found, created, none, several, refused or suggested.
    """
    values = {detail["label"]: detail["value"] for detail in details}
    records = [_record(org, entity, values) for entity in entities]
    by_entity = {record["entity"]: record["id"] for record in records if record["id"] is not None}
    for entity, record in zip(entities, records, strict=True):
        try:
            _tie(org, entity, record["id"], by_entity)
        except Refused as refused:
            record["why"] = str(refused)
    return records + _suggestions(org, details, set(by_entity))


def named(org: Org, attributes: dict[str, str]) -> list[Json]:
    """The records whose ids stand in routing attributes: they are attached as they are."""
    kinds = {value: kind_of(value) for value in attributes.values()}
    rows = [(kind, org.tables.get(kind, canonical(value) or "")) for value, kind in kinds.items() if kind]
    return [
        {"entity": kind, "id": row["Id"], "how": "found", "why": None, "show": False, "transcript": None}
        for kind, row in rows
        if row is not None
    ]


def _record(org: Org, entity: Json, values: dict[str, str]) -> Json:
    record: Json = {"entity": entity["entityName"], "id": None, "how": "none", "why": None}
    record |= {"show": bool(entity.get("showOnCreate")), "transcript": entity.get("saveToTranscript") or None}
    kind = org.schema.object(record["entity"])
    if kind is None or kind.name != record["entity"]:  # case-sensitive
        return record | {"how": "refused", "why": f"there is no {record['entity']}"}
    maps = [one for one in entity["entityFieldsMaps"] if values.get(one["label"])]
    try:
        tests = [(one["fieldName"], values[one["label"]], one["isExactMatch"]) for one in maps if one["doFind"]]
        found = _found(org, kind, tests) if tests else []
        if found:
            return record | ({"how": "found", "id": found[0]["Id"]} if len(found) == 1 else {"how": "several"})
        wanted = {one["fieldName"]: values[one["label"]] for one in maps if one["doCreate"]}
        if not wanted:
            return record
        with org.tables.all_or_none():
            return record | {"how": "created", "id": writing.create(org, kind, wanted, org.first_user_id)["Id"]}
    except Refused as refused:
        return record | {"how": "refused", "why": str(refused)}


def _found(org: Org, kind: SObject, tests: list[tuple[str, str, bool]]) -> list[Json]:
    columns = [(org.reader.column(kind, name), value, exact) for name, value, exact in tests]

    def fits(row: Json) -> bool:
        return all(_fits(str(column.read(row) or ""), value, exact) for column, value, exact in columns)

    return org.tables.where(kind.name, fits)


def _fits(there: str, wanted: str, exact: bool) -> bool:
    there, wanted = there.casefold(), (canonical(wanted) or wanted).casefold()
    return there == wanted if exact else wanted in there


def _tie(org: Org, entity: Json, id: str | None, by_entity: dict[str, str]) -> None:
    """linkToEntityName and linkToEntityField: the parent's field gets this record."""
    parent, field = entity.get("linkToEntityName"), entity.get("linkToEntityField")
    if not id or not field or parent not in by_entity:
        return
    kind = org.schema.objects[parent.lower()]
    row = org.tables.get(kind.name, by_entity[parent])
    if row is not None and row.get(field) != id:
        writing.update(org, kind, row["Id"], {field: id})


def _suggestions(org: Org, details: list[Json], attached: set[str]) -> list[Json]:
    """entityMaps with isAutoQueryable: what the console would search for by itself."""
    suggested: dict[str, Json] = {}
    for detail in details:
        for one in detail.get("entityMaps") or ():
            kind = org.schema.object(str(one.get("entityName")))
            wanted = one.get("isAutoQueryable") and detail["value"]
            if kind is None or kind.name in attached or not wanted:
                continue
            try:
                test = (str(one.get("fieldName")), detail["value"], bool(one.get("isExactMatchable")))
                rows = _found(org, kind, [test])[:SUGGESTED]
            except Refused:
                continue
            for row in rows:
                record: Json = {"entity": kind.name, "id": row["Id"], "how": "suggested", "why": None}
                suggested.setdefault(row["Id"], record | {"show": False, "transcript": None})
    return list(suggested.values())
