"""Media of WhatsApp: the URL, the bytes with the same token, upload, delete (WA §6); and Messenger's open files."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from aiohttp import web

from ...protocol_options import Json
from ...world import WORLD
from ..call import Call, admitted, token_of
from ..files import SIZES, TYPES, File
from ..refusal import GraphRefused, of_words
from ..server import Graph

PATH, OPEN_PATH = "/whatsapp_business/attachments/", "/fbcdn/{id}/{name}"


async def upload(call: Call) -> Json:
    """POST /{number}/media, multipart: {"id"}."""
    call.scope("whatsapp_business_messaging")
    body, file = call.body, call.file
    if body.get("messaging_product") != "whatsapp":
        raise GraphRefused(100, "The parameter messaging_product is required.")
    if file is None:
        raise GraphRefused(100, "The parameter file is required.")
    mime = body.get("type") or file.mime
    family = str(mime).partition(";")[0].strip().lower()
    kind = next((kind for kind, taken in TYPES.items() if family in taken), "document")
    if "/" not in family or family == "application/octet-stream":
        raise GraphRefused(100, f"Param file must be a file with one of the supported types. Received '{mime}'.")
    if len(file.content) > SIZES[kind] or not file.content:
        raise GraphRefused(131053, details=f"{kind} has {len(file.content)} bytes, and may have {SIZES[kind]}")
    return {"id": call.graph.files.keep(call.node, str(mime), file.content, file.name).id}


async def url(call: Call) -> Json:
    """GET /{media}: where the bytes are, for five minutes."""
    file = _theirs(call)
    size: int | str = len(file.content)
    if call.rules.cloud_file_size_as == "string":
        size = str(size)
    answer: Json = {"messaging_product": "whatsapp", "url": address(call.graph, call.origin, file)}
    answer |= {"mime_type": file.mime, "sha256": file.digest.hex(), "file_size": size, "id": file.id}
    return answer


def address(graph: Graph, origin: str, file: File) -> str:
    """A URL of the bytes that begins to expire now."""
    until = int(time.time() * 1000 + graph.rules.cloud_media_url_seconds * 1000)
    return f"{origin}{PATH}?{urlencode({'mid': file.id, 'ext': until, 'hash': file.hash})}"


async def delete(call: Call) -> Json:
    """DELETE /{media}."""
    _theirs(call).deleted = True
    return {"success": True}


def _theirs(call: Call) -> File:
    file = call.graph.files.get(call.node)
    rules = call.rules
    days = rules.cloud_media_days_inbound if file and file.inbound else rules.cloud_media_days_uploaded
    wanted = call.body.get("phone_number_id")
    mine = file is not None and call.graph.setup.account(file.account) in call.token.accounts
    if file is None or not mine or not file.lives(days) or wanted not in (None, file.account):
        if rules.cloud_unknown_media == "404":
            raise GraphRefused(100, "Unsupported get request. Object does not exist", subcode=33, status=404)
        raise of_words(
            rules.cloud_unknown_media, f"Unsupported get request. Object with ID '{call.node}' does not exist"
        )
    return file


async def content(request: web.Request) -> web.StreamResponse:
    """The bytes: 401 and a page without the token, 404 when the URL's time is up."""
    graph = request.app[WORLD].graph
    try:
        token, _ = admitted(graph, await token_of(request), None)
    except GraphRefused as refused:
        graph.refused(request.path, 401, refused.text)
        return web.Response(status=401, text="<html><body>Unauthorized</body></html>", content_type="text/html")
    file = graph.files.get(request.query.get("mid", ""))
    until = request.query.get("ext", "")
    late = not until.isdigit() or int(until) < time.time() * 1000
    if file is None or late or file.deleted or request.query.get("hash") != file.hash:
        graph.refused(request.path, 404, "the URL is not good, or no longer")
        return web.Response(status=404)
    if graph.setup.account(file.account) not in token.accounts:
        graph.refused(request.path, 403, "the token is not one of this account")
        return web.Response(status=403)
    return web.Response(body=file.content, headers={"Content-Type": file.mime})


async def open_content(request: web.Request) -> web.StreamResponse:
    """A file of Messenger: its address is all that it takes (FB §4.1)."""
    graph = request.app[WORLD].graph
    file = graph.files.get(request.match_info["id"])
    good = file is not None and request.query.get("oh") == file.hash
    if file is None or not good or time.time() > file.since + graph.rules.page_media_seconds:
        return web.Response(status=403, text="URL signature expired", content_type="text/plain")
    return web.Response(body=file.content, headers={"Content-Type": file.mime})
