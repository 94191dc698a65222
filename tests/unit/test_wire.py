"""Both wires, against a small server on this machine."""

import asyncio
import json

import pytest
from aiohttp import web

from interconnections import wire as module
from interconnections.errors import LostOwnership
from interconnections.http11.wire import FastWire
from interconnections.wire import Counted, HttpWire, Reply, Unreachable, retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 3 ", 3.0),
        ("-5", 0.0),
        ("999999", 3600.0),
        ("inf", 3600.0),
        ("nan", None),
        ("", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_a_bounded_number_of_seconds(header, seconds):
    assert retry_after(header) == seconds


class Server:
    """Answers by path, and keeps what came."""

    def __init__(self):
        self.seen = []
        self.url = ""

    async def __call__(self, request):
        body = await request.read()
        self.seen.append((request.method, request.raw_path, dict(request.headers), body))
        return await getattr(self, request.path.split("/")[1])(request)

    async def echo(self, request):
        answer = web.json_response({"ok": True}, headers={"Retry-After": "7"})
        answer.set_cookie("sid", "abc")
        return answer

    async def moved(self, request):
        return web.Response(status=302, headers={"Location": "/echo"})

    async def large(self, request):
        return web.Response(body=b"x" * int(request.query["size"]))

    async def headers(self, request):
        size, count = int(request.query["size"]), int(request.query["count"])
        return web.Response(text="ok", headers={f"Content-Security-Policy-{n}": "x" * size for n in range(count)})

    async def silent(self, request):
        await asyncio.sleep(60)

    async def cut(self, request):
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"only so much")
        request.transport.close()
        return response

    async def stream(self, request):
        """What `tell` is given, as it is given; an empty piece ends it."""
        self.told, self.left = asyncio.Queue(), asyncio.Event()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            while piece := await self.told.get():
                await response.write(piece)
        finally:
            self.left.set()
        return response

    async def refused(self, request):
        return web.json_response({"status": 401}, status=401, headers={"Retry-After": "3"})

    async def hung_up(self, request):
        request.transport.close()

    async def garbage(self, request):
        request.transport.write(b"this is no HTTP\r\n\r\n")
        request.transport.close()


