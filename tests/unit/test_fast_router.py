"""The machines' way in: our addresses without what Django does for people, and everything else to Django."""

import json

import pytest
from structlog.testing import capture_logs

from interconnections.http import bot_api
from interconnections.http.fast_router import Machines


class Visit:
    """One HTTP request in `chunks`; None among them is a sender who hangs up."""

    def __init__(self, path, *chunks, host=b"localhost", query=b"", method="GET"):
        self.chunks = list(chunks) or [b""]
        self.scope = {"type": "http", "method": method, "path": path, "query_string": query, "root_path": "",
                      "headers": [(b"host", host)]}  # fmt: skip
        self.sent = []
        self.passed_on = False

    async def receive(self):
        body = self.chunks.pop(0)
        if body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": bool(self.chunks)}

    async def send(self, message):
        self.sent.append(message)

    async def people(self, scope, receive, send):
        self.passed_on = True

    async def made(self):
        await Machines(self.people)(self.scope, self.receive, self.send)
        return self

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def answer(self):
        return json.loads(self.sent[1]["body"])


async def test_an_address_of_ours_is_answered_here():
    visit = await Visit("/v1/welcome").made()
    assert (visit.status, visit.answer) == (200, {"Message": "Welcome to API!"})
    headers = dict(visit.sent[0]["headers"])
    assert headers[b"content-length"] == str(len(visit.sent[1]["body"])).encode()
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert not visit.passed_on


@pytest.mark.parametrize("path", ["/", "/admin/", "/v2/x", "/static/admin/css/base.css"])
async def test_everything_else_is_for_people(path):
    visit = await Visit(path).made()
    assert visit.passed_on
    assert not visit.sent


async def test_what_is_under_v1_and_does_not_exist_is_told_to_machines():
    visit = await Visit("/v1/no/such").made()
    assert visit.status == 404
    assert visit.answer["ErrorDescription"].startswith("there is no such call")


async def test_a_host_name_that_is_not_ours_is_refused():
    assert (await Visit("/v1/welcome", host=b"elsewhere.example").made()).status == 400


async def test_an_address_that_is_not_utf8_is_refused():
    assert (await Visit("/v1/welcome", query=b"bot=\xff").made()).status == 400


async def test_who_hangs_up_half_way_through_the_body_asked_for_nothing():
    visit = await Visit("/v1/authenticate", b'{"user', None, method="POST").made()
    assert not visit.sent


async def test_a_bug_is_a_sentence_for_the_caller_and_a_traceback_for_us(monkeypatch):
    monkeypatch.setattr(bot_api, "message", lambda text: 1 / 0)
    with capture_logs() as lines:
        visit = await Visit("/v1/welcome").made()
    assert visit.status == 500
    assert "something went wrong here" in visit.answer["ErrorDescription"]
    assert [(line["event"], line["exc_info"]) for line in lines] == [("not handled", True)]
