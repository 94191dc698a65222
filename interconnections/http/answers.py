"""How this door answers: the old service's two bodies, and an error's sentence under its status."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.errors import Refusal, StoreAway

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Awaitable[HttpResponse]]

WAIT = 2  # seconds after which a 503 may be asked again

log = structlog.get_logger("bridge.http")


def message(text: str) -> JsonResponse:
    return JsonResponse({"Message": text})


def error(text: str, status: int) -> JsonResponse:
    return JsonResponse({"ErrorDescription": text}, status=status)


def answering(
    *methods: str,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], Coroutine[Any, Any, HttpResponse]]]:
    """A view for machines: these methods only, refusals as sentences."""

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], Coroutine[Any, Any, HttpResponse]]:
        @wraps(view)
        async def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                verb = "are" if len(methods) > 1 else "is"
                response = error(f"only {' and '.join(methods)} {verb} answered here", 405)
                response["Allow"] = ", ".join(methods)
                return response
            try:
                return await view(request, *args, **kwargs)
            except Refusal as refusal:
                return _refused(refusal)
            except StoreAway as trouble:
                log.error("store away", why=str(trouble))
            except DatabaseTrouble as trouble:
                log.error("database away", why=type(trouble).__name__)
            return _not_now(request)

        return answered  # type: ignore[return-value]

    return wrap


def _refused(refusal: Refusal) -> HttpResponse:
    response = error(str(refusal), refusal.status)
    if refusal.status == 503:
        log.error("not possible now", why=str(refusal))
    if wait := refusal.wait or (WAIT if refusal.status == 503 else 0):
        response["Retry-After"] = str(wait)
    return response


def _not_now(request: HttpRequest) -> HttpResponse:
    asked = request.method in ("GET", "HEAD")
    response = error(
        "the store does not answer now; ask again" if asked else "it could not be kept now; send it again", 503
    )
    response["Retry-After"] = str(WAIT)
    return response
