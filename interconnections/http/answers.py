"""How this door answers: the old service's two bodies, and an error's sentence under its status."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Concatenate, ParamSpec

import structlog
from django.core.exceptions import DisallowedHost, SuspiciousOperation, TooManyFieldsSent
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.errors import Refusal, StoreAway

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], Coroutine[None, None, HttpResponse]]

WAIT = 2  # seconds after which a 503 may be asked again

log = structlog.get_logger("bridge.http")


def message(text: str) -> JsonResponse:
    return JsonResponse({"Message": text})


def error(text: str, status: int) -> JsonResponse:
    return JsonResponse({"ErrorDescription": text}, status=status)


def answering(*methods: str) -> Callable[[View[P]], View[P]]:
    """A view for machines: these methods only.  What it raises is answered by `answer_to`."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        async def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods:
                return await view(request, *args, **kwargs)
            verb = "are" if len(methods) > 1 else "is"
            response = error(f"only {' and '.join(methods)} {verb} answered here", 405)
            response["Allow"] = ", ".join(methods)
            return response

        return answered

    return wrap


# What is wrong with a request before a view can look at it; of each class the first that fits.
MISSHAPEN: dict[type[Exception], str] = {
    DisallowedHost: "this host name is not answered here",
    TooManyFieldsSent: "the address has too many parameters",
    SuspiciousOperation: "this request is not shaped like one of ours",
    UnicodeDecodeError: "the address is not UTF-8",
}


def answer_to(fault: Exception, method: str) -> HttpResponse:
    """The one place where what was raised becomes a status and a sentence; called where it is being handled."""
    if isinstance(fault, Refusal):
        return _refused(fault)
    if isinstance(fault, StoreAway):
        log.error("store away", why=str(fault))
        return _not_now(method)
    if isinstance(fault, DatabaseTrouble):
        log.error("database away", why=type(fault).__name__)
        return _not_now(method)
    for kind, sentence in MISSHAPEN.items():
        if isinstance(fault, kind):
            return error(sentence, 400)
    log.exception("not handled")  # a bug of ours: its traceback is for us, a sentence for the caller
    return error("something went wrong here; send it again", 500)


def _refused(refusal: Refusal) -> HttpResponse:
    response = error(str(refusal), refusal.status)
    if refusal.status == 503:
        log.error("not possible now", why=str(refusal))
    if wait := refusal.wait or (WAIT if refusal.status == 503 else 0):
        response["Retry-After"] = str(wait)
    return response


def _not_now(method: str) -> HttpResponse:
    asked = method in ("GET", "HEAD")
    response = error(
        "the store does not answer now; ask again" if asked else "it could not be kept now; send it again", 503
    )
    response["Retry-After"] = str(WAIT)
    return response
