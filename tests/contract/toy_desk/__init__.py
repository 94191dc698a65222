"""A desk that exists for the tests alone: one folder, and one line in `tests/contract/settings.py`.

Its wire, JSON all of it; each session has a key, in `X-Key`:
`POST /sessions {"org", "name"}` -> `{"id", "key"}`; `POST /sessions/<id>/queue`: an agent is asked for;
`GET /sessions/<id>/news?after=<n>&wait=<seconds>` -> `{"news": [{"n", "kind", "text"}]}`;
`POST /sessions/<id>/words {"number", "text"}`: a number is heard once; `DELETE /sessions/<id>`.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from interconnections.desks import news
from interconnections.desks.desk import (
    Availability,
    Batch,
    Check,
    Columns,
    Host,
    Keeper,
    Line,
    Opened,
    Org,
    Pace,
    Ref,
    Route,
    Sentences,
    Upload,
    Visitor,
)
from interconnections.desks.news import Event, Rule
from interconnections.errors import ChatGone, DeskError, DeskRefused, DeskUnwell
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

LIMIT = 40  # characters
WAIT = 5.0  # seconds for which news are waited for
JOINED, SAID, ENDED = "joined", "said", "ended"


class ToyDesk:
    label: ClassVar[str] = "Toy desk"
    stages: ClassVar[Mapping[str, str]] = {}
    text_limit: ClassVar[int] = LIMIT
    pace: ClassVar[Pace | None] = None
    waits: ClassVar[bool] = True
    files_when_asked: ClassVar[bool] = True
    columns: ClassVar[Columns] = ()
    about: ClassVar[str] = ""
    deployment: ClassVar[str] = ""
    by_button: ClassVar[bool] = False
    must_be_whole: ClassVar[bool] = True

    def __init__(self, wire: Wire, host: Host) -> None:
        self.wire, self.host = wire, host

    @staticmethod
    def mistakes(org: Org) -> Sentences:
        return {} if org.organization_id else {"organization_id": "The toy wants an org."}

    @staticmethod
    def doubts(org: Org) -> Sentences:
        return {}

    @staticmethod
    def describe(type: str, kept: str, applies: Callable[[Rule], bool]) -> Line | None:
        match type:
            case "joined":
                return Line("An agent of the toy took it.", "good", accepts=True)
            case "said":
                return None
            case "ended":
                return Line("The toy's agent ended it.")
        return Line(f"The toy told “{type}”.")

    @staticmethod
    def read_kept(type: str, kept: str) -> news.News | None:
        return None  # nothing of it is played again

    @staticmethod
    async def check(org: Org, routes: Sequence[tuple[Route, str]], wire: Wire) -> list[Check]:
        try:
            await _asked(wire, "POST", f"{org.chat_url}/sessions", "", {"org": org.organization_id, "name": "check"})
        except DeskError as trouble:
            return [Check("error", f"the toy desk gives no session: {trouble}", "Look at its address and its org.")]
        return [Check("ok", "the toy desk gives sessions")]

    async def available(self, org: Org, route: Route) -> Availability:
        return Availability()

    async def open(self, org: Org, route: Route, visitor: Visitor, url: str) -> Opened:
        body = {"org": org.organization_id, "name": visitor.name}
        told = await _asked(self.wire, "POST", f"{org.chat_url}/sessions", "", body)
        session, key = told.get("id"), told.get("key")
        if not isinstance(session, str) or not isinstance(key, str):
            raise DeskUnwell("a session was answered without its id or its key")
        fields = {"ack": "0", "epoch": "0", "sequence": "0", "chatUrl": org.chat_url}
        return Opened(session, fields, {"sessionKey": Secret(key)})

    def chat(
        self, fields: Mapping[str, str], secrets: Mapping[str, Secret], org: Org | None, keeper: Keeper | None
    ) -> "ToyChat":
        return ToyChat(self.wire, fields, secrets["sessionKey"])


class ToyChat:
    moving = False
    takes_file = False

    def __init__(self, wire: Wire, fields: Mapping[str, str], key: Secret) -> None:
        self.wire, self.key = wire, key.reveal()
        self.url = f"{fields['chatUrl']}/sessions/{fields['sessionId']}"
        self.heard_at = time.monotonic()
        self.learn(fields)

    def learn(self, fields: Mapping[str, str]) -> None:
        self.mark = fields.get("ack", "0")

    async def start(self) -> Mapping[str, str]:
        await self._ask("POST", "/queue")
        return {}

    async def listen(self, patience: float | None) -> Batch | None:
        wait = WAIT if patience is None else min(patience, WAIT)
        told = (await self._ask("GET", f"/news?after={self.mark}&wait={wait}")).get("news")
        self.heard_at = time.monotonic()
        rows = [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
        return Batch(tuple(_event(row) for row in rows), str(rows[-1].get("n", self.mark))) if rows else None

    def kept(self) -> None:
        """The mark says it."""

    async def send(self, text: str, ref: Ref) -> Mapping[str, str]:
        await self._ask("POST", "/words", {"number": ref.number, "text": text})
        return {}

    def named(self, number: str) -> str:
        return ""

    async def send_file(self, file: Upload, ref: Ref) -> bool:
        return False

    async def receipts(self, found: Mapping[str, str]) -> None: ...

    def served(self) -> Mapping[str, str]:
        return {}

    async def end(self, ref: Ref, *, waiting: bool) -> None:
        try:
            await self._ask("DELETE", "")
        except ChatGone:
            return

    async def abandon(self) -> None:
        try:
            await self._ask("DELETE", "")
        except DeskError:
            return  # nobody was asked to serve it, or it is over

    async def close(self) -> None: ...

    async def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, object]:
        return await _asked(self.wire, method, self.url + path, self.key, body)


async def _asked(
    wire: Wire, method: str, url: str, key: str, body: Mapping[str, object] | None = None
) -> dict[str, object]:
    headers = {"X-Key": key, "Content-Type": "application/json"}
    try:
        reply = await wire.send(method, url, headers=headers, body=json.dumps(body or {}).encode(), timeout=WAIT * 2)
    except Unreachable as trouble:
        raise DeskUnwell(f"no answer: {trouble}", undone=trouble.unmet) from None
    return _read(reply)


def _read(reply: Reply) -> dict[str, object]:
    match reply.status:
        case 200:
            try:
                found = json.loads(reply.content)
            except ValueError:
                raise DeskUnwell("the answer is not JSON") from None
            return found if isinstance(found, dict) else {}
        case 404 | 410:
            raise ChatGone("the toy does not know the session")
        case 408 | 425 | 429:
            raise DeskUnwell(f"answered {reply.status}", undone=reply.status == 429, wait=reply.retry_after or 0.0)
        case status if 300 <= status < 500:
            raise DeskRefused(f"answered {status}")
    raise DeskUnwell(f"answered {reply.status}", wait=reply.retry_after or 0.0)


def _event(row: Mapping[str, object]) -> Event:
    kind, text = str(row.get("kind")), str(row.get("text"))
    meaning: dict[str, news.News] = {
        JOINED: news.AgentJoined("a1", text),
        SAID: news.AgentSaid(text),
        ENDED: news.Ended("agent"),
    }
    return Event(kind, json.dumps(row), meaning.get(kind, news.Other()), known=kind in meaning)
