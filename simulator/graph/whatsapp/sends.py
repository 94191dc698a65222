"""The bodies that `/{number}/messages` takes (WA §7), each with what the phone shows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...protocol_options import Json, Rules
from ..params import Params
from ..refusal import GraphRefused
from . import interactive

TEXT, CAPTION, OPAQUE = 4096, 1024, 512
MEDIA = ("image", "video", "document", "audio", "sticker")


@dataclass
class Shown:
    """What a phone shows; `media` is {"id"} or {"link"}, and goes on to be fetched."""

    text: str | None = None
    media: Json | None = None
    voice: bool = False
    more: Json | None = None


def text(body: Params) -> Shown:
    """text{body, preview_url?}"""
    part = body.child("text")
    found = part.text("body", TEXT)
    part.flag("preview_url")
    part.only()
    return Shown(found)


def media(kind: str) -> Callable[[Params], Shown]:
    """{id or link, caption?, filename?, voice?}, as the kind has them."""

    def read(body: Params) -> Shown:
        part = body.child(kind)
        id, link = part.maybe("id", empty=False), part.maybe("link", empty=False)
        if (id is None) == (link is None):
            raise GraphRefused(100, f"Param {kind} must have either id or link.")
        shown = Shown(media={"id": id} if id else {"link": link})
        if kind in ("image", "video", "document"):
            shown.text = part.maybe("caption", CAPTION) or None
        if kind == "document" and (name := part.maybe("filename", 240)):
            shown.more = {"name": name}
        if kind == "audio":
            shown.voice = bool(part.flag("voice"))
        part.only()
        return shown

    return read


def location(body: Params) -> Shown:
    """location{latitude, longitude, name?, address?}"""
    part = body.child("location")
    where = {"latitude": part.number("latitude", -90, 90), "longitude": part.number("longitude", -180, 180)}
    words = [part.maybe("name"), part.maybe("address")]
    part.only()
    return Shown(" ".join(one for one in words if one) or None, more={"location": where})


def reaction(body: Params) -> Shown:
    """reaction{message_id, emoji}; "" takes it away."""
    part = body.child("reaction")
    on, emoji = part.text("message_id"), part.text("emoji", 64, empty=True)
    part.only()
    return Shown(more={"reacts_to": on, "emoji": emoji})


def contacts(body: Params) -> Shown:
    """contacts[]"""
    names = []
    for one in body.children("contacts", 257):
        name = one.child("name")
        names.append(name.text("formatted_name"))
    return Shown(", ".join(names), more={"contacts": body.value["contacts"]})


def choices(body: Params) -> Shown:
    """What there is to choose."""
    words, options = interactive.read(body)
    return Shown(words, more={"options": options})


def template(body: Params) -> Shown:
    """template{name, language{code}, components[]}; which there are the door knows."""
    part = body.child("template")
    name, language = part.text("name", 512), part.child("language")
    code = language.text("code")
    language.maybe("policy")
    language.only()
    values: list[str] = []
    if part.has("components"):
        for one in part.children("components", 20, 0):
            kind = one.one_of("type", ("header", "body", "button", "footer"))
            parameters = one.children("parameters", 100, 0) if one.has("parameters") else []
            if kind == "body":
                values = [value.text("text", 1024) for value in parameters if value.one_of("type", ("text",))]
    part.only("namespace")
    return Shown(more={"template": {"name": name, "language": code, "values": values}})


TYPES: dict[str, Callable[[Params], Shown]] = {
    "text": text,
    **{kind: media(kind) for kind in MEDIA},
    "location": location,
    "reaction": reaction,
    "contacts": contacts,
    "interactive": choices,
    "template": template,
}
COMMON = ("messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data")


def begin(body: Json, rules: Rules) -> Params:
    """The body, if it is one of WhatsApp's."""
    params = Params(
        body,
        "",
        strict=rules.meta_unknown_keys == "refused",
        codes=(131008, 131009),
        utf16=rules.cloud_text_counted_in == "utf16",
    )
    if params.text("messaging_product").lower() != "whatsapp":
        raise GraphRefused(100, "Param messaging_product must be one of {WHATSAPP}")
    return params


def read(params: Params) -> tuple[str, Shown, str | None, str | None]:
    """(type, what is shown, id of what is quoted, biz_opaque_callback_data) of one send."""
    params.one_of("recipient_type", ("individual",), "individual")
    kind = params.one_of("type", tuple(TYPES), "text")
    shown = TYPES[kind](params)
    quoted = None
    if params.has("context"):
        context = params.child("context")
        quoted = context.text("message_id")
        context.only()
    handle = params.maybe("biz_opaque_callback_data", OPAQUE)
    params.only(*COMMON)
    return kind, shown, quoted, handle
