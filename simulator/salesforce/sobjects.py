"""sobjects/…: create, read, change, delete, and upsert by an external id (data sheet §2.1, §3.4, §4)."""

from __future__ import annotations

from ..protocol_options import Json
from . import writing
from .call import Call, Reply, created
from .record_ids import canonical
from .record_ids import kind as kind_of
from .refusal import Refused, no_field, not_found
from .schema import Field, SObject


def create(call: Call) -> Reply:
    """POST sobjects/{object}"""
    kind = call.kind
    row = writing.create(call.org, kind, call.json, call.user_id, call.headers)
    return created(call, kind.name, row["Id"])


def read(call: Call) -> Reply:
    """GET sobjects/{object}/{id}[?fields=a,b]"""
    kind = call.kind
    return Reply(200, _shown(call, kind, _row(call, kind)))


def update(call: Call) -> Reply:
    """PATCH sobjects/{object}/{id}"""
    kind = call.kind
    writing.update(call.org, kind, _row(call, kind)["Id"], call.json, call.headers)
    return Reply(204)


def delete(call: Call) -> Reply:
    """DELETE sobjects/{object}/{id}"""
    kind = call.kind
    writing.delete(call.org, kind, _id(call, kind))
    return Reply(204)


def read_by_key(call: Call) -> Reply:
    """GET sobjects/{object}/{field}/{value}"""
    kind = call.kind
    found = writing.same(call.org, kind, _key(call, kind), call.args["value"])
    if not found:
        raise not_found()
    return _several(call, kind, found) if len(found) > 1 else Reply(200, _shown(call, kind, found[0]))


def upsert(call: Call) -> Reply:
    """PATCH sobjects/{object}/{field}/{value}: created or changed, never twice."""
    kind = call.kind
    key, value = _key(call, kind), call.args["value"]
    if any(name.lower() == key.name.lower() for name in call.json):
        message = f"The {key.name} field should not be specified in the sobject data."
        raise Refused(400, "INVALID_FIELD", message, [key.name])
    found = writing.same(call.org, kind, key, value)
    if len(found) > 1:
        return _several(call, kind, found)
    if not found:
        row = writing.create(call.org, kind, call.json | {key.name: value}, call.user_id, call.headers)
        return created(call, kind.name, row["Id"], created=True)
    writing.update(call.org, kind, found[0]["Id"], call.json, call.headers)
    if call.org.rules.upsert_updated == 204:
        return Reply(204)
    return Reply(200, {"id": found[0]["Id"], "success": True, "errors": [], "created": False})


def blob(call: Call) -> Reply:
    """GET sobjects/ContentVersion/{id}/VersionData: the bytes."""
    kind = call.org.schema.objects["contentversion"]
    return Reply(200, bytes(_row(call, kind)["VersionData"]))


def _several(call: Call, kind: SObject, rows: list[Json]) -> Reply:
    """300: more than one record has this external id; their addresses (§2.1)."""
    return Reply(300, [f"/services/data/{call.version}/sobjects/{kind.name}/{row['Id']}" for row in rows])


def _shown(call: Call, kind: SObject, row: Json) -> Json:
    reader = call.org.reader
    if "fields" not in call.query:
        return reader.whole(kind, row, call.version)
    wanted = [name.strip() for name in call.query["fields"].split(",") if name.strip()]
    columns = [reader.column(kind, name) for name in wanted]
    if all(column.names != ("Id",) for column in columns):
        columns.append(reader.column(kind, "Id"))
    return reader.record(kind, row, columns, call.version)


def _id(call: Call, kind: SObject) -> str:
    id = canonical(call.args["id"])
    if id is None or kind_of(id) != kind.name:
        raise not_found()
    return id


def _row(call: Call, kind: SObject) -> Json:
    row = call.org.tables.get(kind.name, _id(call, kind))
    if row is None:
        raise not_found()
    return row


def _key(call: Call, kind: SObject) -> Field:
    field = call.org.schema.field(kind, call.args["field"])
    if field is None:
        raise no_field(call.args["field"], kind.name)
    if not field.external_id:
        message = f"Provided external ID field does not exist or is not accessible: {field.name}"
        raise Refused(404, "NOT_FOUND", message)
    return field
