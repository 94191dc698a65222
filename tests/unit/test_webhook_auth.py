"""Is this webhook's sender the bot's platform?"""

import hashlib
import hmac
from urllib.parse import quote

import pytest
from django.test import RequestFactory

from interconnections.bridge.webhook_auth import check
from interconnections.errors import Forbidden, Unauthenticated, Unavailable
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from tests.unit.bots import bot

SECRET = "s3cret/+=&ñ"
BODY = b'{"type": "text",  "text":{"body":"\xc3\xb1"}}\n'  # spacing counts: a signature is over bytes


def webhook(query="", **headers):
    """As the door hands it on."""
    request = RequestFactory().post(f"/hook{query}", BODY, content_type="application/json", headers=headers)
    return WebhookRequest(request.headers, request.GET, request.body)


def signature(body, secret=SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def of(auth, known="shared"):
    return bot(webhook_auth=auth, webhook_secret=Secret(known))


@pytest.mark.parametrize(
    "request_",
    [
        webhook(authorization="Bearer shared"),
        webhook(authorization="bearer shared"),
        webhook(authorization="BEARER  shared "),
        webhook("?token=shared"),
        webhook("?bot=tienda-bot&token=shared"),
        webhook("?token=shared", authorization="Basic dXNlcjpwYXNz"),  # a proxy's own header does not disturb
    ],
    ids=["header", "lower case", "spaces", "query", "query with bot", "query beside another scheme"],
)
def test_a_shared_secret_is_shown_in_header_or_query(request_):
    check(request_, of("bearer"))


@pytest.mark.parametrize(
    "request_",
    [
        webhook(),
        webhook("?token="),
        webhook(authorization="Bearer"),
        webhook(authorization="Bearer "),
        webhook("?token=shared", authorization="Bearer "),  # the header is what counts once it is there
        webhook(x_yalochat_signature="shared"),
    ],
)
def test_who_shows_nothing_is_not_authenticated(request_):
    with pytest.raises(Unauthenticated):
        check(request_, of("bearer"))


@pytest.mark.parametrize("shown", ["wrong", "Shared", "share", "shared2", "sha red", "ñ", "\x80"])
def test_a_wrong_secret_is_forbidden(shown):
    with pytest.raises(Forbidden):
        check(webhook(authorization=f"Bearer {shown}"), of("bearer"))
    with pytest.raises(Forbidden):
        check(webhook(f"?token={quote(shown)}"), of("bearer"))


def test_a_right_query_does_not_rescue_a_wrong_header():
    with pytest.raises(Forbidden):
        check(webhook("?token=shared", authorization="Bearer wrong"), of("bearer"))


@pytest.mark.parametrize("auth", ["bearer", "signature"])
def test_a_bot_without_a_secret_lets_nobody_in(auth):
    shown = webhook(authorization="Bearer x", x_hub_signature_256=signature(BODY, ""))
    with pytest.raises(Unavailable):  # our mistake: what was said must come again when it is mended
        check(shown, of(auth, known=""))
    with pytest.raises(Unauthenticated):
        check(webhook(), of(auth, known=""))


def test_a_signature_is_over_the_bytes_as_they_came():
    check(webhook(x_hub_signature_256=signature(BODY)), of("signature", SECRET))


@pytest.mark.parametrize(
    "shown",
    [
        signature(BODY.strip()),
        signature(BODY, "another"),
        signature(BODY).removeprefix("sha256="),
        signature(BODY).replace("sha256", "sha1"),
        "sha256=",
        SECRET.encode().decode("latin-1"),
    ],
    ids=["other bytes", "other secret", "no algorithm", "other algorithm", "empty digest", "the secret itself"],
)
def test_a_wrong_signature_is_forbidden(shown):
    with pytest.raises(Forbidden):
        check(webhook(x_hub_signature_256=shown), of("signature", SECRET))


def test_a_secret_does_not_stand_for_a_signature():
    with pytest.raises(Unauthenticated):
        check(webhook("?token=shared", authorization="Bearer shared"), of("signature"))


def test_none_is_open_to_all():
    check(webhook(), of("none", ""))
    check(webhook("?token=wrong"), of("none"))


def test_a_way_that_is_not_known_is_not_open():
    with pytest.raises(Unauthenticated):
        check(webhook(), of("", ""))


def test_a_refusal_does_not_tell_the_secret():
    for shown in (webhook(), webhook("?token=guess")):
        with pytest.raises((Forbidden, Unauthenticated)) as caught:
            check(shown, of("bearer"))
        assert "shared" not in str(caught.value)
        assert "guess" not in str(caught.value)
