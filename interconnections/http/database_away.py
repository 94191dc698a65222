"""Pages while PostgreSQL is away: a calm page that says so, and a line in the log, in place of an error a click."""

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import get_language

log = structlog.get_logger("bridge.http")


class DatabaseAway(MiddlewareMixin):
    """The last of the middleware: what a view raised goes through it first."""

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not (isinstance(fault, InterfaceError | OperationalError) and _nobody_there(fault)):
            return None
        log.error("database away", why=type(fault).__name__)
        facts = {"language": get_language(), "path": request.get_full_path(), "asked": request.method == "POST"}
        page = HttpResponse(render_to_string("admin/interconnections/database_away.html", facts), status=503)
        page["Retry-After"] = "5"
        return page


def _nobody_there(fault: Exception) -> bool:
    """Only what a server said has a state, and then it is there; SQLite's own errors have no such word at all."""
    return getattr(fault.__cause__, "sqlstate", "") is None
