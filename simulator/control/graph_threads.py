"""`/sim/graph/threads`: what phones show, and what happens to a thread: silence, reading, the page's inbox."""

from __future__ import annotations

from aiohttp import web

from ..graph.accounts import Number, Page
from ..graph.messenger import phone, telling
from ..graph.server import Graph
from ..graph.thread import Thread
from ..graph.whatsapp import statuses
from ..protocol_options import Json
from ..world import WORLD
from .graph_users import account_of, settled
from .request_parsing import Answer, Wrong, asked, number, pick, timeout, wishes


def _graph(request: web.Request) -> Graph:
    return request.app[WORLD].graph


async def threads(request: web.Request) -> Answer:
    """GET [?account=…][&user=…][&until_lines=N][&timeout=S]: what phones show, in order."""
    asked(request, "account", "user", "until_lines", "timeout")
    graph, lines = _graph(request), number(request, "until_lines")
    account, user = request.query.get("account"), request.query.get("user")
    found = [
        one for one in graph.threads.values() if account in (None, one.account) and user in (None, one.person_id)
    ]
    late = False
    if lines is not None and found:
        bell = graph.user(found[0].person_id).bell
        late = not await bell.until(lambda: len(found[0].lines) >= lines, timeout(request))
    shown = [one.shown(graph.people.of(one.person_id)) for one in found]
    return {"threads": shown} | ({"timed_out": True} if late else {})


async def act(request: web.Request) -> Answer:
    """POST /sim/graph/threads/{account}/{user}/{verb}: something happens to a thread; answers the thread."""
    graph, info = _graph(request), request.match_info
    account, thread = account_of(graph, info["account"]), graph.threads.get((info["account"], info["user"]))
    if thread is None:
        raise Wrong(404, "There is no thread of this account and this user.")
    found = VERBS.get(info["verb"])
    if found is None:
        raise Wrong(404, f"To a thread can happen {', '.join(VERBS)}.")
    verb, names = found
    await verb(graph, account, thread, await wishes(request, *names))
    return thread.shown(graph.people.of(thread.person_id))


async def _silence(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{"seconds"}: the user's last word is so long ago."""
    ago = pick(body, "seconds", float)
    for name in ("opened_at", "said_at"):
        if (at := getattr(thread, name)) is not None:
            setattr(thread, name, at - ago)


async def _read(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{}: the user reads everything."""
    person = graph.people.of(thread.person_id)
    if isinstance(account, Page):
        last = list(thread.sent.values())[-1:]
        for one in last:
            telling.receipts(graph, account, thread, one, ["read"])
        return
    for one in thread.sent.values():
        if one["tick"] in ("accepted", "sent", "delivered"):
            statuses.Telling(graph, account, person, one, None).tell("read")


async def _status(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{"id", "status", "code"?}: one status of WhatsApp, whatever there was before."""
    one, word, code = (
        thread.sent.get(pick(body, "id", str)),
        pick(body, "status", str),
        pick(body, "code", int, 131026),
    )
    if (
        one is None
        or not isinstance(account, Number)
        or word not in ("sent", "delivered", "read", "played", "failed")
    ):
        raise Wrong(409, "There is no such message of a number, or no such status.")
    failed = (code, "as the control API wanted it") if word == "failed" else None
    statuses.Telling(graph, account, graph.people.of(thread.person_id), one, failed).tell(word)


async def _inbox(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{"text"}: a human writes in the page's inbox."""
    if not isinstance(account, Page):
        raise Wrong(409, "Only pages have an inbox.")
    delivered = phone.inbox_says(graph, account, thread, pick(body, "text", str))
    await settled(delivered, {}, 0)


async def _inbox_takes(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{"metadata"?}: the page's inbox takes the thread."""
    if not isinstance(account, Page):
        raise Wrong(409, "Only pages have an inbox.")
    phone.inbox_takes(graph, account, thread, pick(body, "metadata", str, ""))


async def _owner(graph: Graph, account: Number | Page, thread: Thread, body: Json) -> None:
    """{"app": id or null}: whose thread it is from now on, and nobody is told."""
    thread.give(pick(body, "app", str, None), graph.rules.page_idle_seconds)


VERBS = {
    "silence": (_silence, ("seconds",)),
    "read": (_read, ()),
    "status": (_status, ("id", "status", "code")),
    "inbox": (_inbox, ("text",)),
    "inbox_takes": (_inbox_takes, ("metadata",)),
    "owner": (_owner, ("app",)),
}

ROUTES = [
    ("GET", "/graph/threads", threads),
    ("POST", "/graph/threads/{account}/{user}/{verb}", act),
]
