"""The gate: what is too large or too slow gets no further, and one line a request, without what was asked."""

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from interconnections import collector
from interconnections.http import limits
from interconnections.http.limits import LARGEST_BODY
from interconnections.http.middleware import Gate


class Visit:
    """One HTTP request as an ASGI server hands it over, in `chunks`, and what was answered."""

    def __init__(self, *chunks, path="/v1/x", query=b"", declared=None, method="POST"):
        self.chunks = list(chunks) or [b""]
        headers = [] if declared is None else [(b"content-length", declared)]
        self.scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}
        self.sent = []

    async def receive(self):
        if not self.chunks:
            return {"type": "http.disconnect"}
        body = self.chunks.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(self.chunks)}

    async def send(self, message):
        self.sent.append(message)

    async def through(self, application):
        with capture_logs() as lines:
            await Gate(application)(self.scope, self.receive, self.send)
        self.lines = lines
        return self

    @property
    def status(self):
        return next(message["status"] for message in self.sent if message["type"] == "http.response.start")

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


class Reader:
    """An application that reads everything and answers its length."""

    def __init__(self):
        self.read = 0
        self.entered = False

    async def __call__(self, scope, receive, send):
        self.entered = True
        more = True
        while more:
            message = await receive()
            self.read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(self.read).encode()})


def length(count):
    return str(count).encode()


MB = b"x" * (1024 * 1024)


def assert_refused(visit):
    assert visit.status == 413
    assert json.loads(visit.body) == {"ErrorDescription": "the body is larger than 3 MB"}
    assert [line["status"] for line in visit.lines] == [413]


ENDLESS = b"1" + b"0" * 6000  # more digits than Python makes a number of


@pytest.mark.parametrize("declared", [length(LARGEST_BODY + 1), length(10**12), ENDLESS], ids=len)
async def test_a_body_that_declares_itself_too_large_is_not_even_read(declared):
    inside = Reader()
    visit = await Visit(MB, MB, MB, b"x", declared=declared).through(inside)
    assert_refused(visit)
    assert not inside.entered


async def test_a_body_without_a_length_is_cut_off_where_it_goes_over():
    inside = Reader()
    visit = await Visit(MB, MB, MB, b"x", MB, MB).through(inside)
    assert_refused(visit)
    assert inside.read == LARGEST_BODY


async def test_a_refused_body_is_swallowed_after_the_answer_so_that_its_sender_sees_it():
    visit = Visit(MB, MB, MB, MB, declared=length(4 * len(MB)))
    left = []
    send = visit.send

    async def noting(message):
        left.append(len(visit.chunks))
        await send(message)

    visit.send = noting
    assert_refused(await visit.through(Reader()))
    assert left == [4, 4, 0]  # beginning and text of the answer; then the body; then its end


async def test_a_body_without_end_is_not_swallowed_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "SWALLOWED", 2 * len(MB))
    visit = await Visit(*[MB] * 9, declared=length(9 * len(MB))).through(Reader())
    assert_refused(visit)
    assert len(visit.chunks) == 7


async def test_a_sender_who_stops_half_way_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "SWALLOWING", 0.01)
    visit = Visit(declared=length(LARGEST_BODY + 1))
    visit.receive = asyncio.Event().wait
    assert_refused(await visit.through(Reader()))


async def test_a_sender_who_asks_first_is_not_told_to_go_on():
    visit = Visit(MB, declared=length(LARGEST_BODY + 1))
    visit.scope["headers"].append((b"expect", b"100-continue"))
    assert_refused(await visit.through(Reader()))
    assert visit.chunks == [MB]


@pytest.mark.parametrize(
    ("method", "raw", "query", "status", "address"),
    [
        ("GET", b"/v1/welcome/", b"", 301, b"/v1/welcome"),
        ("HEAD", b"/v1/welcome/", b"", 301, b"/v1/welcome"),
        ("POST", b"/v1/chats/connect//", b"bot=b&x", 308, b"/v1/chats/connect?bot=b&x"),
        ("DELETE", b"/v1/chat/finish/a%2Fb/", b"", 308, b"/v1/chat/finish/a%2Fb"),
    ],
)
async def test_a_trailing_slash_is_redirected(method, raw, query, status, address):
    inside, visit = Reader(), Visit(method=method, path=raw.decode(), query=query)
    visit.scope["raw_path"] = raw
    await visit.through(inside)
    assert visit.status == status
    assert (b"location", address) in visit.sent[0]["headers"]
    assert not inside.entered


@pytest.mark.parametrize("raw", [b"/v1/context/a%2F", b"/v1/welcome", b"/admin/", b"/", b"//v1/", b"/v1"])
async def test_other_slashes_are_left_alone(raw):
    visit = Visit(method="GET")
    visit.scope["raw_path"] = raw
    assert (await visit.through(Reader())).status == 200


@pytest.mark.parametrize("declared", [b"5", b"-1", b"abc", b""])
async def test_a_length_that_lies_does_not_help(declared):
    assert_refused(await Visit(MB, MB, MB, b"x", declared=declared).through(Reader()))


@pytest.mark.parametrize("declared", [length(LARGEST_BODY), None])
async def test_a_body_of_exactly_the_limit_gets_in(declared):
    visit = await Visit(MB, MB, MB, declared=declared).through(Reader())
    assert (visit.status, visit.body) == (200, length(LARGEST_BODY))


