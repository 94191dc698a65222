"""A person's name, and what a page's messaging can do (FB §5, §6)."""

from __future__ import annotations

from ...protocol_options import Json
from ..call import Call
from ..refusal import GraphRefused
from ..whatsapp.number_door import chosen
from .common import page_of


async def person(call: Call) -> Json:
    """GET /{PSID}?fields=…"""
    call.scope("pages_messaging")
    one = call.graph.people.of(call.node)
    pages = [page.id for page in call.graph.setup.pages if page.id in call.token.accounts]
    if not any((page, one.id) in call.graph.threads for page in pages):
        raise GraphRefused(100, "Unsupported get request. Object does not exist", subcode=33)
    if not one.profile or not one.name:
        raise GraphRefused(100, "No profile available for this user.", subcode=2018218)
    first, _, last = one.name.partition(" ")
    fields = {"first_name": first, "last_name": last, "name": one.name, "locale": "es_LA", "timezone": -6}
    fields["profile_pic"] = "https://platform-lookaside.fbsbx.com/p"
    return chosen(fields, call.body.get("fields"), ("first_name", "last_name", "profile_pic"), one.id)


async def page(call: Call) -> Json:
    """GET /{page}?fields=… or /me"""
    found = page_of(call)
    routed = found.default_app is not None
    feature = {"hop_v2": False, "msgr_multi_app": routed, "ig_multi_app": False}
    fields = {"name": found.name, "messaging_feature_status": feature}
    return chosen(fields, call.body.get("fields"), ("name",), found.id)
