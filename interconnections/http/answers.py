"""How this door answers: the old service's two bodies, and an error's sentence under its status."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.errors import Refusal, StoreAway

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Awaitable[HttpResponse]]

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
                return error(str(refusal), refusal.status)
            except StoreAway as trouble:
                log.error("store away", why=str(trouble))
                asked = request.method in ("GET", "HEAD")
                sentence = (
                    "the store does not answer now; ask again" if asked else "it could not be kept now; send it again"
                )
                response = error(sentence, 503)
                response["Retry-After"] = "2"
                return response

        return answered  # type: ignore[return-value]

    return wrap
