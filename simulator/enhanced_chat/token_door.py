"""The access tokens (EC §3): anonymous, verified, continued, revoked."""

from __future__ import annotations

import time

from aiohttp import web

from ..protocol_options import Json
from ..refusal import Refused
from ..shape import optional, require
from ..world import WORLD, World
from . import bearer
from .end_user import EndUser
from .setup import Deployment
from .tokens.access_tokens import Grant
from .tokens.customer_jwt import verified
from .tokens.jose import BadToken

PLATFORMS = ("Web", "iOS", "Android")
MINUTE = 60.0  # s


async def unauthenticated(request: web.Request) -> web.StreamResponse:
    """Call 1: each makes a new anonymous user."""
    world, body = request.app[WORLD], await bearer.json_body(request)
    org_id, deployment = _asked(world, body)
    if deployment.key_set is not None:
        raise Refused(403, "User Verification is on: an unauthenticated token is not given")
    _limit(world, org_id)
    return _answer(world, world.enhanced_chat.anonymous(), org_id, deployment)


async def authenticated(request: web.Request) -> web.StreamResponse:
    """Call 2: the user whom the customer's token names, if it is a true one."""
    world, body = request.app[WORLD], await bearer.json_body(request)
    org_id, deployment = _asked(world, body)
    if require(body, "authorizationType", str) != "JWT":
        raise Refused(400, "authorizationType is JWT")
    token = require(body, "customerIdentityToken", str)
    server = world.enhanced_chat
    keys = server.setup.keys(deployment.key_set)
    if keys is None:
        raise Refused(403, "User Verification is off: an authenticated token is not given")
    _limit(world, org_id)
    try:
        if world.rules.verification_fails:
            raise BadToken("verification fails by a switch")
        sub = verified(token, keys, time.time() + world.rules.clock_ahead)
    except BadToken as bad:
        why = f"customerIdentityToken is not verified: {bad}"
        server.refused(request.path, 401, why)
        if world.rules.verification_failure != "anon":
            raise Refused(int(world.rules.verification_failure), why) from bad
        return _answer(world, server.anonymous(), org_id, deployment)
    return _answer(world, server.customer(keys.name, sub), org_id, deployment)


async def continuation(request: web.Request) -> web.StreamResponse:
    """Call 4: the same user under a new client id; the end of the token does not move."""
    world, grant = request.app[WORLD], bearer.granted(request)
    server = world.enhanced_chat
    _limit(world, grant.org_id)
    user = server.users[grant.subject]
    again = server.grant(user, grant.org_id, _deployment(world, grant.deployment))
    again.expires = grant.expires
    token = server.tokens.issue(again)
    return web.json_response({"accessToken": token, "lastEventId": _last_event_id(user, again)})


async def revoke(request: web.Request) -> web.StreamResponse:
    """Call 3: the token of a verified user is good no more."""
    world, grant = request.app[WORLD], bearer.granted(request)
    if not grant.verified:
        raise Refused(403, "This is not an authenticated token")
    grant.ended = True
    world.enhanced_chat.users[grant.subject].bell.ring()
    return web.Response(status=world.rules.revoke_status)


def _asked(world: World, body: Json) -> tuple[str, Deployment]:
    """The fields of both calls (EC §3.1)."""
    org_id = require(body, "orgId", str)
    check_org_id(world, org_id, "orgId")
    name = require(body, "esDeveloperName", str)
    if require(body, "capabilitiesVersion", str) != "1":
        raise Refused(400, 'capabilitiesVersion is "1"')
    take = require if world.rules.platform_required else optional
    platform = take(body, "platform", str)
    if platform is not None and platform not in PLATFORMS:
        raise Refused(400, f"platform is one of {', '.join(PLATFORMS)}")
    if optional(body, "deviceId", str) is not None and platform == "Web":
        raise Refused(400, "deviceId is for mobile platforms")
    context = optional(body, "context", dict) or {}
    for field in ("appName", "clientVersion"):
        optional(context, field, str, where="context.")
    return org_id, _deployment(world, name)


def _deployment(world: World, name: str) -> Deployment:
    found = world.enhanced_chat.setup.deployment(name)
    if found is None:
        raise Refused(world.rules.unknown_deployment_status, "esDeveloperName is not that of a deployment")
    if found.type != "api" and world.rules.deployment_refused_at == "token":
        raise Refused(403, "The deployment is not of type Custom Client")
    return found


def check_org_id(world: World, org_id: str, name: str) -> None:
    """15 characters; a switch takes 18 too (EC §1, §5)."""
    lengths = (15,) if world.rules.org_id_form == "15" else (15, 18)
    if len(org_id) not in lengths or not org_id.startswith("00D") or not (org_id.isascii() and org_id.isalnum()):
        raise Refused(400, f"{name} must be an id of 15 characters that begins with 00D")


def _limit(world: World, org_id: str) -> None:
    limit = world.rules.token_requests_per_minute
    world.enhanced_chat.rates.take("access-token requests", org_id[:15], limit, MINUTE)


def _answer(world: World, user: EndUser, org_id: str, deployment: Deployment) -> web.Response:
    server = world.enhanced_chat
    grant = server.grant(user, org_id, deployment)
    context: Json = {
        "deviceId": grant.client,
        "endUser": {"subject": user.subject},
        "configuration": {
            "embeddedServiceConfig": {
                "deploymentType": deployment.type,
                "name": deployment.name,
                "embeddedServiceMessagingChannel": {"channelAddressIdentifier": deployment.channel},
                "forms": [],
            }
        },
    }
    token = server.tokens.issue(grant)
    return web.json_response({"accessToken": token, "lastEventId": _last_event_id(user, grant), "context": context})


def _last_event_id(user: EndUser, grant: Grant) -> str:
    return str(user.log.newest + grant.event_offset)
