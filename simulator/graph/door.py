"""The one way in: version, token, object, permission, limits; then the edge that was asked for."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from ..protocol_options import Json
from ..world import WORLD
from . import app_door
from .call import Call, admitted, body_of, token_of
from .messenger import messages_door, profile_door, routing_door
from .messenger import subscription_door as page_subscription
from .refusal import GraphRefused, http_status
from .refusal import body_of as error_body
from .server import Graph
from .whatsapp import media_door, number_door, send_door

Edge = Callable[[Call], Awaitable[Json]]

# (method, kind of object, edge) -> (name for faults, what it does)
EDGES: dict[tuple[str, str, str], tuple[str, Edge]] = {
    ("POST", "number", "messages"): ("cloud_send", send_door.messages),
    ("POST", "number", "media"): ("cloud_upload", media_door.upload),
    ("GET", "media", ""): ("cloud_media_url", media_door.url),
    ("DELETE", "media", ""): ("cloud_media_delete", media_door.delete),
    ("GET", "number", ""): ("cloud_number", number_door.look),
    ("POST", "number", ""): ("cloud_webhook", number_door.configure),
    ("GET", "waba", ""): ("cloud_account", number_door.account),
    ("GET", "waba", "phone_numbers"): ("cloud_numbers", number_door.numbers),
    ("GET", "waba", "message_templates"): ("cloud_templates", number_door.templates),
    ("POST", "waba", "subscribed_apps"): ("cloud_subscribe", number_door.subscribe),
    ("GET", "waba", "subscribed_apps"): ("cloud_subscriptions", number_door.subscribed),
    ("DELETE", "waba", "subscribed_apps"): ("cloud_unsubscribe", number_door.unsubscribe),
    ("POST", "page", "messages"): ("page_send", messages_door.messages),
    ("POST", "page", "message_attachments"): ("page_upload", messages_door.attachments),
    ("POST", "page", "pass_thread_control"): ("pass_thread_control", routing_door.hand_over),
    ("POST", "page", "take_thread_control"): ("take_thread_control", routing_door.take),
    ("POST", "page", "request_thread_control"): ("request_thread_control", routing_door.request),
    ("POST", "page", "release_thread_control"): ("release_thread_control", routing_door.release),
    ("POST", "page", "extend_thread_control"): ("extend_thread_control", routing_door.extend),
    ("GET", "page", "thread_owner"): ("thread_owner", routing_door.owner),
    ("GET", "page", ""): ("page_fields", profile_door.page),
    ("GET", "person", ""): ("page_profile", profile_door.person),
    ("POST", "page", "subscribed_apps"): ("page_subscribe", page_subscription.subscribe),
    ("GET", "page", "subscribed_apps"): ("page_subscriptions", page_subscription.subscribed),
    ("DELETE", "page", "subscribed_apps"): ("page_unsubscribe", page_subscription.unsubscribe),
    ("GET", "app", ""): ("app_fields", app_door.look),
    ("POST", "app", "subscriptions"): ("app_subscribe", app_door.subscribe),
    ("GET", "app", "subscriptions"): ("app_subscriptions", app_door.subscriptions),
    ("GET", "debug_token", ""): ("debug_token", app_door.debug_token),
}
OPERATIONS = frozenset({name for name, _ in EDGES.values()} | {"cloud_media_bytes", "page_media_bytes"})
SHARED = frozenset({"debug_token"})


def operation(request: web.Request) -> str:
    """The name of the call, "" for what is none."""
    if request.match_info.handler is not door:
        return request.match_info.route.name or ""
    graph = request.app[WORLD].graph
    node = request.match_info["node"]
    kind = "page" if node == "me" else _kind(graph, node) or ""
    found = EDGES.get((request.method, kind, request.match_info.get("edge", "")))
    return found[0] if found else ""


async def keys(request: web.Request) -> list[str]:
    """The account and the user that a request is about, as faults name them."""
    found = [request.match_info["node"]] if "node" in request.match_info else []
    if request.method != "POST" or request.content_type != "application/json":
        return found
    try:
        body = json.loads(await request.read())
    except ValueError:
        return found
    if not isinstance(body, dict):
        return found
    recipient = body.get("recipient")
    to = body.get("to") or (recipient.get("id") if isinstance(recipient, dict) else recipient)
    return [*found, to.removeprefix("+")] if isinstance(to, str) else found


async def door(request: web.Request) -> web.StreamResponse:
    """Every call."""
    graph = request.app[WORLD].graph
    node, edge = request.match_info["node"], request.match_info.get("edge", "")
    try:
        _version(graph, request)
        token, app = admitted(graph, await token_of(request), request.query.get("appsecret_proof"))
        limit = graph.rules.meta_calls_per_hour
        if limit is not None and graph.rates.full(f"app {app.id}", limit, 3600):
            raise GraphRefused(4)
        if node == "me":
            node = token.accounts[0] if token.kind == "PAGE" else app.id
        kind = _kind(graph, node)
        if kind is None or (kind in ("number", "page", "waba") and graph.setup.account(node) not in token.accounts):
            raise _unknown(request.method, node)
        found = EDGES.get((request.method, kind, edge))
        if found is None:
            raise GraphRefused(100, f"Unknown path components: /{edge}", subcode=33 if not edge else None)
        body, upload = await body_of(request)
        answer = web.json_response(await found[1](Call(request, graph, token, app, node, body, upload)))
    except GraphRefused as refused:
        return refuse(request, refused)
    answer.headers["X-App-Usage"] = json.dumps({"call_count": graph.rules.meta_usage_percent})
    return answer


def refuse(request: web.Request, refused: GraphRefused) -> web.Response:
    """Write it down, and say it."""
    graph = request.app[WORLD].graph
    status = http_status(refused, graph.rules)
    graph.refused(request.path, status, f"{refused.code}/{refused.subcode or ''} {refused.text}".strip())
    return web.json_response(error(request, refused), status=status)


def error(request: web.Request, refused: GraphRefused) -> Json:
    """The body of a refusal, as the platform of the object writes it."""
    graph = request.app[WORLD].graph
    whatsapp = (graph.setup.kind(request.match_info.get("node", "")) or "number") in ("number", "waba")
    return error_body(refused, graph.rules, whatsapp)


def _version(graph: Graph, request: web.Request) -> None:
    version = request.match_info.get("version")
    if version is None and graph.rules.meta_without_version == "refused":
        raise GraphRefused(2500, "Unknown path components: a version is required")
    if version is not None and version not in graph.rules.meta_versions:
        raise GraphRefused(2500, f"Unknown path components: /{version} is not an available version")


def _kind(graph: Graph, node: str) -> str | None:
    if node in SHARED:
        return node
    if graph.files.get(node) is not None:
        return "media"
    if found := graph.setup.kind(node):
        return found
    return "person" if graph.people.known(node) else None


def _unknown(method: str, node: str) -> GraphRefused:
    words = f"Unsupported {method.lower()} request. Object with ID '{node}' does not exist, cannot be loaded due to"
    return GraphRefused(100, f"{words} missing permissions, or does not support this operation", subcode=33)


def add(app: web.Application) -> None:
    """Hang the doors."""
    for before in ("/{version:v\\d+\\.\\d+}", ""):
        for node in ("/{node:\\d+}", "/{node:me}", "/{node:debug_token}"):
            app.router.add_route("*", f"{before}{node}", door)
            app.router.add_route("*", f"{before}{node}/{{edge:[a-z_]+}}", door)
    app.router.add_get(media_door.PATH, media_door.content, name="cloud_media_bytes")
    app.router.add_get(media_door.OPEN_PATH, media_door.open_content, name="page_media_bytes")
