"""Calls of the data API: one method a call, the token renewed once when it is no longer taken.

Repeating, and looking whether a create was done, belong to the caller: he knows what he wanted.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from interconnections.desks.loosely import Json, parsed
from interconnections.desks.records import reader, refusals
from interconnections.desks.records.login import Token
from interconnections.desks.records.reader import Outcome
from interconnections.desks.records.refusals import DUPLICATE_VALUE
from interconnections.errors import Elsewhere, RecordsError, RecordsRefused, RecordsUnwell, SessionOver
from interconnections.wire import Reply, Stream, Unreachable, Wire

TIMEOUT = 30.0  # seconds of silence (section 7)
QUERIES_A_CALL = 5  # of a composite call (section 5)
SAVED_ANYWAY = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}  # section 3.4: where a rule only warns
AS_OWNED = {"Sforce-Auto-Assign": "FALSE"}  # section 4: no assignment rule takes the case from its owner


class Sessions(Protocol):
    """Where tokens come from; shared by whoever calls this org."""

    async def token(self, refused: Token | None = None) -> Token:
        """The org's token; another one than `refused`.  Raises LoginRefused, RecordsUnwell."""
        ...

    async def elsewhere(self, token: Token) -> Token | None:
        """The data API is not where `token` says: a later one, which may say where; None when there is none now.

        Raises LoginRefused.
        """
        ...

    async def spoilt(self, token: Token) -> None:
        """A token that was just given is not taken either.  Raises LoginRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One call inside a composite one; `path` behind the version, encoded."""

    reference: str
    method: str
    path: str
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] | None = None


