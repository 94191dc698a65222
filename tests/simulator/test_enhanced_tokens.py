"""Access tokens of Enhanced Chat (EC §3): who gets one, what it says, how it ends."""

from __future__ import annotations

import time

import pytest

from . import enhanced
from .enhanced import API, ask_token, ask_verified, claims_of, customer, customer_token, guest

REVOKE = f"{API}/authorization/authenticated/access-token"
CONTINUE = f"{API}/authorization/continuation-access-token"


async def test_an_anonymous_token_is_a_jwt_with_org_subject_and_expiry(sim):
    answer = await ask_token(sim)
    claims = claims_of(answer.json["accessToken"])
    assert (answer.status, claims["orgId"]) == (200, enhanced.ORG)
    assert claims["sub"] == answer.json["context"]["endUser"]["subject"]
    assert claims["sub"].startswith("v2/iamessage/ANON/")
    assert 21_500 < claims["exp"] - time.time() <= 21_600
    assert answer.json["lastEventId"].isdigit()
    assert answer.json["context"]["configuration"]["embeddedServiceConfig"]["deploymentType"] == "api"


async def test_each_anonymous_token_is_another_user(sim):
    assert (await guest(sim)).subject != (await guest(sim)).subject


@pytest.mark.parametrize(
    "changes",
    [
        {"orgId": "00D000000000001AAA"},
        {"orgId": "00D0000000000"},
        {"orgId": "001000000000001"},
        {"orgId": ...},
        {"esDeveloperName": "Nobody"},
        {"esDeveloperName": ...},
        {"capabilitiesVersion": "2"},
        {"capabilitiesVersion": 1},
        {"capabilitiesVersion": ...},
        {"platform": ...},
        {"platform": "Fax"},
        {"deviceId": "d-1"},
        {"context": "bridge"},
        {"context": {"appName": 1}},
    ],
)
async def test_a_field_of_a_token_request_that_is_wrong_is_refused(sim, changes):
    answer = await ask_token(sim, **changes)
    assert answer.status == 400, answer
    assert answer.json["message"]


async def test_switches_take_a_long_org_id_and_a_missing_platform(sim):
    await sim.rules(org_id_form="any", platform_required=False, unknown_deployment_status=404)
    answer = await ask_token(sim, orgId="00D000000000001AAA", platform=...)
    assert (answer.status, claims_of(answer.json["accessToken"])["orgId"]) == (200, enhanced.ORG)
    assert (await ask_token(sim, esDeveloperName="Nobody")).status == 404


async def test_a_deployment_that_is_no_custom_client_says_so_and_opens_nothing(sim):
    answer = await ask_token(sim, esDeveloperName="Web_Widget")
    assert answer.json["context"]["configuration"]["embeddedServiceConfig"]["deploymentType"] == "web"
    visitor = enhanced.guest_of(sim, answer, "Web_Widget")
    assert (await visitor.create()).status == 403
    await sim.rules(deployment_refused_at="token")
    assert (await ask_token(sim, esDeveloperName="Web_Widget")).status == 403


async def test_user_verification_decides_which_token_is_given(sim):
    assert (await ask_token(sim, esDeveloperName=enhanced.VERIFIED)).status == 403
    body = enhanced.token_body(authorizationType="JWT", customerIdentityToken=customer_token())
    assert (await sim.ask("POST", REVOKE, json=body)).status == 403


@pytest.mark.parametrize("key", ["jwk", "pem"])
async def test_a_customer_is_the_same_user_every_time(sim, key):
    await enhanced.register_key(
        sim, keys=[enhanced.jwk() if key == "jwk" else {"kid": enhanced.KID, "pem": enhanced.pem()}]
    )
    first, second, other = await customer(sim), await customer(sim), await customer(sim, "wa:522")
    assert first.subject == second.subject == "v2/iamessage/AUTH/bridgeKeys/uid:wa:521"
    assert first.token != second.token
    assert other.subject.endswith("uid:wa:522")


FALSE = [
    {"header": {"alg": "HS256"}},
    {"header": {"alg": "none"}},
    {"header": {"kid": "key-2"}},
    {"header": {"kid": None}},
    {"key": "other"},
    {"iss": "somebody"},
    {"iss": ...},
    {"aud": "https://elsewhere.example"},
    {"aud": ...},
    {"exp": 1_700_000_000},  # past
    {"exp": ...},
    {"exp": "soon"},
    {"iat": 4_000_000_000},  # yet to come
    {"iat": ...},
    {"sub": ""},
    {"sub": 7},
]


@pytest.mark.parametrize("false", FALSE, ids=str)
async def test_a_false_customer_token_gives_an_anonymous_user_or_401(sim, false):
    await enhanced.register_key(sim)
    wrong = false | ({"key": enhanced.other_key()} if "key" in false else {})
    answer = await ask_verified(sim, customer_token(**wrong))
    assert (answer.status, "/ANON/" in answer.json["context"]["endUser"]["subject"]) == (200, True)
    await sim.rules(verification_failure="401")
    refused = await ask_verified(sim, customer_token(**wrong))
    assert (refused.status, refused.json["message"].startswith("customerIdentityToken")) == (401, True)
    assert len((await sim.do("GET", "/enhanced"))["refusals"]) == 3


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "e30.e30.e30"])
async def test_what_is_no_token_at_all_is_false_too(sim, text):
    await enhanced.register_key(sim)
    await sim.rules(verification_failure="403")
    assert (await ask_verified(sim, text)).status == 403


