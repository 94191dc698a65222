"""How Graph says no (WA §11, FB §9): a code, often a subcode, and an HTTP status that follows from the code."""

from __future__ import annotations

import secrets

from ..protocol_options import Json, Rules

TITLES = {
    1: "An unknown error has occurred.",
    2: "Service temporarily unavailable",
    4: "Application request limit reached",
    10: "Application does not have permission for this action",
    100: "Invalid parameter",
    190: "Invalid OAuth access token - Cannot parse access token",
    368: "Temporarily blocked for policies violations",
    551: "This person isn't available right now.",
    613: "Calls to this api have exceeded the rate limit.",
    80007: "There have been too many calls to this WhatsApp Business account.",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Business Account locked",
    131042: "Business eligibility payment issue",
    131045: "Incorrect certificate",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    131062: "Business-scoped user id is not allowed for this message",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132015: "Template is paused",
    132016: "Template is disabled",
    133010: "Phone number not registered",
}
_THROTTLES = {4, 17, 32, 613, 80007, 130429}
_DOWN = {1: 500, 2: 503, 1200: 500, 131000: 500, 131016: 503}
_TRANSIENT = {1, 2, 1200, 131000, 131016, 131057}


class GraphRefused(Exception):
    """Refused; `code` and `subcode` are what a client branches on."""

    def __init__(
        self,
        code: int,
        message: str = "",
        *,
        subcode: int | None = None,
        details: str = "",
        status: int | None = None,
    ) -> None:
        super().__init__(message or title(code))
        self.code, self.subcode, self.details, self.status = code, subcode, details, status

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self)


def title(code: int) -> str:
    """What Meta calls this code."""
    return TITLES.get(code, "An error has occurred")


def of_words(words: str, message: str = "", details: str = "") -> GraphRefused:
    """A refusal out of `code` or `code/subcode`."""
    code, _, subcode = words.partition("/")
    return GraphRefused(int(code), message, subcode=int(subcode) if subcode else None, details=details)


def status_of(code: int) -> int:
    """The HTTP status of a code."""
    if code in (0, 190):
        return 401
    if code in (3, 10) or 200 <= code <= 299:
        return 403
    return 429 if code in _THROTTLES else _DOWN.get(code, 400)


def http_status(refused: GraphRefused, rules: Rules) -> int:
    """The HTTP status, as the switch has it."""
    if rules.meta_error_status == "400":
        return 400
    return refused.status or status_of(refused.code)


def body_of(refused: GraphRefused, rules: Rules, whatsapp: bool) -> Json:
    """The JSON of a refusal."""
    error: Json = {"message": f"(#{refused.code}) {refused.text}", "type": "OAuthException", "code": refused.code}
    if refused.subcode is not None:
        error["error_subcode"] = refused.subcode
    if whatsapp and refused.code > 100_000 and rules.meta_error_data != "missing":
        details = refused.details or refused.text
        as_object = rules.meta_error_data == "object"
        error["error_data"] = {"messaging_product": "whatsapp", "details": details} if as_object else details
    if refused.code in _TRANSIENT:
        error["is_transient"] = True
    return {"error": error | {"fbtrace_id": f"A{secrets.token_urlsafe(16)}"}}


def in_status(code: int, details: str = "") -> Json:
    """The same as an item of a status' `errors` (WA §5)."""
    words = title(code)
    error: Json = {"code": code, "title": words, "message": words, "error_data": {"details": details or words}}
    return error | {"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}
