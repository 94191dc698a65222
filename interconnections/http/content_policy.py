"""What the console's pages may load and do: what we serve, no script or style that stands in the page itself."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

Asked = Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]


@sync_and_async_middleware
def only_ours(further: Asked) -> Asked:
    if iscoroutinefunction(further):

        async def later(request: HttpRequest) -> HttpResponse:
            return _held(await further(request))

        return later

    def now(request: HttpRequest) -> HttpResponse:
        return _held(further(request))

    return now


def _held(response: HttpResponse) -> HttpResponse:
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault(HEADER, POLICY)
    return response