async def test_verification_can_fail_by_a_switch_and_by_the_clock(sim):
    await enhanced.register_key(sim)
    await sim.rules(clock_ahead=1000)
    assert "/ANON/" in enhanced.guest_of(sim, await ask_verified(sim, customer_token())).subject
    await sim.rules(clock_ahead=0, verification_fails=True)
    assert "/ANON/" in enhanced.guest_of(sim, await ask_verified(sim, customer_token())).subject


@pytest.mark.parametrize("changes", [{"authorizationType": "SAML"}, {"authorizationType": ...}])
async def test_the_type_of_authorization_is_jwt(sim, changes):
    body = enhanced.token_body(esDeveloperName=enhanced.VERIFIED, authorizationType="JWT", customerIdentityToken="x")
    body = {name: value for name, value in (body | changes).items() if value is not ...}
    assert (await sim.ask("POST", REVOKE, json=body)).status == 400


async def test_a_continuation_is_the_same_user_and_ends_when_the_first_does(sim):
    visitor = await guest(sim)
    answer = await visitor.call("GET", CONTINUE)
    before, after = claims_of(visitor.token), claims_of(answer.json["accessToken"])
    assert set(answer.json) == {"accessToken", "lastEventId"}
    assert (after["sub"], after["exp"]) == (before["sub"], before["exp"])
    assert after["clientId"] != before["clientId"]


@pytest.mark.parametrize("status", [204, 200])
async def test_a_revoked_token_is_good_no_more(sim, status):
    await enhanced.register_key(sim)
    await sim.rules(revoke_status=status)
    visitor = await customer(sim)
    assert (await visitor.call("DELETE", REVOKE)).status == status
    assert (await visitor.call("GET", CONTINUE)).status == 401
    assert (await (await guest(sim)).call("DELETE", REVOKE)).status == 403


async def test_a_token_ends_in_its_time_or_when_the_director_says_so(sim):
    await sim.rules(access_token_seconds=1.5)
    visitor = await guest(sim)
    assert (await visitor.call("GET", "list")).status == 200
    while (await visitor.call("GET", "list")).status != 401:
        assert time.time() < claims_of(visitor.token)["exp"] + 20
    assert time.time() >= claims_of(visitor.token)["exp"]
    await sim.rules(access_token_seconds=600)
    visitor = await guest(sim)
    assert await sim.do("POST", "/enhanced/expire", {}) == {"expired": 1}
    assert (await visitor.call("GET", "list")).status == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer e30.e30.e30"])
async def test_without_a_token_of_ours_everything_is_401(sim, header):
    for method, path in (
        ("GET", "list"),
        ("GET", CONTINUE),
        ("DELETE", REVOKE),
        ("POST", f"{enhanced.new_id()}/entry"),
    ):
        path = path if path.startswith("/") else f"{API}/conversation/{path}"
        answer = await sim.ask(method, path, headers={"Authorization": header}, json={})
        assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")


async def test_a_token_whose_claims_were_changed_is_no_token(sim):
    visitor = await guest(sim)
    header, _, signature = visitor.token.split(".")
    claims = claims_of(visitor.token) | {"sub": "v2/iamessage/AUTH/k/uid:admin"}
    visitor.token = f"{header}.{enhanced.encoded(str(claims).encode())}.{signature}"
    assert (await visitor.call("GET", "list")).status == 401


async def test_an_org_gets_so_many_tokens_a_minute(sim):
    await sim.rules(token_requests_per_minute=2, rate_retry_after="seconds")
    visitor = await guest(sim)
    await guest(sim)
    answer = await ask_token(sim)
    assert answer.status == 429
    assert (await visitor.call("GET", CONTINUE)).status == 429
    async with sim.http.post(
        f"{sim.url}{API}/authorization/unauthenticated/access-token", json=enhanced.token_body()
    ) as response:
        assert 50 <= int(response.headers["Retry-After"]) <= 60
    await sim.rules(rate_retry_after="missing")
    async with sim.http.post(
        f"{sim.url}{API}/authorization/unauthenticated/access-token", json=enhanced.token_body()
    ) as response:
        assert "Retry-After" not in response.headers


@pytest.mark.parametrize(
    "keys, body",
    [
        ("message_code", {"message", "code"}),
        ("message", {"message"}),
        ("errors", {"message", "errors"}),
        ("nothing", None),
    ],
)
async def test_the_body_of_an_error_has_the_keys_of_the_switch(sim, keys, body):
    await sim.rules(error_keys=keys)
    answer = await ask_token(sim, orgId="x")
    assert answer.status == 400
    assert (set(answer.json) if answer.json else None) == body


@pytest.mark.parametrize(
    "wish",
    [
        {"deployments": [{"name": "X", "type": "fax"}]},
        {"deployments": [{"name": "X", "key_set": "none"}]},
        {"deployments": [{"nam": "X"}]},
        {"key_sets": [{"name": "k", "issuer": "i", "audience": "a", "keys": [{"kid": "1", "pem": "no"}]}]},
        {"key_sets": [{"name": "k", "issuer": "i", "audience": "a", "keys": [{"kid": "1", "kty": "EC"}]}]},
        {"key_sets": [{"name": "k", "issuer": "i", "audience": "a", "keys": [{"kty": "RSA"}]}]},
        {"somebody": []},
        {"deployments": 7},
    ],
)
async def test_what_no_admin_could_set_up_is_refused(sim, wish):
    before = (await sim.do("GET", "/enhanced"))["setup"]
    assert (await sim.do("PUT", "/enhanced", wish, expect=400))["error"].endswith(".")
    assert (await sim.do("GET", "/enhanced"))["setup"] == before
