"""How the data API says no: an array of errors, also for one (data sheet §2.1)."""

from __future__ import annotations

from collections.abc import Iterable

from ..faults import Fault
from ..protocol_options import Json


class Refused(Exception):
    """The call is not done; `status` and `body` are the answer."""

    def __init__(self, status: int, code: str, message: str, fields: Iterable[str] | None = None, **more: object):
        super().__init__(f"{code}: {message}")
        self.status = status
        error: Json = {"message": message, "errorCode": code}
        if fields is not None:
            error["fields"] = list(fields)
        self.body: list[Json] = [error | more]


def not_found() -> Refused:
    """A wrong path or version, or a record that is not there."""
    return Refused(404, "NOT_FOUND", "The requested resource does not exist")


def bad_json(message: str) -> Refused:
    """Not JSON, or a value of another kind than the field's."""
    return Refused(400, "JSON_PARSER_ERROR", message)


def no_field(name: str, kind: str) -> Refused:
    """No such field, for us at least."""
    return Refused(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}")


# What a fault answers under a status when it names no errorCode of its own.
CODES = {
    400: "UNABLE_TO_LOCK_ROW",
    401: "INVALID_SESSION_ID",
    403: "REQUEST_LIMIT_EXCEEDED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "REQUEST_ENTITY_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "REQUEST_LIMIT_EXCEEDED",
    500: "UNKNOWN_EXCEPTION",
    503: "SERVER_UNAVAILABLE",
}


def of_fault(fault: Fault) -> Refused:
    """The refusal that a fault asks for."""
    code = fault.code or CODES.get(fault.status, "UNKNOWN_EXCEPTION")
    return Refused(fault.status, code, fault.message or f"fault {fault.id}", fault.fields)
