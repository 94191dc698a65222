"""One item of `statuses[]` (whatsapp-cloud-api.md section 5): what became of something that was sent.  Pure."""

from interconnections.platforms.messages import Place, Skipped, Status, Told, Unread
from interconnections.platforms.values import Json, a_list, a_text, an_object, moment, text
from interconnections.platforms.whatsapp_cloud.identity import Contacts, person

STATES = frozenset({"sent", "delivered", "read", "played", "failed"})
RECIPIENT = ("recipient_user_id", "recipient_parent_user_id", "recipient_id")


def status(item: Json, contacts: Contacts, place: Place, *, alone: bool) -> Told:
    state = a_text(item.get("status")).strip().lower()
    if a_text(item.get("recipient_type")) == "group":
        return Skipped("status of a group", place)
    if state not in STATES:
        return Skipped(f"status {state[:40]}".rstrip(), place)
    id, handle = text(item, "id"), text(item, "biz_opaque_callback_data")
    if not id and not handle:
        return Unread("status", "it names no message", place)
    user = person(item, RECIPIENT, contacts, alone)
    return Status(
        user=user.id,
        id=id,
        state=state,
        at=moment(item.get("timestamp")),
        handle=handle,
        code=code_of(item.get("errors")) if state == "failed" else "",
        also=user.also,
        place=place,
    )


def code_of(errors: object) -> str:
    """The first error's, "" where there is none."""
    return text(an_object(next(iter(a_list(errors)), None)), "code")
