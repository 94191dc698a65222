"""Three flows at one endpoint: what is sent, and what each refusal means to whoever must mend it."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from interconnections.desks.records.login import Credentials, Token, audience, log_in, read_token
from interconnections.desks.records.login_address import login_address
from interconnections.errors import LoginRefused, RecordsUnwell
from interconnections.secret import Secret
from interconnections.wire import Unreachable
from tests.records.orgs import HOST, credentials, key, pem, reply
from tests.unit.wires import ScriptedWire

NOW = 1_780_000_000.0
GIVEN = json.dumps({"access_token": "00D!abc", "instance_url": HOST, "token_type": "Bearer"}).encode()


async def sent(own: Credentials) -> tuple[str, dict[str, list[str]]]:
    wire = ScriptedWire([reply(200, GIVEN)])
    assert await log_in(wire, own, NOW) == Token(Secret("00D!abc"), HOST)
    [asked] = wire.asked
    assert asked.method == "POST"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    return asked.url, parse_qs(asked.body, strict_parsing=True)


async def test_client_credentials_go_in_the_body_never_in_the_query() -> None:
    url, form = await sent(credentials())
    assert url == f"{HOST}/services/oauth2/token"
    assert form == {
        "grant_type": ["client_credentials"], "client_id": ["3MVG9.key"], "client_secret": ["s3cret+&"],
    }  # fmt: skip


async def test_the_security_token_is_appended_to_the_password() -> None:
    _, form = await sent(credentials("password"))
    assert form["grant_type"] == ["password"]
    assert form["password"] == ["pass wordTOK"]
    assert form["username"] == ["bridge@acme.example"]


async def test_a_jwt_is_signed_for_less_than_three_minutes() -> None:
    _, form = await sent(credentials("jwt_bearer", private_key=pem()))
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    head, claims, signature = form["assertion"][0].split(".")
    key().public_key().verify(decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert json.loads(decoded(head)) == {"alg": "RS256"}
    told = json.loads(decoded(claims))
    assert 0 < told.pop("exp") - NOW <= 180
    assert told == {"iss": "3MVG9.key", "sub": "bridge@acme.example", "aud": "https://login.salesforce.com"}


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize(
    ("login_url", "wanted"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com", "https://test.salesforce.com"),
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--uat.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("https://page-fox-1234-dev-ed.scratch.my.salesforce.com", "https://test.salesforce.com"),
        ("https://acme--uat.my.salesforce.com", "https://test.salesforce.com"),
        ("https://ACME--UAT.my.salesforce.com/", "https://test.salesforce.com"),
        ("https://acme--uat.cs42.my.salesforce.com", "https://test.salesforce.com"),
        ("https://cs42.salesforce.com", "https://test.salesforce.com"),
        ("https://usa2s.salesforce.com", "https://test.salesforce.com"),
        ("https://acme--uat.sandbox.lightning.force.com", "https://test.salesforce.com"),
        ("https://acme-dev-ed.develop.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme-sandbox.my.salesforce.com", "https://login.salesforce.com"),
        ("https://cs-team.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme.trailblaze.my.salesforce.com", "https://login.salesforce.com"),
        ("https://na139.salesforce.com", "https://login.salesforce.com"),
        ("https://acme.cloudforce.com", "https://login.salesforce.com"),
        ("https://login.sfcrmproducts.cn", "https://login.sfcrmproducts.cn"),
        ("https://acme.my.sfcrmproducts.cn", "https://login.sfcrmproducts.cn"),
        ("https://acme--uat.sandbox.my.sfcrmproducts.cn", "https://test.sfcrmproducts.cn"),
        ("https://acme.my.site.com/clientes", "https://acme.my.site.com/clientes"),
        ("http://127.0.0.1:8123", "https://login.salesforce.com"),
    ],
)
def test_the_audience_is_never_the_my_domain(login_url: str, wanted: str) -> None:
    assert audience(login_url) == wanted


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("", "https://login.salesforce.com"),
        (" https://login.salesforce.com/ ", "https://login.salesforce.com"),
        ("https://login.salesforce.com/services/oauth2/token", "https://login.salesforce.com"),
        ("https://acme.my.salesforce.com/lightning/page/home", "https://acme.my.salesforce.com"),
        ("https://Acme.My.Salesforce.com/?locale=mx", "https://acme.my.salesforce.com"),
        ("https://acme.lightning.force.com/one/one.app", "https://acme.my.salesforce.com"),
        ("https://acme--uat.sandbox.my.salesforce-setup.com", "https://acme--uat.sandbox.my.salesforce.com"),
        ("https://acme.my.site.com/clientes/s/", "https://acme.my.site.com/clientes"),
        ("http://127.0.0.1:8123/", "http://127.0.0.1:8123"),
        ("https://proxy.acme.example/sf/services/oauth2/token", "https://proxy.acme.example/sf"),
    ],
)
def test_a_login_address_is_read_however_it_was_copied(written: str, address: str) -> None:
    assert login_address(written) == address


@pytest.mark.parametrize(
    ("login_url", "instance_url", "taken"),
    [
        ("https://login.sfcrmproducts.cn", "https://acme.my.sfcrmproducts.cn", True),
        ("https://login.salesforce.com", "https://acme.my.sfcrmproducts.cn", True),
        ("https://login.acme.com.mx", "https://data.acme.com.mx", True),
        ("https://login.acme.com.mx", "https://evil.com.mx", False),
        ("https://login.salesforce.com", "https://evil-sfcrmproducts.cn", False),
        ("http://127.0.0.1:8000", "http://127.0.0.2:8000", False),
        ("http://localhost:8000", "http://otherhost:8000", False),
    ],
)
def test_a_token_goes_to_salesforce_or_to_the_configured_domain(
    login_url: str, instance_url: str, taken: bool
) -> None:
    answer = reply(200, json.dumps({"access_token": "t", "instance_url": instance_url}).encode())
    if taken:
        assert read_token(answer, login_url) == Token(Secret("t"), instance_url)
    else:
        with pytest.raises(LoginRefused, match="our token does not go there"):
            read_token(answer, login_url)


@pytest.mark.parametrize("pem_text", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
async def test_without_a_key_nothing_is_sent(pem_text: str) -> None:
    with pytest.raises(LoginRefused, match="private key cannot be read"):
        await log_in(ScriptedWire([]), credentials("jwt_bearer", private_key=pem_text), NOW)


REFUSALS = [
    ("invalid_grant", "authentication failure", "password or security token is wrong"),
    ("invalid_client", "invalid client credentials", "the consumer secret is wrong"),
    ("invalid_client_id", "client identifier invalid", "the consumer key is wrong"),
    ("invalid_grant", "user hasn't approved this consumer", "the connected app is not approved for this user"),
    ("invalid_grant", "audience is invalid", "the audience is invalid"),
    ("invalid_grant", "invalid assertion", "this machine's clock must be right"),
    ("invalid_grant", "expired assertion", "this machine's clock must be right"),
    ("invalid_grant", "request not supported on this domain", "taken at the org's My Domain only"),
    ("invalid_grant", "no client credentials user enabled", "no user to run as"),
    ("unsupported_grant_type", "grant type not supported", "not enabled for the app or the org"),
    ("invalid_app_access", "user is not admin approved to access this app", "not approved for the app"),
    ("inactive_user", "user is inactive", "the integration user is not active"),
    ("inactive_org", "organization is inactive", "the org is not active"),
    ("rate_limit_exceeded", "", "too many logins"),
    ("login_rate_exceeded", "", "too many logins"),
    ("invalid_grant", None, "look at the user's login history"),
    ("something_new", "of next spring", "the login is refused (something_new: of next spring)"),
]


@pytest.mark.parametrize(("error", "description", "told"), REFUSALS)
@pytest.mark.parametrize("status", [400, 401])
async def test_a_refused_login_is_a_sentence(status: int, error: str, description: str | None, told: str) -> None:
    body = {"error": error} | ({} if description is None else {"error_description": description})
    with pytest.raises(LoginRefused) as refused:
        await log_in(ScriptedWire([reply(status, json.dumps(body).encode())]), credentials(), NOW)
    assert told in str(refused.value)
    assert error in str(refused.value)  # what to look for in Salesforce's own pages


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(500), RecordsUnwell),
        (reply(503, b"<html>Down for maintenance</html>"), RecordsUnwell),
        (reply(500, b'{"error": "invalid_client"}'), RecordsUnwell),
        (reply(400, b'{"error": "unknown_error", "error_description": "retry your request"}'), RecordsUnwell),
        (reply(400, b'{"error": "temporarily_unavailable"}'), RecordsUnwell),
        (Unreachable("TimeoutError"), RecordsUnwell),
        (reply(200, b"<html>Login</html>"), RecordsUnwell),
        (reply(200, b"[]"), RecordsUnwell),
        (reply(200, b'{"access_token": 7, "instance_url": []}'), RecordsUnwell),
        (reply(200, b'{"access_token": "x"}'), RecordsUnwell),
        (reply(302), LoginRefused),
        (reply(404, b"<html>"), LoginRefused),
        (reply(200, b'{"access_token": "x", "instance_url": "https://evil.example.org"}'), LoginRefused),
        (reply(200, b'{"access_token": "x", "instance_url": "http://acme.my.salesforce.com"}'), LoginRefused),
    ],
)
async def test_what_is_no_token(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await log_in(ScriptedWire([answer]), credentials(), NOW)
