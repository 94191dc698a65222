"""A plain webhook is read as Django reads it, or not at all."""

from io import BytesIO

import pytest
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.core.handlers.asgi import ASGIRequest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.http.plain_request import plain

PATH = "/v1/bots/shop/webhook"
HOST = (b"host", b"localhost:8000")


def scope(query=b"", *headers):
    return {"type": "http", "method": "POST", "path": PATH, "query_string": query, "headers": list(headers or [HOST])}


def read_alike(asked, body=b"{}"):
    sent = plain(asked, body)
    if sent is None:
        return False
    request = ASGIRequest(asked, BytesIO(body))
    assert request.get_host()
    assert dict(sent.query) == dict(request.GET.items())
    assert sent.body == request.body
    assert {name.casefold() for name in sent.headers} == {name.casefold() for name in request.headers}
    for name, value in request.headers.items():
        assert sent.headers[name] == sent.headers[name.upper()] == value
    return True


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (b"", [HOST]),
        (b"token=aB-1_2.3~&bot=shop", [HOST, (b"content-type", b"application/json"), (b"content-length", b"2")]),
        (b"bot=a&bot=b", [(b"host", b"LOCALHOST")]),
        (b"bot=", [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer \xe9")]),
        (b"", [(b"host", b"localhost:1"), (b"x-hub-signature-256", b"sha256=0")]),
    ],
)
def test_what_is_plain_is_read_as_django_reads_it(query, headers):
    assert read_alike(scope(query, *headers))


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        (b"token=a%20b", [HOST]),
        (b"token=a+b", [HOST]),
        (b"=a", [HOST]),
        (b"bot", [HOST]),
        (b"a=1&", [HOST]),
        (b"a=1;b=2", [HOST]),
        (b"a=\xc3\xb1", [HOST]),
        (b"&".join([b"a=1"] * 1001), [HOST]),
        (b"", [HOST, (b"x-a", b"1"), (b"x-a", b"2")]),
        (b"", [HOST, (b"x_a", b"1")]),
        (b"", [(b"host", b"evil.example")]),
        (b"", [(b"host", b"localhost, evil.example")]),
        (b"", [(b"accept", b"*/*")]),
    ],
)
def test_what_is_not_plain_is_left_to_django(query, headers):
    assert plain(scope(query, *headers), b"{}") is None


names = st.sampled_from([b"host", b"authorization", b"x-hub-signature-256", b"cookie", b"x_odd", b"content-type"])
values = st.sampled_from([b"localhost", b"evil.example", b"127.0.0.1:1", b"", b" a ", b"\xff", b"a,b"])
query = st.binary(max_size=30) | st.text(alphabet="ab=&%+1.~_-;", max_size=30).map(str.encode)


@given(query, st.lists(st.tuples(names, values), max_size=5))
def test_whatever_comes_is_read_alike_or_left(asked, headers):
    try:
        read_alike(scope(asked, *(headers or [HOST])))
    except (DisallowedHost, TooManyFieldsSent):
        pytest.fail("Django refuses what was plain")


def test_a_host_that_is_no_longer_answered_is_not_plain(settings):
    assert plain(scope(), b"") is not None
    settings.ALLOWED_HOSTS = ["bridge.example"]
    assert plain(scope(), b"") is None
