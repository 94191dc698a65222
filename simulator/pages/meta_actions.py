"""A phone whose business is at Meta: what its user writes goes to Graph, and so does what the bot says."""

from __future__ import annotations

from aiohttp import web

from .. import ids
from ..control import graph_users
from ..control.request_parsing import Wrong
from ..graph import accounts
from ..protocol_options import Json
from ..shelf import Medium
from ..world import WORLD
from .phones import Phone
from .revision import PULSE


async def write(
    app: web.Application,
    account: str,
    phone: Phone,
    text: str | None,
    medium: Medium | None = None,
    again: str | None = None,
    by_bot: bool = False,
) -> Json:
    """One message: {"id", "status", "body"}.  Nothing is sent again by hand: Meta does that."""
    if again is not None:
        raise Wrong(409, "Meta repeats a webhook by itself until it is answered 200.")
    graph = app[WORLD].graph
    if by_bot:
        return _bot_says(app, account, phone, text or "")
    if phone.name and not graph.people.of(phone.id).name:
        graph.people.change(phone.id, name=phone.name)
    body: Json = {"account": account, "text": text}
    origin = medium.url.partition("/media/")[0] if medium else ""
    record, tell = graph_users.said(graph, phone.id, body, medium, origin)
    app[PULSE].changed()  # the screen shows it before it has arrived
    told = tell()
    if not told:
        raise Wrong(409, "No app is told of this account: POST /sim/graph/subscribe, or let the bridge subscribe.")
    await graph_users.settled(told, record, 0)
    app[PULSE].changed()
    return {"id": record["id"], "status": told[0].answers[-1] if told[0].answers else None, "body": told[0].body}


def state(app: web.Application, account: str | None, phone: Phone) -> Json | None:
    """What the top of the screen says of a thread at Meta: typing, and whose it is.  None: nothing was said."""
    graph = app[WORLD].graph
    thread = graph.threads.get((account or "", phone.id))
    if thread is None:
        return None
    shown = thread.shown(graph.people.of(phone.id))
    owner = graph.setup.app(shown["owner"] or "")
    names = {accounts.INBOX: "the page's inbox"}
    return {"typing": shown["typing"], "owner": owner.name if owner else names.get(shown["owner"] or "")}


def _bot_says(app: web.Application, account: str, phone: Phone, text: str) -> Json:
    """The bot is another app of the business."""
    graph = app[WORLD].graph
    person = graph.people.of(phone.id)
    thread, id = graph.thread(account, person), graph.new_id("bot.")
    record: Json = {"id": id, "platform_id": id, "handle": None, "type": "text", "text": text, "at": ids.now_ms()}
    record |= {"by": "bot", "app": accounts.OTHER_APP, "account": account, "user": person.id, "quotes": None}
    graph.show(thread, record | {"tick": "read", "channel": phone.provider})
    app[PULSE].changed()
    return {"id": id, "status": 200, "body": None}
