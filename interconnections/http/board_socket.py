"""/ws/board/: whole frames of the board's figures, for a browser that is logged in to the console.

Asked at the door and whenever rights change: the session, the permission, the bots that the user is given.
"""

import asyncio
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from interconnections.http.board_watch import BoardWatch, Scope, Watcher, watch_here
from interconnections.http.limits import Message, Receive, Send, sentence
from interconnections.http.routes import ROUTE
from interconnections.models.access import UnknownSlice, bots_chosen
from interconnections.threads import Purpose, in_thread

PATH = "/ws/board/"
PERMISSION = "interconnections.view_board"
SLICES = ("bot", "provider", "org")
NOT_ALLOWED = 4403  # the socket's own word for 403
COME_BACK = 1013  # and for 503
ASKED_AGAIN = 60.0  # seconds after which the session is looked at again, whatever happened
MOST = 500  # sockets of one process


class Permit(NamedTuple):
    """Which bots the watcher sees; None for all."""

    scope: Scope


async def board_socket(scope: Message, receive: Receive, send: Send) -> None:
    scope[ROUTE] = "board-socket"
    await receive()  # websocket.connect
    watch = watch_here()
    if len(watch.watchers) >= MOST:
        return await _refuse(scope, send, 503, "too many watch the board already")
    if not same_origin(scope):
        return await _refuse(scope, send, 403, "the board is shown to its own pages only")
    try:
        permit = await _permit(scope)
    except DatabaseTrouble:
        return await _refuse(scope, send, 503, "the database does not answer; ask again")
    if permit is None:
        return await _refuse(scope, send, 403, "log in as somebody who may see the board")
    await send({"type": "websocket.accept"})
    await _attend(watch, scope, permit, receive, send)
    return None


async def _attend(watch: BoardWatch, scope: Message, permit: Permit, receive: Receive, send: Send) -> None:
    """Until the browser goes or may not stay."""
    watcher = watch.join(permit.scope)
    loop = asyncio.get_running_loop()
    gone = loop.create_task(_gone(receive))
    telling = loop.create_task(_tell(watch, watcher, scope, send))
    try:
        await asyncio.wait([gone, telling], return_when=asyncio.FIRST_COMPLETED)
    finally:
        watch.leave(watcher)
        for task in (gone, telling):
            task.cancel()
        await asyncio.gather(gone, telling, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    """What a browser says here means nothing, but for its leaving."""
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _tell(watch: BoardWatch, watcher: Watcher, scope: Message, send: Send) -> None:
    loop = asyncio.get_running_loop()
    asked = loop.time()
    while True:
        await watcher.news.wait()
        watcher.news.clear()
        if watcher.asked_again or loop.time() - asked > ASKED_AGAIN:
            watcher.asked_again, asked = False, loop.time()
            try:
                permit = await _permit(scope)
            except DatabaseTrouble:
                return await send({"type": "websocket.close", "code": COME_BACK})
            if permit is None:
                return await send({"type": "websocket.close", "code": NOT_ALLOWED})
            if permit.scope != watcher.scope:
                watcher.scope, watcher.frame = permit.scope, ""
                continue  # the next look shows what they are given now
        if watcher.frame:
            await send({"type": "websocket.send", "text": watcher.frame})


async def _permit(scope: Message) -> Permit | None:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    slices = {name: asked.get(name, [""])[0][:200] for name in SLICES}
    return await in_thread(Purpose.RIGHTS, permitted, session_of(scope), slices)


def permitted(session: str, slices: dict[str, str]) -> Permit | None:
    if not session:
        return None
    request = HttpRequest()
    request.session = SessionStore(session)
    user = get_user(request)
    if not (user.is_active and user.is_staff and user.has_perm(PERMISSION)):
        return None
    try:
        return Permit(bots_chosen(user, **slices))
    except UnknownSlice:
        return None


def header(scope: Message, name: bytes) -> str:
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin-1"))


def session_of(scope: Message) -> str:
    try:
        morsel = SimpleCookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def same_origin(scope: Message) -> bool:
    """The page that asks came from the host that it asks, one of ours; or from where forms may come from."""
    host, origin = header(scope, b"host").casefold(), header(scope, b"origin").casefold()
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    if origin in {trusted.casefold() for trusted in settings.CSRF_TRUSTED_ORIGINS}:
        return True
    asked = urlsplit(origin)
    usual = {"http": ":80", "https": ":443"}.get(asked.scheme)
    return usual is not None and bool(asked.netloc) and asked.netloc.removesuffix(usual) == host.removesuffix(usual)


async def _refuse(scope: Message, send: Send, status: int, words: str) -> None:
    """A sentence instead of the upgrade, from a server that can say one; else its own refusal."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": NOT_ALLOWED})
        return
    text, headers = sentence(words)
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": text})
