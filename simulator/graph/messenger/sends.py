"""The bodies that `/{page}/messages` takes (FB §6), each with what the phone shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...protocol_options import Json, Rules
from ..params import Params
from ..refusal import GraphRefused

TEXT, METADATA = 2000, 1000
ATTACHMENTS = ("image", "audio", "video", "file", "template")
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
REMOVED_TAGS = ("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE")
CATALOGUE = {369239263222822: "👍"}


@dataclass
class Shown:
    """One message; `attachment` is {"type", "url" | "attachment_id" | nothing: the file is in the body}."""

    text: str | None = None
    attachment: Json | None = None
    handle: str | None = None  # metadata
    quotes: str | None = None
    more: Json = field(default_factory=dict)


def begin(body: Json, rules: Rules) -> Params:
    """The body."""
    return Params(body, "", strict=rules.meta_unknown_keys == "refused", codes=(100, 100))


def recipient(params: Params) -> str:
    """The PSID."""
    part = params.child("recipient")
    if not part.has("id") and any(part.has(name) for name in ("user_ref", "comment_id", "post_id")):
        raise GraphRefused(100, "Only recipients with an id are played here")
    found = part.text("id")
    part.only()
    return found


def action(params: Params) -> tuple[str, Json]:
    """A sender action: alone, and for a reaction what it is about."""
    word = params.one_of("sender_action", ACTIONS)
    about: Json = {}
    if word in ("react", "unreact"):
        part = params.child("payload")
        about = {"on": part.text("message_id"), "emoji": part.text("reaction") if word == "react" else ""}
        part.only()
    if params.has("message"):
        raise GraphRefused(100, "sender_action and message must not be sent together")
    params.only("recipient")
    return word, about


def kind(params: Params) -> tuple[str, str | None]:
    """(messaging_type, tag)"""
    word, tag = params.one_of("messaging_type", ("RESPONSE", "UPDATE", "MESSAGE_TAG")), params.maybe("tag")
    if tag in REMOVED_TAGS:
        raise GraphRefused(100, f"The tag {tag} is no longer supported")
    if tag is not None and tag != "HUMAN_AGENT":
        raise GraphRefused(100, f'Param tag must be one of {{HUMAN_AGENT}} - got "{tag}".')
    if (word == "MESSAGE_TAG") != (tag is not None):
        raise GraphRefused(100, "A tag belongs to messaging_type MESSAGE_TAG, and nothing else has one")
    return word, tag


def message(params: Params, rules: Rules, *, with_file: bool) -> Shown:
    """Text, or one attachment, with what may stand beside them."""
    part = params.child("message")
    shown = Shown(handle=part.maybe("metadata", METADATA))
    shown.quotes = _reply_to(params, part, rules)
    if part.has("quick_replies"):
        shown.more["options"] = _quick_replies(part)
    if part.has("sticker_id"):
        shown.more["sticker"] = _sticker(part)
        shown.text = CATALOGUE[shown.more["sticker"]]
    elif part.has("attachments"):
        shown.more["attachments"] = [_attachment(one, with_file=False) for one in part.children("attachments", 30)]
        if any(one["type"] != "image" for one in shown.more["attachments"]):
            raise GraphRefused(100, "message['attachments'] takes several images only", subcode=2018032)
    elif part.has("attachment"):
        if part.has("text"):
            raise GraphRefused(100, "A message has either text or an attachment", subcode=2018032)
        shown.attachment = _attachment(part.child("attachment"), with_file=with_file)
        shown.text = shown.attachment.pop("text", None)
    else:
        if not part.has("text") or part.value["text"] == "":
            raise GraphRefused(100, "Message cannot be empty, must provide valid attachment or text", subcode=2018032)
        shown.text = part.text("text", TEXT)
    part.only()
    return shown


def _sticker(part: Params) -> int:
    number = int(part.number("sticker_id", 0, 2**63))
    if number not in CATALOGUE:
        raise GraphRefused(100, "Param message['sticker_id'] is not in the catalogue")
    return number


def _reply_to(params: Params, part: Params, rules: Rules) -> str | None:
    place = rules.page_reply_to
    if part.has("reply_to") and place == "top":
        raise GraphRefused(100, 'Unexpected key "reply_to" on param "message".')
    if params.has("reply_to") and place == "message":
        raise GraphRefused(100, 'Unexpected key "reply_to" on param "body".')
    holder = params if params.has("reply_to") else part
    if not holder.has("reply_to"):
        return None
    inside = holder.child("reply_to")
    found = inside.text("mid")
    inside.only()
    return found


def _quick_replies(part: Params) -> list[Json]:
    found: list[Json] = []
    for one in part.children("quick_replies", 13):
        if one.one_of("content_type", ("text", "user_phone_number", "user_email")) == "text":
            found.append({"id": one.text("payload", 1000), "title": one.text("title", 20)})
            one.maybe("image_url")
        one.only()
    return found


def _attachment(part: Params, *, with_file: bool) -> Json:
    kind, payload = part.one_of("type", ATTACHMENTS), part.child("payload")
    part.only()
    if kind == "template":
        return {"type": kind, **_template(payload)}
    url, id = payload.maybe("url", empty=False), payload.has("attachment_id") and str(payload.value["attachment_id"])
    reusable = payload.has("is_reusable") and payload.value["is_reusable"] in (True, "true")
    payload.only()
    if with_file + bool(url) + bool(id) != 1:
        raise GraphRefused(100, "An attachment has one of url, attachment_id and a file", subcode=2018032)
    found: Json = {"type": kind, "reusable": reusable}
    return found | ({"url": url} if url else {"attachment_id": id} if id else {})


def _template(payload: Params) -> Json:
    kind = payload.one_of("template_type", ("button", "generic"))
    if kind == "generic":
        elements = payload.children("elements", 10)
        return {"text": " / ".join(one.text("title", 80) for one in elements)}
    words = payload.text("text", 640)
    options = []
    for one in payload.children("buttons", 3):
        one.one_of("type", ("web_url", "postback", "phone_number", "account_link", "account_unlink"))
        options.append(one.text("title", 20))
    payload.only()
    return {"text": words, "buttons": options}
