"""A chat server's doors, at which every refusal is written down before it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from .refusal import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Remember = Callable[[web.Request, int, str], None]
Answer = Callable[[web.Request, Refused], web.Response]


def refusing(handler: Handler, remember: Remember, answer: Answer) -> Handler:
    """The handler; `remember(request, status, why)`, and `answer` as its wire says no."""

    async def door(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            remember(request, refused.status, refused.text)
            return answer(request, refused)

    return door