@pytest.fixture
async def server():
    server = Server()
    runner = web.ServerRunner(web.Server(server, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture(params=[HttpWire, FastWire])
async def wire(request):
    wire = request.param()
    yield wire
    await wire.close()


async def test_a_request_goes_out_as_it_was_given(server, wire):
    headers = {"X-LIVEAGENT-SEQUENCE": "1", "Content-Type": "application/json"}
    reply = await wire.send("POST", f"{server.url}/echo/%2Fa?b=c%26d", headers=headers, body=b'{"a": 1}')
    assert reply.status == 200
    assert json.loads(reply.content) == {"ok": True}
    assert reply.retry_after == 7.0
    [(method, path, seen, body)] = server.seen
    assert (method, body) == ("POST", b'{"a": 1}')
    assert path == "/echo/%2Fa?b=c%26d"
    assert headers.items() <= seen.items()


@pytest.mark.parametrize("looks", [0, 1], ids=["with the head in its hands", "with the body in its hands"])
async def test_whoever_wakes_too_late_sends_nothing(server, looks):
    """A process may freeze between the head and the body, which aiohttp writes in another turn of the loop."""
    answers = [*[False] * looks, True, True]
    wire = HttpWire(lambda: answers.pop(0))
    with pytest.raises(LostOwnership):
        await wire.send("POST", f"{server.url}/echo", headers={}, body=b"hola")
    assert not server.seen
    await wire.close()


async def test_whoever_wakes_too_late_with_a_kept_connection_sends_nothing(server):
    answers = [False, True]
    wire = FastWire(lambda: answers.pop(0))
    await wire.send("GET", f"{server.url}/echo", headers={})
    with pytest.raises(LostOwnership):
        await wire.send("POST", f"{server.url}/echo", headers={}, body=b"hola")
    assert len(server.seen) == 1
    await wire.close()


async def test_the_escapes_that_a_session_key_needs_stay(server, wire):
    await wire.send("DELETE", f"{server.url}/echo/a%2Bb%2Fc%3Fd%23e%25f", headers={})
    assert server.seen[0][1] == "/echo/a%2Bb%2Fc%3Fd%23e%25f"


async def test_nothing_is_remembered_between_requests(server, wire):
    await wire.send("GET", f"{server.url}/echo", headers={})
    await wire.send("GET", f"{server.url}/echo", headers={})
    assert "Cookie" not in server.seen[1][2]


@pytest.mark.parametrize("body", [None, b"hola"])
async def test_what_must_not_be_asked_twice_is_written_once(server, wire, body):
    await wire.send("GET", f"{server.url}/echo", headers={})  # over a connection that is kept
    with pytest.raises(Unreachable) as caught:
        await wire.send("PUT" if body else "GET", f"{server.url}/hung_up", headers={}, body=body, once=True)
    assert not caught.value.unmet
    assert [path for _, path, *_ in server.seen] == ["/echo", "/hung_up"]


async def test_who_wakes_too_late_with_what_must_not_be_asked_twice_writes_nothing(server):
    answers = [False, True]
    wire = HttpWire(lambda: answers.pop(0))
    with pytest.raises(LostOwnership):
        await wire.send("PUT", f"{server.url}/echo", headers={}, body=b"hola", once=True)
    assert not server.seen
    await wire.close()


async def test_a_redirect_is_an_answer_and_not_an_order(server, wire):
    assert (await wire.send("GET", f"{server.url}/moved", headers={})).status == 302
    assert len(server.seen) == 1


async def test_a_large_answer_is_whole_and_a_larger_one_is_garbage(server, wire, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_ANSWER", 300_000)
    reply = await wire.send("GET", f"{server.url}/large?size=300000", headers={})
    assert reply == Reply(200, b"x" * 300_000)
    for size in (300_001, 700_000, 5_000_000):
        with pytest.raises(Unreachable, match="too large"):
            await wire.send("GET", f"{server.url}/large?size={size}", headers={})


@pytest.mark.parametrize(("size", "count"), [(9_000, 1), (60_000, 1), (9_000, 12), (10, 500)])
async def test_an_answer_with_long_or_many_headers_is_an_answer(server, wire, size, count):
    reply = await wire.send("POST", f"{server.url}/headers?size={size}&count={count}", headers={}, body=b"{}")
    assert (reply.status, reply.content) == (200, b"ok")


async def test_a_head_without_end_is_no_answer(server, wire):
    with pytest.raises(Unreachable):
        await wire.send("GET", f"{server.url}/headers?size=100000&count=1", headers={})
    with pytest.raises(Unreachable):
        await wire.send("GET", f"{server.url}/headers?size=10&count=2000", headers={})


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://no-such-host.invalid/", "https://{plain}/"])
async def test_nobody_met_is_told_apart(server, wire, url):
    with pytest.raises(Unreachable) as caught:
        await wire.send("POST", url.replace("{plain}", server.url.removeprefix("http://")), headers={}, body=b"{}")
    assert caught.value.unmet
    assert server.seen == []


async def test_silence_is_told_apart(server, wire):
    with pytest.raises(Unreachable) as caught:
        await wire.send("GET", f"{server.url}/silent", headers={}, timeout=0.05)
    assert caught.value.silent
    assert not caught.value.unmet


@pytest.mark.parametrize("path", ["/cut", "/garbage"])
async def test_half_an_answer_is_none(server, wire, path):
    with pytest.raises(Unreachable) as caught:
        await wire.send("GET", server.url + path, headers={})
    assert not caught.value.silent
    assert not caught.value.unmet


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/secret-key", "not an address/secret-key", "http://[/secret-key", ""]
)
async def test_nobody_there_is_unreachable_and_names_no_address(wire, url):
    with pytest.raises(Unreachable) as caught:
        await wire.send("GET", url, headers={})
    assert not caught.value.silent
    assert "secret-key" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def test_a_header_that_cannot_be_written_is_not_sent(server, wire):
    with pytest.raises(Unreachable) as caught:
        await wire.send("GET", f"{server.url}/echo", headers={"X-LIVEAGENT-SESSION-KEY": "a\r\nX-Evil: 1"})
    assert "Evil" not in str(caught.value)
    assert server.seen == []


async def opened(server, wire):
    return await wire.open("GET", f"{server.url}/stream", headers={"Accept": "text/event-stream"})


async def test_an_open_answer_is_read_as_it_comes(server, wire):
    reply = await opened(server, wire)
    assert (reply.status, reply.retry_after) == (200, None)
    for piece in (b"id: 1\n", b"data: x\n\n", b"y" * 100):
        await server.told.put(piece)
        assert await reply.read(5) == piece
    await server.told.put(b"")
    assert await reply.read(5) == b""
    assert await reply.read(5) == b""
    [(_, _, headers, _)] = server.seen
    assert headers["Accept"] == "text/event-stream"
    assert headers["Accept-Encoding"] == "identity"
    reply.close()


async def test_more_may_come_after_a_silence(server, wire):
    reply = await opened(server, wire)
    with pytest.raises(Unreachable) as caught:
        await reply.read(0.05)
    assert caught.value.silent
    await server.told.put(b"late")
    assert await reply.read(5) == b"late"
    reply.close()


async def test_an_open_answer_has_no_time_out_of_its_own(server, wire, monkeypatch):
    monkeypatch.setattr(module, "HEAD_TIMEOUT", 0.1)
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.1)
    reply = await opened(server, wire)
    with pytest.raises(Unreachable):
        await reply.read(0.5)
    await server.told.put(b"late")
    assert await reply.read(5) == b"late"
    reply.close()


async def test_whoever_waits_for_a_head_waits_so_long(server, wire, monkeypatch):
    monkeypatch.setattr(module, "HEAD_TIMEOUT", 0.1)
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.1)
    with pytest.raises(Unreachable) as caught:
        await wire.open("GET", f"{server.url}/silent", headers={})
    assert not caught.value.unmet


