"""The machines' way in: what urls.py names is answered here, everything else is for people and Django's.

Django's sessions, log-ins, CSRF tokens and redirects mean nothing to a bot, a platform or a probe, and under ASGI
each of those steps is a hop to a thread: 4 of the 5 ms that a webhook cost.  Requests, responses and views stay
Django's own; host names are held to ALLOWED_HOSTS as ever.  A sender who hangs up does not cancel what it asked for.
"""

from io import BytesIO

import structlog
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.urls import Resolver404, ResolverMatch, get_resolver

from interconnections.http.answers import error
from interconnections.http.gate import Application, Message, Receive, Send

log = structlog.get_logger("bridge.http")


class Machines:
    def __init__(self, people: Application) -> None:
        self.people = people
        self._addresses = get_resolver("interconnections.http.urls")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        match = self._match(scope)
        if match is None:
            await self.people(scope, receive, send)
            return
        body = await _whole(receive)
        if body is not None:
            await _send(send, await _answer(scope, body, match))

    def _match(self, scope: Message) -> ResolverMatch | None:
        if scope["type"] != "http":
            return None
        try:
            return self._addresses.resolve(scope["path"])
        except Resolver404:
            return None


async def _answer(scope: Message, body: bytes, match: ResolverMatch) -> HttpResponse:
    try:
        request = ASGIRequest(scope, BytesIO(body))
        request.get_host()
        response: HttpResponse = await match.func(request, *match.args, **match.kwargs)
        return response
    except DisallowedHost:
        return error("this host name is not answered here", 400)
    except UnicodeDecodeError:
        return error("the address is not UTF-8", 400)
    except Exception:  # a bug of ours: its traceback is for us, a sentence for the caller
        log.exception("not handled")
        return error("something went wrong here; send it again", 500)


async def _whole(receive: Receive) -> bytes | None:
    """The body; None when its sender hung up half-way."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _send(send: Send, response: HttpResponse) -> None:
    content = response.content
    headers = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"content-length", str(len(content)).encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": content})
