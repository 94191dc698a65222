"""Who may call, and how often: token, version, the day's calls (data sheet §1.3, §2)."""

from __future__ import annotations

import re

from .org import Org
from .refusal import Refused, not_found

# What a whole org, or a user, may be refused with: the switch `data_refuses`.
CLOSED = {
    "api_disabled": (403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
    "password_expired": (
        403,
        "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
        "The users password has expired, you must call SetPassword before attempting any other API operations",
    ),
    "insufficient_access": (403, "INSUFFICIENT_ACCESS", "insufficient access rights on object id"),
    "not_for_rest": (401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
}


def user(org: Org, authorization: str | None) -> str:
    """The id of the user whose token this is; 401 otherwise."""
    scheme, _, token = (authorization or "").partition(" ")
    if authorization is not None and (scheme.lower() not in ("bearer", "oauth") or not token.strip()):
        raise Refused(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
    user_id = org.purse.user_of(token.strip())
    if user_id is None:
        raise Refused(401, "INVALID_SESSION_ID", "Session expired or invalid")
    return user_id


def count(org: Org) -> None:
    """One more call; 403 when the day's are used up."""
    if org.rules.data_refuses in CLOSED:
        raise Refused(*CLOSED[org.rules.data_refuses])
    if org.used >= org.rules.api_calls_max:
        raise Refused(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    org.used += 1


def version(org: Org, text: str) -> None:
    """`v59.0`, neither retired nor of the future."""
    found = re.fullmatch(r"v(\d+)\.0", text)
    if found is None or int(found[1]) > org.rules.newest_data_version:
        raise not_found()
    if int(found[1]) < org.rules.oldest_data_version:
        if org.rules.retired_version_status == 410:
            raise Refused(410, "UNSUPPORTED_API_VERSION", f"{text} is no longer supported")
        raise not_found()
