"""composite: several calls in one, which may refer to each other's answers, all or none of them (data sheet §5).

What the sheet leaves open is decided here: the errorCodes of a whole call that is refused, and that a reference
is read out of the body's strings and out of the url as they are, before percent signs are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from ..faults import Faults
from ..protocol_options import Json
from . import admittance
from .call import Call, Reply
from .dispatch import ROOT, Found, find
from .refusal import Refused, not_found, of_fault

MOST, MOST_QUERIES = 25, 5
ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_REFERENCE = re.compile(r"@{(\w+)((?:\.\w+|\[\d+\])+)}")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


@dataclass(frozen=True)
class Part:
    """One subrequest."""

    method: str
    url: str
    ref: str
    headers: dict[str, str]
    body: object


class _Failed(Exception):
    """A part failed, and none is to stand."""


def pairs(raw_query: str) -> Mapping[str, str]:
    """A query string: `+` is a blank."""
    return dict(parse_qsl(raw_query, keep_blank_values=True))


def perform(call: Call, faults: Faults) -> Reply:
    """POST composite: 200, whatever became of the parts."""
    parts = _parts(call.json)
    answers: dict[str, object] = {}
    results: list[Json] = []
    try:
        with call.org.tables.all_or_none():
            for part in parts:
                reply = _one(call, part, answers, faults)
                results.append(_result(part, reply))
                if reply.status < 300:
                    answers[part.ref] = reply.body
                elif call.json.get("allOrNone") is True:
                    raise _Failed
    except _Failed:
        kept = len(results) - 1
        halted = Reply(400, [{"errorCode": "PROCESSING_HALTED", "message": ROLLED_BACK}])
        results = [results[kept] if at == kept else _result(part, halted) for at, part in enumerate(parts)]
    return Reply(200, {"compositeResponse": results})


def _result(part: Part, reply: Reply) -> Json:
    return {"body": reply.body, "httpHeaders": reply.headers, "httpStatusCode": reply.status, "referenceId": part.ref}


def _one(call: Call, part: Part, answers: dict[str, object], faults: Faults) -> Reply:
    try:
        with call.org.tables.all_or_none():
            return _done(call, part, answers, faults)
    except Refused as refused:
        return Reply(refused.status, refused.body)


def _done(call: Call, part: Part, answers: dict[str, object], faults: Faults) -> Reply:
    path, _, query = str(_resolved(part.url, answers)).partition("?")
    found = find(part.method, path)
    if found.operation.act is None or not found.operation.in_composite:
        raise not_found()
    admittance.version(call.org, found.version)
    fault = faults.met(found.operation.name, "salesforce", keys(found, pairs(query)), kinds=("status",))
    if fault is not None:
        raise of_fault(fault)
    call.org.calls[found.operation.name] += 1
    body = _resolved(part.body, answers)
    headers = {name.lower(): value for name, value in part.headers.items()}
    return found.operation.act(
        replace(call, version=found.version, args=found.args, query=pairs(query), headers=headers, body=body)
    )


def keys(found: Found, query: Mapping[str, str]) -> list[str]:
    """The object that a call is about, for faults that name one."""
    named = re.search(r"\bFROM\s+(\w+)", query.get("q", ""), re.IGNORECASE)
    if "object" in found.args:
        return [found.args["object"]]
    return [named[1]] if named else []


def _parts(body: Json) -> list[Part]:
    wanted = body.get("compositeRequest")
    if not isinstance(wanted, list) or not wanted:
        raise _bad("compositeRequest is required and is not empty")
    if len(wanted) > MOST:
        raise Refused(400, "LIMIT_EXCEEDED", f"Limit exceeded: {MOST} subrequests")
    parts = [_part(one) for one in wanted]
    refs = [part.ref for part in parts]
    if len(set(refs)) < len(refs):
        raise _bad("referenceId must be unique")
    if sum(_is_query(part) for part in parts) > MOST_QUERIES:
        raise Refused(400, "LIMIT_EXCEEDED", f"Limit exceeded: {MOST_QUERIES} queries")
    return parts


def _part(wish: object) -> Part:
    if not isinstance(wish, dict):
        raise _bad("a subrequest is an object")
    method, url, ref = (wish.get(name) for name in ("method", "url", "referenceId"))
    if not isinstance(ref, str) or not _NAME.fullmatch(ref):
        raise _bad("referenceId is required: letters, digits and _, a letter first")
    if not isinstance(method, str) or not isinstance(url, str) or not url.startswith(ROOT):
        raise _bad(f"{ref}: method is required, and url, a relative path with its version")
    if not url.isascii() or any(sign.isspace() for sign in url):
        raise _bad(f"{ref}: url must be percent-encoded")
    headers = wish.get("httpHeaders") or {}
    if not isinstance(headers, dict) or not all(isinstance(one, str) for one in headers.values()):
        raise _bad(f"{ref}: httpHeaders is an object of strings")
    return Part(method, url, ref, headers, wish.get("body"))


def _is_query(part: Part) -> bool:
    try:
        return find(part.method, part.url.partition("?")[0]).operation.is_query
    except Refused:
        return False


def _resolved(value: object, answers: dict[str, object]) -> object:
    """The value with what its references stand for; PROCESSING_HALTED where one stands for nothing."""
    if isinstance(value, dict):
        return {name: _resolved(one, answers) for name, one in value.items()}
    if isinstance(value, list):
        return [_resolved(one, answers) for one in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _looked_up(whole, answers)
    return _REFERENCE.sub(lambda match: str(_looked_up(match, answers)), value)


def _looked_up(match: re.Match[str], answers: dict[str, object]) -> object:
    at: object = answers.get(match[1])
    for name, place in _STEP.findall(match[2]):
        if name:
            at = at.get(name) if isinstance(at, dict) else None
        else:
            at = at[int(place)] if isinstance(at, list) and int(place) < len(at) else None
    if at is None:
        wanted = f"{match[1]}{match[2]}"
        message = f"Invalid reference specified. No value for {wanted} found in {match[1]}"
        refused = Refused(400, "PROCESSING_HALTED", message)
        raise refused
    return at


def _bad(message: str) -> Refused:
    return Refused(400, "JSON_PARSER_ERROR", message)
