"""How Enhanced Chat says no (EC §7).  Which keys the body has is unconfirmed, so a switch."""

from __future__ import annotations

from ..protocol_options import Json
from ..refusal import Refused

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_REQUESTS",
}


class TooMany(Refused):
    """429: a limit is reached; `seconds` until there is room again."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(429, text)
        self.seconds = seconds


def unauthorized(why: str) -> Refused:
    """No token, a false one, or one whose time is up."""
    return Refused(401, why)


def unknown_conversation() -> Refused:
    """No conversation of this id."""
    return Refused(404, "There is no conversation of this id")


def body_of(refused: Refused, keys: str) -> Json | None:
    """The JSON of a refusal; None: an empty body."""
    code = CODES.get(refused.status, "ERROR")
    if keys == "nothing":
        return None
    if keys == "message":
        return {"message": refused.text}
    if keys == "errors":
        return {"message": refused.text, "errors": [{"code": code, "message": refused.text}]}
    return {"message": refused.text, "code": code}
