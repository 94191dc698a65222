"""The machines' way in: what urls.py names is answered here, everything else is for people and Django's.

Django's sessions, log-ins, CSRF tokens and redirects mean nothing to a bot, a platform or a probe, and under ASGI
each of those steps is a hop to a thread: 4 of the 5 ms that a webhook cost.  Requests, responses and views stay
Django's own, but for a plain webhook, which is most of the traffic and needs neither.  Host names are held to
ALLOWED_HOSTS as ever, but for probes, which come by address.  A sender who hangs up does not cancel what it asked
for.
"""

from collections.abc import Awaitable
from io import BytesIO

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.urls import ResolverMatch

from interconnections.fast_json import dump_bytes
from interconnections.http.answers import answer_to
from interconnections.http.limits import Application, Message, Receive, Send
from interconnections.http.plain_request import plain
from interconnections.http.routes import PROBES, ROUTE, machines_match
from interconnections.http.webhooks import TOLD


class Machines:
    def __init__(self, people: Application) -> None:
        self.people = people

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        match = machines_match(scope)
        if match is None:
            await self.people(scope, receive, send)
            return
        scope[ROUTE] = match.view_name
        body = await _whole(receive)
        if body is None:
            return
        told = TOLD.get(match.func) if scope["method"] == "POST" else None
        if told and (sent := plain(scope, body)):
            await _answer_plainly(send, scope["method"], told(sent, *match.args, **match.kwargs))
        else:
            await _send(send, await _answer(scope, body, match))


async def _answer_plainly(send: Send, method: str, telling: Awaitable[str]) -> None:
    """What `_answer` answers where it went well, without a response of Django's."""
    try:
        content = b'{"Message": %b}' % dump_bytes(await telling)
    except Exception as fault:
        await _send(send, answer_to(fault, method))
        return
    headers = [(b"content-type", b"application/json"), *_ends(content)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _answer(scope: Message, body: bytes, match: ResolverMatch) -> HttpResponse:
    try:
        request = ASGIRequest(scope, BytesIO(body))
        if match.url_name not in PROBES:
            request.get_host()
        response: HttpResponse = await match.func(request, *match.args, **match.kwargs)
        return response
    except Exception as fault:
        return answer_to(fault, scope["method"])


async def _whole(receive: Receive) -> bytes | None:
    """The body; None when its sender hung up half-way."""
    chunks, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _send(send: Send, response: HttpResponse) -> None:
    content = response.content
    headers = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    headers += _ends(content)
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _ends(content: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", str(len(content)).encode()), (b"x-content-type-options", b"nosniff")]
