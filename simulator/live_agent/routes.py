"""Every path of §2.1, by the name under which faults know it, and how a refusal is written."""

from __future__ import annotations

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..refusal import Refused
from ..refusing import Handler, refusing
from ..world import WORLD
from . import chasitor_door, file_door, headers, messages_door, session_door, visitor_door

REST = "/chat/rest"

ROUTES: list[tuple[str, str, str, Handler]] = [
    ("session_id", "GET", "System/SessionId", session_door.session_id),
    ("session_id_slash", "GET", "System/SessionId/", session_door.session_id),  # §4.1: accepted
    ("delete_session", "DELETE", "System/SessionId/{key}", session_door.delete_session),
    ("messages", "GET", "System/Messages", messages_door.messages),
    ("reconnect", "GET", "System/ReconnectSession", session_door.reconnect),
    ("resync_session", "GET", "System/ResyncSession", session_door.resync_session),
    ("multi_noun", "POST", "System/MultiNoun", chasitor_door.multi_noun),
    ("resync", "POST", "Chasitor/ChasitorResyncState", chasitor_door.resync_state),
    ("chasitor_init", "POST", "Chasitor/ChasitorInit", chasitor_door.post("ChasitorInit")),
    ("chat_message", "POST", "Chasitor/ChatMessage", chasitor_door.post("ChatMessage")),
    ("typing", "POST", "Chasitor/ChasitorTyping", chasitor_door.post("ChasitorTyping")),
    ("not_typing", "POST", "Chasitor/ChasitorNotTyping", chasitor_door.post("ChasitorNotTyping")),
    ("sneak_peek", "POST", "Chasitor/ChasitorSneakPeek", chasitor_door.post("ChasitorSneakPeek")),
    ("custom_event", "POST", "Chasitor/CustomEvent", chasitor_door.post("CustomEvent")),
    ("chat_end", "POST", "Chasitor/ChatEnd", chasitor_door.post("ChatEnd")),
    (
        "idle_warning",
        "POST",
        "Chasitor/ChasitorIdleTimeoutWarningEvent",
        chasitor_door.post("ChasitorIdleTimeoutWarningEvent"),
    ),
    (
        "sensitive_data",
        "POST",
        "Chasitor/SensitiveDataRuleTriggered",
        chasitor_door.post("SensitiveDataRuleTriggered"),
    ),
    ("availability", "GET", "Visitor/Availability", visitor_door.availability),
    ("settings", "GET", "Visitor/Settings", visitor_door.settings),
    ("visitor_id", "GET", "Visitor/VisitorId", visitor_door.visitor_id),
    ("breadcrumb", "POST", "Visitor/Breadcrumb", visitor_door.breadcrumb),
]
OPERATIONS = frozenset({name for name, *_ in ROUTES} - {"session_id_slash"} | {"file_upload"})


def add(app: web.Application) -> None:
    """Hang the doors."""
    for name, method, path, handler in ROUTES:
        # No HEAD beside GET: a HEAD is a wrong method like any other.
        app.router.add_route(method, f"{REST}/{path}", refusing(handler, remember, answer), name=name)
    app.router.add_post("/content/fileUpload", refusing(file_door.upload, remember, answer), name="file_upload")


def remember(request: web.Request, status: int, why: str) -> None:
    """Write a refusal down with its chat, or with the server when it has none."""
    server = request.app[WORLD].live_agent
    key = request.headers.get(headers.SESSION_KEY) or request.match_info.get("key")
    chat = server.by_key(key) or server.by_id(request.query.get("chatKey", ""))
    refusal: Json = {"status": status, "path": request.path, "why": why, "at": ids.now_ms()}
    if chat is None:
        server.refusals.append(refusal)
    else:
        refusal["path"] = request.path.replace(chat.key, "{key}")
        chat.refusals.append(refusal)
        chat.bell.ring()


def answer(request: web.Request, refused: Refused) -> web.Response:
    """Plain text, or JSON with `errorMessage` as some deployments do (§11); a 409 is always text (§3.7)."""
    if request.app[WORLD].rules.error_body == "json" and refused.status != 409:
        return web.json_response({"errorMessage": refused.text}, status=refused.status)
    return web.Response(status=refused.status, text=refused.text)
