"""Who calls the API: expiring signed tokens, without a password in them.

Source: yalo-integrations.md section 2.3, with the changes of section 8 and rulings 10: the old service's tokens
are refused.  A token dies with the user's password, and after a day.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest

from interconnections.errors import Forbidden, Unauthenticated
from interconnections.http.passwords import user_of
from interconnections.models import bots_of
from interconnections.store.connection import AsyncRedis
from interconnections.threads import Purpose, in_thread

SALT = "bridge.api"
LASTS = 24 * 3600  # seconds
ROLES = ("YALO_ROLE", "SALESFORCE_ROLE")


async def issue(redis: AsyncRedis, address: str, username: str, password: str) -> str:
    """A token for this user; raises Unauthenticated, and TooMany after too many failures."""
    user = await user_of(redis, address, username, password)
    if user is None:
        raise Unauthenticated("Invalid credentials.")
    claims = {"u": user.get_username(), "h": user.get_session_auth_hash()[:16]}
    token: str = signing.dumps(claims, salt=SALT)
    return token


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and of which bots: `bots` is None for all."""

    username: str
    role: str
    bots: frozenset[str] | None

    def may(self, slug: str) -> bool:
        return self.bots is None or slug in self.bots


async def caller(request: HttpRequest, *, roles: tuple[str, ...] = ROLES[:1]) -> Caller:
    """Who calls; raises Unauthenticated and Forbidden with the old service's sentences."""
    token = shown(request)
    try:
        claims = signing.loads(token, salt=SALT, max_age=LASTS)
        username, digest = str(claims["u"]), str(claims["h"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise Unauthenticated("Invalid Authorization token.") from None
    found = await in_thread(Purpose.RIGHTS, _caller, username, digest, roles)
    if found is None:
        raise Unauthenticated("Invalid Authorization token.")
    if not found.role:
        raise Forbidden("Invalid Authorization token.")
    return found


def shown(request: HttpRequest) -> str:
    """The token of the header, else of the query; a malformed header is not rescued by the query."""
    header = request.headers.get("Authorization", "")
    if header:
        parts = header.split(" ")
        if len(parts) != 2 or parts[0] != "Bearer":
            raise Unauthenticated("Invalid Authorization token, header invalid.")
        return str(parts[1])
    token: str = request.GET.get("token", "")
    if not token:
        raise Unauthenticated("An Authorization header or an Query Param with name token is required.")
    return token


def _caller(username: str, digest: str, roles: tuple[str, ...]) -> Caller | None:
    """With the role under which this user may call, "" when known but not allowed; None when not known."""
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None or user.get_session_auth_hash()[:16] != digest:
        return None
    if user.is_superuser or user.has_perm("interconnections.use_api"):
        return Caller(username, "YALO_ROLE", bots_of(user))
    groups = set(user.groups.values_list("name", flat=True))
    return Caller(username, next((role for role in roles if role in groups), ""), bots_of(user))
