"""/services/oauth2/token and /services/oauth2/revoke (data sheet §1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from aiohttp import web

from ... import ids
from ...protocol_options import Json
from ...world import WORLD
from ..record_ids import long
from .grants import FLOWS
from .refusal import NoToken
from .token_store import ORGANIZATION

SIGNING = b"of this simulator only"


async def token(request: web.Request) -> web.StreamResponse:
    """POST a form: a token, or the reason why not.  A query string is not read: secrets do not belong there."""
    org = request.app[WORLD].org
    form = await _form(request)
    try:
        person = org.gate.enter(org.setup, form, _basic(request))
    except NoToken as no:
        org.refused(request.path, org.rules.token_refusal_status, str(no))
        body: Json = {"error": no.error}
        if org.rules.token_descriptions:
            body["error_description"] = no.description
        return web.json_response(body, status=org.rules.token_refusal_status)
    flow, user_id = FLOWS[form["grant_type"]], org.user_id(person.username)
    answer = _answer(org.purse.issue(user_id, flow), str(request.url.origin()), user_id)
    if flow == "jwt_bearer" and not org.rules.issued_at_in_jwt_answers:
        del answer["issued_at"], answer["signature"]
    if flow == "password":
        del answer["scope"]
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def revoke(request: web.Request) -> web.StreamResponse:
    """POST a form with `token`: 200 and nothing, whether or not there was one."""
    request.app[WORLD].org.purse.revoke((await _form(request)).get("token", ""))
    return web.Response()


def _answer(text: str, origin: str, user_id: str) -> Json:
    who = f"https://login.salesforce.com/id/{long(ORGANIZATION)}/{user_id}"
    issued_at = str(ids.now_ms())
    signature = base64.b64encode(hmac.digest(SIGNING, (who + issued_at).encode(), hashlib.sha256)).decode()
    return {
        "access_token": text,
        "instance_url": origin,
        "id": who,
        "token_type": "Bearer",
        "issued_at": issued_at,
        "signature": signature,
        "scope": "api",
    }


async def _form(request: web.Request) -> Mapping[str, str]:
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _basic(request: web.Request) -> tuple[str, str] | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return key, secret
