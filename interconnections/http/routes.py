"""The name of a request's route: what the access log says instead of the path, which may hold a person's number."""

from functools import lru_cache

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, get_resolver

from interconnections.http.limits import Message

MACHINES = "interconnections.http.urls"
PROBES = ("healthz", "readyz", "metrics")  # paths and names; asked by address, whatever the Host
ROUTE = "bridge.route"  # where the scope of a request keeps it, once it was looked up


def machines_match(scope: Message) -> ResolverMatch | None:
    """The machines' view for this path; None when it is none of theirs."""
    path: str = scope["path"]
    return _remembered(path) if path.endswith("/webhook") else _match(path)


def _match(path: str) -> ResolverMatch | None:
    try:
        return get_resolver(MACHINES).resolve(path)
    except Resolver404:
        return None


_remembered = lru_cache(512)(_match)  # webhooks alone: other paths hold people's numbers


def route_of(scope: Message) -> str:
    """`connect`, `admin:interconnections_bot_change`, `static`; `none` for a path that leads nowhere."""
    if known := scope.get(ROUTE):
        return str(known)
    if match := machines_match(scope):
        return str(match.view_name)
    if scope["path"].startswith(settings.STATIC_URL):
        return "static"
    try:
        return get_resolver().resolve(scope["path"]).view_name or "none"
    except Resolver404:
        return "none"
