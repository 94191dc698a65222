"""/content/fileUpload: the file that an agent asked for (§9).  No Live Agent headers here."""

from __future__ import annotations

import hashlib

from aiohttp import web

from ..protocol_options import Json
from ..refusal import Refused
from ..world import WORLD
from . import events
from .chat import Chat


async def upload(request: web.Request) -> web.StreamResponse:
    """POST ?orgId&chatKey&fileToken&encoding with multipart part `file`; the token works once."""
    chat = _asked_for(request)
    if not request.content_type.startswith("multipart/form-data"):
        raise Refused(400, "The body is not multipart/form-data")
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        return _failed(chat, 413)
    part = form.get("file")
    if not isinstance(part, web.FileField) or not part.filename or not part.content_type:
        raise Refused(400, "A part named file with a filename and a content type is required")
    content = part.file.read()
    if chat.file_token != request.query["fileToken"]:
        raise Refused(403, "The file token is not valid")  # used or withdrawn while the body came in
    chat.file_token = None
    rules = chat.rules
    extension = part.filename.rpartition(".")[2].lower()
    if len(content) > rules.file_max_bytes or (rules.file_extensions and extension not in rules.file_extensions):
        return _failed(chat, 413 if len(content) > rules.file_max_bytes else 415)
    chat.files.append(_shown(part, content))
    chat.contents.append(content)
    chat.alive()
    chat.tell(events.file_news("Success"))
    return web.Response(text="OK")


def _failed(chat: Chat, status: int) -> web.StreamResponse:
    """The token is used up, and the visitor is told; by a switch the answer is 200 nevertheless (unconfirmed)."""
    chat.file_token = None
    chat.tell(events.file_news("Failure"))
    if chat.rules.file_failure == "event":
        return web.Response(text="OK")
    raise Refused(status, "The file is too large or of a wrong type")


def _asked_for(request: web.Request) -> Chat:
    for name in ("orgId", "chatKey", "fileToken", "encoding"):
        if not request.query.get(name):
            raise Refused(400, f"Missing required parameter {name}")
    if request.query["encoding"] != "UTF-8":
        raise Refused(400, "encoding must be UTF-8")
    # chatKey is the session id, not the whole key (§9).
    chat = request.app[WORLD].live_agent.by_id(request.query["chatKey"])
    if chat is None or chat.over or chat.init is None or chat.init.organization_id != request.query["orgId"]:
        raise Refused(403, "No such chat")
    if chat.file_token != request.query["fileToken"]:
        raise Refused(403, "The file token is not valid")
    return chat


def _shown(part: web.FileField, content: bytes) -> Json:
    return {
        "name": part.filename,
        "content_type": part.content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
