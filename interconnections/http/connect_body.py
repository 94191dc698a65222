"""The body of /v1/chats/connect, read as the old service read it (yalo-integrations.md section 2.4)."""

import json

from interconnections.bridge.connect_request import ConnectRequest
from interconnections.errors import BadInput
from interconnections.http.body import clean
from interconnections.providers import NAMED

# our word -> (JSON key, the old service's name of the field); names of keys match whatever their case
REQUIRED = {
    "user_id": ("userID", "UserID"),
    "name": ("name", "Name"),
    "provider": ("provider", "Provider"),
    "bot_slug": ("botSlug", "BotSlug"),
    "bot_id": ("botId", "BotId"),
    "email": ("email", "Email"),
}
# All of it is kept for a month, also of a start that is refused.
LONGEST = {"user_id": 200, "phone_number": 200}  # characters
LONGEST_FIELD = 1000  # characters of any other
LARGEST_EXTRA = 200_000  # bytes as JSON: six times what a case's description holds


def read_wish(body: object) -> ConnectRequest:
    """Raises BadInput with every missing field in one sentence."""
    if body is not None and not isinstance(body, dict):
        raise BadInput("Invalid payload received : a JSON object is expected")
    found = {str(name).lower(): value for name, value in (body or {}).items()}
    fields = {ours: _string(found, key) for ours, (key, _) in REQUIRED.items()}
    missing = [REQUIRED[ours][1] for ours, value in fields.items() if not value]
    if missing:
        raise BadInput(
            "Error validating payload : "
            + "\n".join(
                f"Key: 'ChatPayload.{name}' Error:Field validation for '{name}' failed on the 'required' tag"
                for name in missing
            )
        )
    if "\0" in "".join(fields.values()):
        raise BadInput("Error validating payload : a field cannot hold a NUL")
    phone_number = _string(found, "phoneNumber")
    for ours, value in (fields | {"phone_number": phone_number}).items():
        longest = LONGEST.get(ours, LONGEST_FIELD)
        if len(value) > longest:
            name = REQUIRED[ours][0] if ours in REQUIRED else "phoneNumber"
            raise BadInput(f"Error validating payload : {name} is longer than {longest} characters")
    provider = NAMED.get(fields["provider"])
    if provider is None:
        raise BadInput("Error validating payload : provider must be whatsapp or facebook")
    extra = found.get("extradata")
    if extra is not None and not isinstance(extra, dict):
        raise BadInput("Invalid payload received : extraData must be an object")
    return ConnectRequest(
        **(fields | {"provider": provider}),
        phone_number=phone_number,
        extra=_storable(extra or {}),
    )


def _storable(extra: dict[str, object]) -> dict[str, object]:
    """extraData without halves of emoji, however deep; numbers that JSON does not have are refused."""
    try:
        text = json.dumps(extra, ensure_ascii=False, allow_nan=False)
        stored: dict[str, object] = json.loads(clean(text))
    except (ValueError, RecursionError):
        raise BadInput("Invalid payload received : extraData cannot be read") from None
    if len(text.encode("utf-8", "replace")) > LARGEST_EXTRA:
        raise BadInput(f"Error validating payload : extraData is larger than {LARGEST_EXTRA // 1000} KB")
    return stored


def _string(found: dict[str, object], key: str) -> str:
    value = found.get(key.lower())
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"Invalid payload received : {key} must be a string")
    return clean(value)
