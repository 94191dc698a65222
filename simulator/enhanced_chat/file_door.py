"""Files: those of an end user (EC §4.4), and fetching those of either side."""

from __future__ import annotations

from aiohttp import BodyPartReader, web

from ..control.file_responses import served
from ..refusal import Refused
from ..world import WORLD, World
from . import attachments, bearer, said
from .message_door import accept, limit


async def send(request: web.Request) -> web.StreamResponse:
    """Call 8: `messageEntry` first, then `fileData`."""
    world, grant = request.app[WORLD], bearer.granted(request)
    if request.content_type != "multipart/form-data":
        raise Refused(400, "The body is not multipart/form-data")
    try:
        reader = await request.multipart()
        first = _part(await reader.next(), "messageEntry")
        if first.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise Refused(400, "The part messageEntry is application/json")
        body = bearer.json_object(bytes(await first.read()))
        second = _part(await reader.next(), "fileData")
        name, mime = second.filename, second.headers.get("Content-Type")
        if not name or not mime:
            raise Refused(400, "The part fileData has a filename and a content type")
        content = bytes(await second.read())
        if await reader.next() is not None:
            raise Refused(400, "There are two parts: messageEntry, fileData")
    except ValueError as bad:
        raise Refused(400, f"The body is not multipart/form-data: {bad}") from bad
    chat = bearer.theirs(request, grant)
    bearer.named(request, grant, body)
    said.file(body, chat, name, mime, "")  # its fields, before the file is judged
    _judge(world, name, content)
    limit(world, chat)
    number = attachments.keep(chat, name, mime, content)
    return accept(world, chat, said.file(body, chat, name, mime, attachments.url(chat, number)), number)


def _part(part: object, name: str) -> BodyPartReader:
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise Refused(400, f"The part {name} is missing, or not in its place")
    return part


def _judge(world: World, name: str, content: bytes) -> None:
    """413 for its size, 415 for its type."""
    if not content:
        raise Refused(400, "The file is empty")
    if len(content) > world.rules.attachment_max_bytes:
        raise Refused(413, "file too large")
    taken = world.rules.attachment_types
    if "*" not in taken and name.rpartition(".")[2].lower() not in taken:
        raise Refused(415, "file type not allowed")


async def fetch(request: web.Request) -> web.StreamResponse:
    """GET of an attachment's URL: the signature in it is all that it takes; 403 when its time is up."""
    world, number = request.app[WORLD], request.match_info["number"]
    chat = world.enhanced_chat.conversations.get(request.match_info["id"])
    if chat is None or not number.isdigit() or int(number) >= len(chat.files):
        raise Refused(404, "There is no such file")
    if not attachments.fetchable(chat, int(number), request.query.get("sig", "")):
        raise Refused(403, "The URL is not good, or no longer")
    answer = served(chat.contents[int(number)], chat.files[int(number)]["name"])
    answer.content_type = chat.files[int(number)]["content_type"]
    return answer