async def test_after_the_answer_has_begun_there_is_no_second_one():
    async def hasty(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await receive()

    visit = await Visit(MB, MB, MB, b"x").through(hasty)
    assert [message["type"] for message in visit.sent] == ["http.response.start"]
    assert visit.lines[0]["status"] == 200


async def test_a_request_has_one_line_with_its_essentials():
    visit = await Visit(path="/v1/welcome", method="GET").through(Reader())
    [line] = visit.lines
    assert {"method": "GET", "route": "welcome", "status": 200, "event": "request"}.items() <= line.items()
    assert line["ms"] >= 0


async def test_a_webhook_that_was_kept_has_no_line_and_a_refused_one_has():
    path = "/v1/bots/shop/webhook"
    assert not (await Visit(path=path).through(Reader())).lines
    assert (await Visit(path=path, method="GET").through(Reader())).lines
    assert (await Visit(MB, MB, MB, MB, path=path).through(Reader())).lines[0]["status"] == 413


async def test_a_line_does_not_show_the_query():
    visit = await Visit(path="/v1/integrations/whatsapp/webhook", method="GET", query=b"bot=b&token=s3cret").through(
        Reader()
    )
    assert visit.lines
    assert "s3cret" not in repr(visit.lines)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/context/5215587650001", "context"),
        ("/v1/chat/finish/5215587650001", "finish"),
        ("/v1/chats/finish/5215587650001", "no-such-call"),
        ("/v1/context/52155/87650001", "context"),
        ("/v1/context/52155\n87650001", "no-such-call"),
        ("/v1/context/", "no-such-call"),
        ("/v1/chats/connect", "connect"),
        ("/v1/bots/5215587650001/webhook", "webhook"),
        ("/admin/interconnections/bot/3/change/", "admin:interconnections_bot_change"),
        ("/static/admin/css/base.css", "static"),
        ("/5215587650001\x1b[31m", "none"),
    ],
)
async def test_a_line_names_the_route_and_not_what_was_asked(path, route):
    visit = await Visit(path=path, method="GET").through(Reader())
    assert [line["route"] for line in visit.lines] == [route]
    assert "5215587650001" not in repr(visit.lines)


async def test_a_line_does_not_repeat_a_method_that_is_none():
    visit = await Visit(path="/v1/welcome", method="\x1b[31mBREW").through(Reader())
    assert [line["method"] for line in visit.lines] == ["other"]


async def test_a_request_that_fails_inside_has_its_line_too():
    async def broken(scope, receive, send):
        raise RuntimeError("inside")

    visit = Visit()
    with pytest.raises(RuntimeError), capture_logs() as lines:
        await Gate(broken)(visit.scope, visit.receive, visit.send)
    assert [line["status"] for line in lines] == [0]


async def test_the_servers_beginning_and_end_are_answered(monkeypatch):
    settled = []
    monkeypatch.setattr(collector, "settle", lambda: settled.append("once"))
    said = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    answered = []

    async def receive():
        return said.pop(0)

    async def send(message):
        answered.append(message["type"])

    await Gate(Reader())({"type": "lifespan"}, receive, send)
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert settled == ["once"]


@pytest.mark.parametrize(
    ("extensions", "said"),
    [({}, ["websocket.close"]),
     ({"websocket.http.response": {}}, ["websocket.http.response.start", "websocket.http.response.body"])],
    ids=["a-server-without-words", "a-server-with-words"],
)  # fmt: skip
async def test_a_websocket_is_refused(extensions, said):
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/v1/context/1", "query_string": b"", "headers": []}
    await Gate(Reader())(scope | {"extensions": extensions}, receive, send)
    assert sent == said


async def test_a_body_that_does_not_come_to_its_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "BODY_WITHIN", 0.05)
    visit = Visit(b"x", b"x")

    async def one_byte_and_silence():
        if len(visit.chunks) == 1:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": visit.chunks.pop(0), "more_body": True}

    visit.receive = one_byte_and_silence
    await visit.through(Reader())
    assert visit.status == 408
    assert json.loads(visit.body)["ErrorDescription"].startswith("the body did not come within")


async def test_who_has_sent_everything_may_wait_for_the_answer_as_long_as_it_takes(monkeypatch):
    monkeypatch.setattr(limits, "BODY_WITHIN", 0.05)
    inside = Reader()

    async def slow(scope, receive, send):
        await inside(scope, receive, send)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.2)  # the sender is still there

    visit = Visit(b"x")
    whole = visit.receive

    async def receive():
        return await whole() if visit.chunks else await asyncio.Event().wait()

    visit.receive = receive
    await visit.through(slow)
    assert visit.status == 200


@pytest.mark.parametrize(("query", "headers", "status"), [
    (b"x" * 9000, [], 414),
    (b"", [(b"x", b"y" * 70_000)], 431),
    (b"", [(b"x%d" % n, b"y" * 1000) for n in range(70)], 431),
])  # fmt: skip
async def test_what_is_too_long_before_its_body_is_not_read(query, headers, status):
    inside, visit = Reader(), Visit(query=query)
    visit.scope["headers"] += headers
    await visit.through(inside)
    assert (visit.status, inside.entered) == (status, False)


def test_the_limit_is_what_the_sentence_says():
    assert LARGEST_BODY == 3 * 1024 * 1024
    assert "3 MB" in limits.SENTENCES[413]
