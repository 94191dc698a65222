"""One exchange with Graph: how it is asked, and what each answer means to the sender of a message."""

import json

import pytest

from interconnections.errors import (
    PairLimited,
    PlatformError,
    PlatformRefused,
    PlatformStopped,
    PlatformUnwell,
    WindowClosed,
)
from interconnections.platforms.graph import STOPPED, Access, Do, Graph, Outcome
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.wires import ScriptedWire

ACCESS = Access("https://graph.example.org", "v25.0", Secret("of-the-system-user"))
TABLE = {
    (10, None): Outcome(Do.STOP, STOPPED),
    (10, 2018278): Outcome(Do.WINDOW),
    (-1, None): Outcome(Do.RETRY),
    (0, None): Outcome(Do.STOP, STOPPED),
    (4, None): Outcome(Do.PAUSE, 120.0),
    (7, None): Outcome(Do.REFUSE),
    (8, None): Outcome(Do.AGAIN),
    (9, None): Outcome(Do.SILENT),
    (131056, None): Outcome(Do.PAIR, 1.0),
}


def error(code: object, status: int = 400, subcode: object = None, **more: object) -> Reply:
    body = {"message": "(#1) +525587650001 …", "code": code, "error_subcode": subcode, **more}
    return Reply(status, json.dumps({"error": body}).encode())


async def fault(*script: Reply | Exception) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await Graph(ScriptedWire(list(script)), TABLE).ask(ACCESS, "POST", "7001/messages", {"to": "+52"})
    return caught.value


async def test_it_asks_as_the_sheet_says() -> None:
    wire = ScriptedWire([Reply(200, b'{"success":true}'), Reply(200, b"{}")])
    graph = Graph(wire, TABLE)
    assert await graph.ask(ACCESS, "POST", "7001/messages", {"text": "niña 👋"}) == {"success": True}
    assert await graph.ask(ACCESS, "GET", "7001", query={"fields": "id,verified_name"}) == {}
    said, looked = wire.asked
    assert (said.method, said.url) == ("POST", "https://graph.example.org/v25.0/7001/messages")
    assert said.headers == {"Authorization": "Bearer of-the-system-user", "Content-Type": "application/json"}
    assert said.body == {"text": "niña 👋"}
    assert looked.url == "https://graph.example.org/v25.0/7001?fields=id%2Cverified_name"
    assert (looked.body, looked.headers) == (None, {"Authorization": "Bearer of-the-system-user"})


CODES = [
    (error(10, 403), PlatformStopped, "10", STOPPED, False),
    (error(10, 400, 2018278), WindowClosed, "10/2018278", None, False),
    (error(10, 400, 77), PlatformStopped, "10", STOPPED, False),  # a subcode that nobody knows
    (error("10", 400, "2018278"), WindowClosed, "10/2018278", None, False),
    (error(0, 401), PlatformStopped, "0", STOPPED, False),
    (error(-1, 500), PlatformUnwell, "-1", None, False),
    (error(4), PlatformUnwell, "4", 120.0, False),
    (error(7), PlatformRefused, "7", None, False),
    (error(9), PlatformUnwell, "9", None, True),
    (error(131056), PairLimited, "131056", 1.0, False),
    (error(7, 200), PlatformRefused, "7", None, False),  # an error behind a 200
    (error(4, 429, error_data="a sentence where others have an object"), PlatformUnwell, "4", 120.0, False),
]


@pytest.mark.parametrize(("answer", "kind", "code", "wait", "silent"), CODES)
async def test_a_code_decides(answer: Reply, kind: type, code: str, wait: float | None, silent: bool) -> None:
    found = await fault(answer)
    assert type(found) is kind
    assert getattr(found, "code", None) == code
    assert getattr(found, "wait", None) == wait
    assert getattr(found, "silent", False) is silent
    assert "525587650001" not in str(found)


UNKNOWN = [
    (error(424242, 400), PlatformRefused, False),
    (error(424242, 500), PlatformUnwell, False),
    (error(424242, 400, is_transient=True), PlatformUnwell, False),
    (error(424242, 403), PlatformStopped, False),
    (Reply(401, b"<html>"), PlatformStopped, False),
    (Reply(429, b""), PlatformUnwell, False),
    (Reply(302, b""), PlatformUnwell, False),
    (Reply(404, b"null"), PlatformRefused, False),
    (Reply(502, b"<html>Bad gateway</html>"), PlatformUnwell, True),  # it may have been taken behind the gateway
    (Reply(500, b'{"error":"unwell"}'), PlatformUnwell, True),
    (Reply(200, b"<html>"), PlatformUnwell, True),
    (Reply(200, b"[" * 100_000), PlatformUnwell, True),
    (Unreachable("ServerDisconnectedError"), PlatformUnwell, True),
    (Unreachable("ServerTimeoutError", silent=True), PlatformUnwell, True),
    (Unreachable("ClientConnectorError", unmet=True), PlatformUnwell, False),
]


@pytest.mark.parametrize(("answer", "kind", "silent"), UNKNOWN, ids=range(len(UNKNOWN)))
async def test_without_a_code_that_we_know_the_status_decides(
    answer: Reply | Exception, kind: type, silent: bool
) -> None:
    found = await fault(answer)
    assert type(found) is kind
    assert getattr(found, "silent", False) is silent


async def test_nothing_is_sent_again_before_they_ask() -> None:
    found = await fault(Reply(429, b"", retry_after=7.0))
    assert isinstance(found, PlatformUnwell)
    assert found.wait == 7.0


async def test_one_more_try_is_made_where_the_table_says_so() -> None:
    wire = ScriptedWire([error(8), Reply(200, b'{"id":"1"}')])
    assert await Graph(wire, TABLE).ask(ACCESS, "POST", "x", {}) == {"id": "1"}
    assert wire.asked[0] == wire.asked[1]
    assert type(await fault(error(8), error(8))) is PlatformRefused
    assert type(await fault(error(8), error(131056))) is PairLimited


def test_an_access_prints_no_token() -> None:
    assert "of-the-system-user" not in repr(ACCESS)
