"""Logging in to the org (data sheet §1): three flows, every refusal, and how tokens end."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from .org import (
    APP,
    JWT_BEARER,
    KEY,
    PASSWORD,
    SECRET,
    SECURITY_TOKEN,
    USER,
    assertion,
    certificate,
    error,
)

CREDENTIALS = {"grant_type": "client_credentials", "client_id": KEY, "client_secret": SECRET}
LOGIN = {"grant_type": "password", "client_id": KEY, "client_secret": SECRET, "username": USER}
LOGIN |= {"password": PASSWORD + SECURITY_TOKEN}


def bearer(**changes):
    return {"grant_type": JWT_BEARER, "assertion": assertion(**changes)}


# Form, switches, setup, and what is answered.
REFUSALS = {
    "no security token": (LOGIN | {"password": PASSWORD}, {}, {}, "authentication failure"),
    "wrong password": (LOGIN | {"password": "x"}, {}, {}, "authentication failure"),
    "unknown user": (LOGIN | {"username": "nobody"}, {}, {}, "authentication failure"),
    "flow blocked": (LOGIN, {"password_flow": False}, {}, "authentication failure"),
    "user locked": (LOGIN, {"lock_after": 0}, {}, "authentication failure"),
    "wrong secret": (CREDENTIALS | {"client_secret": "x"}, {}, {}, "invalid client credentials"),
    "wrong key": (CREDENTIALS | {"client_id": "x"}, {}, {}, "client identifier invalid"),
    "no run-as user": (CREDENTIALS, {}, {"run_as": None}, "no client credentials user enabled"),
    "wrong domain": (CREDENTIALS, {"login_host": "login"}, {}, "request not supported on this domain"),
    "not admin approved": (
        CREDENTIALS,
        {},
        {"approval": "admin", "approved": []},
        "user is not admin approved to access this app",
    ),
    "another grant": ({"grant_type": "refresh_token"}, {}, {}, "grant type not supported"),
    "no grant": ({}, {}, {}, "grant type not supported"),
    "org gone": (CREDENTIALS, {"org_active": False}, {}, "organization is inactive"),
    "too many logins": (CREDENTIALS, {"logins_per_hour": 1}, {}, "login rate exceeded"),
}
CLAIMS = {
    "another app": ({"iss": "x"}, "client identifier invalid"),
    "another user": ({"sub": "nobody@example.org"}, "user hasn't approved this consumer"),
    "the simulator's own address": ({"aud": "http://127.0.0.1"}, "audience is invalid"),
    "too far ahead": ({"exp": int(time.time()) + 3600}, "invalid assertion"),
    "no end": ({"exp": None}, "invalid assertion"),
    "over": ({"exp": 1}, "expired assertion"),
    "another algorithm": ({"header": {"alg": "HS256"}}, "invalid assertion"),
    "another key": ({"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)}, "invalid assertion"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_login_is_refused_with_its_cause(org, name):
    form, rules, app, words = REFUSALS[name]
    await org.sim.rules(**rules)
    await org.setup(apps=[APP | {"certificate": certificate()} | app])
    answer = await org.log_in(**form)
    assert (answer.status, answer.json["error_description"]) == (400, words)


@pytest.mark.parametrize("name", CLAIMS)
async def test_an_assertion_is_refused_with_its_cause(org, name):
    changes, words = CLAIMS[name]
    answer = await org.log_in(**bearer(**changes))
    assert (answer.status, answer.json["error_description"]) == (400, words)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "!.!.!", "bnVsbA.bnVsbA.bnVsbA"])
async def test_nonsense_is_no_assertion(org, text):
    answer = await org.log_in(grant_type=JWT_BEARER, assertion=text)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


async def test_a_clock_that_differs_ends_an_assertion(org):
    assert (await org.log_in(**bearer())).status == 200
    await org.sim.rules(clock_ahead=200)
    assert (await org.log_in(**bearer())).json["error_description"] == "expired assertion"


async def test_a_user_who_is_not_pre_authorised(org):
    await org.setup(apps=[APP | {"certificate": certificate(), "approved": []}])
    assert (await org.log_in(**bearer())).json["error_description"] == "user hasn't approved this consumer"


async def test_from_a_trusted_address_no_security_token_is_needed(org):
    await org.sim.rules(address_trusted=True)
    assert (await org.log_in(**LOGIN | {"password": PASSWORD})).status == 200


async def test_ten_wrong_passwords_lock_a_user_out(org):
    for _ in range(10):
        assert (await org.log_in(**LOGIN | {"password": "x"})).status == 400
    assert (await org.log_in(**LOGIN)).status == 400


async def test_secrets_in_the_query_string_are_not_read(org):
    answer = await org.sim.ask("POST", "/services/oauth2/token", params=CREDENTIALS)
    assert (answer.status, answer.json["error"]) == (400, "unsupported_grant_type")


async def test_the_description_may_be_missing_and_the_status_401(org):
    await org.sim.rules(token_descriptions=False, token_refusal_status=401)
    answer = await org.log_in(**CREDENTIALS | {"client_secret": "x"})
    assert (answer.status, answer.json) == (401, {"error": "invalid_client"})


async def test_a_token_has_an_exclamation_mark_or_is_a_long_jwt(org):
    assert "!" in org.token
    await org.sim.rules(token_as="jwt")
    token = (await org.log_in(**CREDENTIALS)).json["access_token"]
    assert token.count(".") == 2
    assert len(token) > 1500
    org.token = token
    assert (await org.call("GET", "limits")).status == 200


async def test_all_tokens_expire_now(org):
    assert (await org.call("GET", "limits")).status == 200
    assert await org.sim.do("POST", "/org/expire") == {"expired": 1}
    assert error(await org.call("GET", "limits")) == (401, "INVALID_SESSION_ID")


async def test_a_token_is_revoked(org):
    answer = await org.sim.ask("POST", "/services/oauth2/revoke", data={"token": org.token})
    assert (answer.status, answer.text) == (200, "")
    assert error(await org.call("GET", "limits")) == (401, "INVALID_SESSION_ID")


async def test_a_token_ends_by_itself(org):
    await org.sim.rules(token_seconds=0)
    assert error(await org.call("GET", "limits")) == (401, "INVALID_SESSION_ID")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "Bearer "}, "INVALID_AUTH_HEADER"),
        ({"Authorization": "Basic abc"}, "INVALID_AUTH_HEADER"),
        ({"Authorization": "Bearer x"}, "INVALID_SESSION_ID"),
        ({}, "INVALID_SESSION_ID"),
    ],
)
async def test_who_shows_no_token_is_not_let_in(sim, headers, code):
    assert error(await sim.ask("GET", "/services/data/v59.0/limits", headers=headers)) == (401, code)


async def test_tokens_are_counted_by_flow(org):
    await org.log_in(**LOGIN)
    await org.log_in(**bearer())
    seen = await org.sim.do("GET", "/org")
    assert seen["issued"] == {"client_credentials": 1, "password": 1, "jwt_bearer": 1}


async def test_an_answer_says_where_the_org_is(org):
    answer = (await org.log_in(**CREDENTIALS)).json
    assert answer["instance_url"] == org.sim.url
    assert answer["id"] == "https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA"
