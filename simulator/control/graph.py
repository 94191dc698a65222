"""`/sim/graph`: being the developer at Meta and the human in a page's inbox, and looking at threads."""

from __future__ import annotations

from aiohttp import web

from ..graph import accounts, handshake
from ..graph.accounts import Number, Page
from ..graph.messenger import telling
from ..graph.messenger.subscription_door import FIELDS
from ..graph.server import Graph
from ..graph.subscriptions import MESSENGER, WHATSAPP, Callback
from ..graph.whatsapp import statuses
from ..world import WORLD
from .file_responses import served
from .graph_users import account_of, settled
from .request_parsing import Answer, Wrong, asked, pick, wishes


def _graph(request: web.Request) -> Graph:
    return request.app[WORLD].graph


async def look(request: web.Request) -> Answer:
    """GET: set-up, subscriptions, read marks and typing, what happened to threads, refusals."""
    graph = _graph(request)
    return {
        "setup": accounts.shown(graph.setup),
        "subscriptions": graph.subscriptions.shown(),
        "reads": graph.reads,
        "control": graph.control,
        "refusals": list(graph.refusals),
    }


async def configure(request: web.Request) -> Answer:
    """PUT {"apps", "tokens", "numbers", "pages", "templates"}: what is named."""
    graph = _graph(request)
    try:
        graph.setup = accounts.change(graph.setup, await wishes(request, anything=True))
    except accounts.BadSetup as bad:
        raise Wrong(400, f"{bad}.") from bad
    return accounts.shown(graph.setup)


async def subscribe(request: web.Request) -> Answer:
    """POST {"account", "app"?, "callback", "verify_token", "fields"?, "only"?}: the dashboard.

    The handshake; then this number's or page's messages go to the callback.  `only`: an override for this number.
    """
    graph = _graph(request)
    body = await wishes(request, "account", "app", "callback", "verify_token", "fields", "only")
    account, app = account_of(graph, pick(body, "account", str)), pick(body, "app", str, accounts.APP)
    url, verify_token = pick(body, "callback", str), pick(body, "verify_token", str)
    fields = body.get("fields") or list(FIELDS[:11])
    if graph.setup.app(app) is None or not isinstance(fields, list):
        raise Wrong(400, "app is the id of an app, and fields is a list.")
    seconds = graph.rules.meta_webhook_timeout
    if (why := await handshake.failure(graph.courier.http, url, verify_token, seconds)) is not None:
        raise Wrong(409, f"{why}.")
    callback, subscriptions = Callback(url, verify_token), graph.subscriptions
    if isinstance(account, Page):
        subscriptions.callbacks[app, MESSENGER] = Callback(url, verify_token, FIELDS)  # the page narrows it
        subscriptions.pages.setdefault(account.id, {})[app] = tuple(str(one) for one in fields)
        return subscriptions.shown()
    subscriptions.wabas.setdefault(account.waba, {}).setdefault(app, None)
    if pick(body, "only", bool, False):
        subscriptions.numbers[account.id] = callback
    else:
        subscriptions.callbacks[app, WHATSAPP] = callback
    return subscriptions.shown()


async def unsubscribe(request: web.Request) -> Answer:
    """DELETE: nobody is told of anything."""
    _graph(request).subscriptions.clear()
    return {}


async def posts(request: web.Request) -> Answer:
    """GET [?until=N][&timeout=S]: the last webhooks that went out, with the answer to each."""
    asked(request, "until", "timeout")
    return {"posts": _graph(request).courier.posts}


async def person(request: web.Request) -> Answer:
    """PUT {"name", "number", "user_id", "parent_user_id", "username", "profile"}: who somebody is; null is none."""
    body = await wishes(request, "name", "number", "user_id", "parent_user_id", "username", "profile")
    for name, value in body.items():
        pick(body, name, bool if name == "profile" else str, None)
        if value is None and name in ("name", "profile"):
            raise Wrong(400, f"{name} cannot be null.")
    found = _graph(request).people.change(request.match_info["id"], **body)
    return {name: getattr(found, name) for name in ("id", "name", "number", "user_id", "parent_user_id", "username")}


async def tell(request: web.Request) -> Answer:
    """POST /sim/graph/accounts/{id}/tell {"value", "field"?} or {"event", "field"?}: of the account, as it is.

    WhatsApp: `value` gets the number's metadata.  Messenger: `event` goes into `messaging`.
    """
    graph, account = _graph(request), account_of(_graph(request), request.match_info["id"])
    body = await wishes(request, "value", "event", "field")
    if isinstance(account, Number):
        told = statuses.tell(graph, account, pick(body, "value", dict), pick(body, "field", str, "messages"))
    else:
        wanted = pick(body, "field", str, "messaging_policy_enforcement")
        told = telling.tell(graph, account, None, pick(body, "event", dict), wanted)
    await settled(told, {}, 0)
    return {"answers": [one.shown() for one in told]}


async def file(request: web.Request) -> web.StreamResponse:
    """GET /sim/graph/files/{id}: a file of either side, for judges and pages."""
    found = _graph(request).files.get(request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    name = found.name or "file"
    return served(found.content, name if "." in name else f"{name}.{_ENDINGS.get(found.family, 'bin')}")


_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "audio/ogg": "ogg", "audio/mpeg": "mp3"}

ROUTES = [
    ("GET", "/graph", look),
    ("PUT", "/graph", configure),
    ("POST", "/graph/subscribe", subscribe),
    ("DELETE", "/graph/subscriptions", unsubscribe),
    ("GET", "/graph/posts", posts),
    ("PUT", "/graph/people/{id}", person),
    ("POST", "/graph/accounts/{id}/tell", tell),
]
