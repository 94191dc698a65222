"""Every call of the data API, by the name under which faults know it; used by HTTP and by composite alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from . import queries, sobjects
from .call import Call, Reply
from .refusal import Refused, not_found

ROOT = "/services/data/"


@dataclass(frozen=True)
class Operation:
    """One call; `path` is what comes after the version.  `act` None: composite, which is made of the others."""

    name: str
    method: str
    path: str
    act: Callable[[Call], Reply] | None
    is_query: bool = False  # five at most in a composite
    in_composite: bool = True


OPERATIONS = (
    Operation("limits", "GET", "limits", queries.limits),
    Operation("query", "GET", "query", queries.query, is_query=True),
    Operation("query", "GET", "queryAll", queries.query, is_query=True),
    Operation("query_more", "GET", "query/{locator}", queries.next_page, is_query=True),
    Operation("composite", "POST", "composite", None, in_composite=False),
    Operation("create", "POST", "sobjects/{object}", sobjects.create),
    Operation("read_blob", "GET", "sobjects/ContentVersion/{id}/VersionData", sobjects.blob, in_composite=False),
    Operation("read", "GET", "sobjects/{object}/{id}", sobjects.read),
    Operation("update", "PATCH", "sobjects/{object}/{id}", sobjects.update),
    Operation("delete", "DELETE", "sobjects/{object}/{id}", sobjects.delete),
    Operation("read_by_key", "GET", "sobjects/{object}/{field}/{value}", sobjects.read_by_key),
    Operation("upsert", "PATCH", "sobjects/{object}/{field}/{value}", sobjects.upsert),
)
_PATTERNS = [
    (operation, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", operation.path) + "/?")) for operation in OPERATIONS
]


@dataclass(frozen=True)
class Found:
    """An operation, with the version and the rest that its path says."""

    operation: Operation
    version: str
    args: dict[str, str]


def find(method: str, raw_path: str) -> Found:
    """Which call this is, by its path as it came, percent signs and all; 404, or 405 for a wrong method."""
    version, _, rest = raw_path.removeprefix(ROOT).partition("/")
    methods = []
    for operation, pattern in _PATTERNS:
        if raw_path.startswith(ROOT) and (match := pattern.fullmatch(rest)):
            if operation.method == method:
                return Found(operation, version, {name: unquote(value) for name, value in match.groupdict().items()})
            methods.append(operation.method)
    if methods:
        message = f"HTTP Method '{method}' not allowed. Allowed are {','.join(methods)}"
        raise Refused(405, "METHOD_NOT_ALLOWED", message)
    raise not_found()