class Records:
    """One org's records.  `version`: "62.0"; `usage`: (used, allowed) API calls, as Salesforce told them last."""

    def __init__(self, wire: Wire, sessions: Sessions, version: str) -> None:
        self.wire, self.sessions = wire, sessions
        self.root = f"/services/data/v{version}"
        self.usage: tuple[int, int] | None = None

    async def query(self, soql: str) -> list[Json]:
        """The first page; whoever wants few says LIMIT."""
        return reader.read_records(await self.call("GET", f"/query?q={quote(soql, safe='')}"))

    async def queries(self, soqls: Sequence[str]) -> list[list[Json] | RecordsError]:
        """Each one's records or its error, in order; five go as one call."""
        found: list[list[Json] | RecordsError] = []
        for start in range(0, len(soqls), QUERIES_A_CALL):
            parts = [
                Part(f"query{number}", "GET", f"/query?q={quote(soql, safe='')}")
                for number, soql in enumerate(soqls[start : start + QUERIES_A_CALL])
            ]
            found += [_records(outcome) for outcome in await self.composite(parts, all_or_none=False)]
        return found

    async def composite(self, parts: Sequence[Part], *, all_or_none: bool) -> list[Outcome]:
        """Section 5: one call, but every part has an outcome of its own, its body or its error: look at each.

        Where a part says that the session is over and nothing was made, the whole call goes out again by a new token.
        """
        requests = []
        for part in parts:
            request: dict[str, object] = {
                "method": part.method,
                "url": self.root + part.path,
                "referenceId": part.reference,
            }
            if part.body is not None:
                request["body"] = part.body
            if part.headers:
                request["httpHeaders"] = part.headers
            requests.append(request)
        body = {"allOrNone": all_or_none, "collateSubrequests": False, "compositeRequest": requests}
        references = [part.reference for part in parts]

        def undone(answer: object) -> None:
            outcomes = reader.read_composite(answer, references)
            over = next((outcome for outcome in outcomes if isinstance(outcome, SessionOver)), None)
            made = any(
                part.method != "GET" and not isinstance(outcome, RecordsError)
                for part, outcome in zip(parts, outcomes, strict=True)
            )
            if over and not made:
                raise over

        return reader.read_composite(await self.call("POST", "/composite", body, look=undone), references)

    async def create(self, sobject: str, fields: Json, headers: Mapping[str, str] | None = None) -> str:
        """Gives the new id.  Not idempotent: after RecordsUnwell look whether it was done."""
        return reader.read_id(await self.call("POST", f"/sobjects/{sobject}", fields, headers))

    async def upsert(
        self, sobject: str, key_field: str, key: str, fields: Json, headers: Mapping[str, str] | None = None
    ) -> str:
        """Section 2: made under our own key, or found by it; may be repeated.  Gives the id."""
        path = f"/sobjects/{sobject}/{quote(key_field, safe='')}/{quote(key, safe='')}"
        try:
            answer = await self.call("PATCH", path, fields, headers)
        except RecordsRefused as refusal:
            if DUPLICATE_VALUE in refusal.codes and key_field.casefold() in map(str.casefold, refusal.fields):
                raise RecordsUnwell("somebody makes the same record at this moment", undone=True) from None
            raise
        if answer is not None:
            return reader.read_id(answer)
        found = reader.read_object(await self.call("GET", f"{path}?fields=Id"))  # 204: updated, and not a word of it
        return reader.read_id({"id": found.get("Id")})

    async def read(self, sobject: str, id: str, fields: Iterable[str]) -> Json:
        names = quote(",".join(fields), safe=",")
        return reader.read_object(await self.call("GET", f"/sobjects/{sobject}/{id}?fields={names}"))

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
        look: Callable[[object], None] = lambda answer: None,
    ) -> object:
        """Any call of JSON; `path` behind the version.  Gives what was answered, None for nothing."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return await self.send(method, path, content, "application/json", headers, look)

    async def send(
        self,
        method: str,
        path: str,
        content: bytes | Stream | None,
        content_type: str,
        headers: Mapping[str, str] | None = None,
        look: Callable[[object], None] = lambda answer: None,
    ) -> object:
        """The same with a body of any kind.  `look` may raise what an answer holds inside: a 200 of many parts.

        Once, by a new token, everything is sent again: after a 401, and where the data API does not live any more.
        """
        token = await self.sessions.token()
        try:
            return await self._exchange(token, method, path, content, content_type, headers, look)
        except SessionOver:
            token = await self.sessions.token(refused=token)
        except (Elsewhere, RecordsUnwell) as trouble:
            if isinstance(trouble, RecordsUnwell) and not trouble.unmet:
                raise
            if (later := await self.sessions.elsewhere(token)) is None:
                raise
            token = later
        try:
            return await self._exchange(token, method, path, content, content_type, headers, look)
        except SessionOver:
            await self.sessions.spoilt(token)
            raise

    async def _exchange(
        self,
        token: Token,
        method: str,
        path: str,
        content: bytes | Stream | None,
        content_type: str,
        headers: Mapping[str, str] | None,
        look: Callable[[object], None],
    ) -> object:
        sent = {"Authorization": f"Bearer {token.value.reveal()}", "Accept": "application/json", **(headers or {})}
        if content is not None:
            sent["Content-Type"] = content_type
        try:
            reply = await self.wire.send(
                method, token.instance_url + self.root + path, headers=sent, body=content, timeout=TIMEOUT
            )
        except Unreachable as trouble:
            raise RecordsUnwell(f"no answer: {trouble}", silent=trouble.silent, unmet=trouble.unmet) from None
        answer = self._read(reply)
        look(answer)
        return answer

    def _read(self, reply: Reply) -> object:
        self.usage = reader.read_usage(reply.headers.get("Sforce-Limit-Info", "")) or self.usage
        body = parsed(reply.content)
        refusals.raise_unless_done(reply.status, body)
        if body is None and reply.content:
            raise RecordsUnwell(f"answered {reply.status} with something else than JSON")
        return body


def _records(outcome: Outcome) -> list[Json] | RecordsError:
    if isinstance(outcome, RecordsError):
        return outcome
    try:
        return reader.read_records(outcome)
    except RecordsError as error:
        return error
