"""/healthz: this process answers.  /readyz: the installation works; ?of=process: this process could serve."""

from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import HttpRequest, JsonResponse

from interconnections.bridge.services import here
from interconnections.errors import StoreAway, Unavailable
from interconnections.http.answers import answering
from interconnections.store import leases
from interconnections.threads import Purpose, in_thread


@answering("GET", "HEAD")
async def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@answering("GET", "HEAD")
async def readyz(request: HttpRequest) -> JsonResponse:
    """200 when Redis takes writes, the database answers and a worker lives; 503 with what is missing."""
    if request.GET.get("of") == "process":
        return await _of_process()
    found = {"redis": "ok", "database": "ok", "workers": 0}
    try:
        found["workers"] = await leases.live_workers(here().redis)
        if not await leases.takes_writes(here().redis):
            found["redis"] = "takes no writes"
    except StoreAway:
        found["redis"] = "does not answer"
    try:
        await in_thread(Purpose.PROBES, _look)
    except DatabaseTrouble:
        found["database"] = "does not answer"
    ready = found["redis"] == found["database"] == "ok" and found["workers"]
    return JsonResponse({"status": "ready" if ready else "not ready", **found}, status=200 if ready else 503)


async def _of_process() -> JsonResponse:
    """Could it keep a webhook now?  The configuration may be the one that was read last: it serves on."""
    found = {"redis": "ok", "configuration": "ok"}
    try:
        if not await leases.takes_writes(here().redis):
            found["redis"] = "takes no writes"
    except StoreAway:
        found["redis"] = "does not answer"
    try:
        await here().directory.bots()
    except Unavailable:
        found["configuration"] = "was never read"
    ready = found["redis"] == found["configuration"] == "ok"
    return JsonResponse({"status": "ready" if ready else "not ready", **found}, status=200 if ready else 503)


def _look() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