async def test_the_socket_is_closed_when_the_reader_is_cancelled(server, wire):
    reply = await opened(server, wire)
    reading = asyncio.create_task(reply.read(60))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(10):
        await server.left.wait()
    with pytest.raises(Unreachable, match="closed"):
        await reply.read(5)


async def test_closing_is_noticed_over_there_and_may_be_repeated(server, wire):
    reply = await opened(server, wire)
    reply.close()
    reply.close()
    async with asyncio.timeout(10):
        await server.left.wait()
    with pytest.raises(Unreachable, match="closed"):
        await reply.read(5)


async def test_a_cut_stream_is_told_from_one_that_ended(server, wire):
    reply = await wire.open("GET", f"{server.url}/cut", headers={})
    assert await reply.read(5) == b"only so much"
    with pytest.raises(Unreachable) as caught:
        await reply.read(5)
    assert not caught.value.silent


async def test_a_refusal_is_an_open_answer_too(server, wire):
    reply = await wire.open("GET", f"{server.url}/refused", headers={})
    assert (reply.status, reply.retry_after) == (401, 3.0)
    assert json.loads(await reply.read(5)) == {"status": 401}
    reply.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/secret", "not an address/secret", "http://no-such-host.invalid/"]
)
async def test_a_stream_from_nobody_is_unreachable_and_names_no_address(wire, url):
    with pytest.raises(Unreachable) as caught:
        await wire.open("GET", url, headers={})
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


async def test_what_goes_wrong_with_streams_is_counted(server, wire):
    told = []
    counted = Counted(wire, "desk", told.append)
    (await counted.open("GET", f"{server.url}/refused", headers={})).close()
    with pytest.raises(Unreachable):
        await counted.open("GET", "http://127.0.0.1:1/", headers={})
    assert told == ["errors:desk:401", "errors:desk:silence"]
