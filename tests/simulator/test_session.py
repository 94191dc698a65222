"""SessionId, headers, wrong paths and methods (§2, §4.1, §11)."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from yarl import URL

from .conftest import GONE

VERSION = {"X-LIVEAGENT-API-VERSION": "58"}
NULL = {"X-LIVEAGENT-AFFINITY": "null"}


async def test_a_session_has_an_id_a_key_an_affinity_and_a_poll_timeout(sim):
    answer = await sim.ask("GET", "/chat/rest/System/SessionId", headers=VERSION | NULL)
    assert answer.status == 200
    assert set(answer.json) == {"id", "key", "affinityToken", "clientPollTimeout"}
    assert answer.json["key"].startswith(answer.json["id"] + "!")
    assert answer.json["clientPollTimeout"] == 40


async def test_a_trailing_slash_is_accepted(sim):
    assert (await sim.ask("GET", "/chat/rest/System/SessionId/", headers=VERSION | NULL)).status == 200


async def test_the_poll_timeout_may_be_a_string(sim):
    await sim.rules(client_poll_timeout=30, client_poll_timeout_as="string")
    answer = await sim.ask("GET", "/chat/rest/System/SessionId", headers=VERSION | NULL)
    assert answer.json["clientPollTimeout"] == "30"


@pytest.mark.parametrize(
    "headers",
    [
        NULL,
        VERSION,
        VERSION | {"X-LIVEAGENT-AFFINITY": "1c2d3e4f"},
        NULL | {"X-LIVEAGENT-API-VERSION": "58.0"},
        NULL | {"X-LIVEAGENT-API-VERSION": "12"},
    ],
)
async def test_a_session_needs_a_whole_version_and_the_word_null(sim, headers):
    assert (await sim.ask("GET", "/chat/rest/System/SessionId", headers=headers)).status == 400


async def test_an_unknown_session_is_403_in_the_words_of_the_sheet(sim):
    visitor = await sim.session()
    visitor.key = "7a0b!1!x"
    answer = await visitor.get("Messages?ack=-1")
    assert (answer.status, answer.text) == (403, GONE)
    assert (await visitor.say("x")).status == 403


async def test_a_missing_session_key_is_403(sim):
    headers = VERSION | {"X-LIVEAGENT-AFFINITY": "1c2d3e4f"}
    assert (await sim.ask("GET", "/chat/rest/System/Messages?ack=-1", headers=headers)).status == 403


async def test_another_affinity_is_503(sim):
    visitor = await sim.session()
    visitor.affinity = "00000000"
    assert (await visitor.poll()).status == 503
    assert (await visitor.init()).status == 503


@pytest.mark.parametrize("missing", ["X-LIVEAGENT-API-VERSION", "X-LIVEAGENT-AFFINITY"])
async def test_a_poll_without_version_or_affinity_is_400(sim, missing):
    visitor = await sim.session()
    headers = {name: value for name, value in visitor.headers.items() if name != missing}
    assert (await sim.ask("GET", "/chat/rest/System/Messages?ack=-1", headers=headers)).status == 400


async def test_delete_drops_the_session_at_once_and_an_open_poll_with_it(sim):
    visitor = await sim.waiting()
    poll = await visitor.polled()
    path = f"/chat/rest/System/SessionId/{quote(visitor.key, safe='')}"
    assert (await sim.ask("DELETE", path, headers=visitor.headers)).status == 200
    assert (await poll).status == 403
    assert (await visitor.poll()).status == 403
    assert (await sim.ask("DELETE", path, headers=visitor.headers)).status == 403
    assert (await visitor.chat())["end_reason"] == "deleted"


async def test_delete_needs_the_affinity(sim):
    visitor = await sim.waiting()
    path = f"/chat/rest/System/SessionId/{quote(visitor.key, safe='')}"
    assert (await sim.ask("DELETE", path, headers=VERSION)).status == 400
    assert (await sim.ask("DELETE", path, headers=VERSION | NULL)).status == 503


async def test_a_key_that_is_not_percent_encoded_is_a_wrong_path(sim):
    visitor = await sim.session()
    url = URL(f"{sim.url}/chat/rest/System/SessionId/{visitor.key}")
    async with sim.http.delete(url, headers=visitor.headers) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "System/SessionId", 405),
        ("POST", "System/Messages", 405),
        ("GET", "Chasitor/ChatMessage", 405),
        ("GET", "Chasitor/ChasitorResyncState", 405),
        ("HEAD", "System/Messages", 405),
        ("GET", "System/Nothing", 404),
        ("POST", "Chasitor/chatmessage", 404),
        ("GET", "System/ResyncSession", 404),
    ],
)
async def test_wrong_methods_are_405_and_wrong_paths_404(sim, method, path, status):
    visitor = await sim.session()
    assert (await sim.ask(method, f"/chat/rest/{path}", headers=visitor.headers)).status == status


async def test_errors_may_be_json_but_never_the_409(sim):
    await sim.rules(error_body="json")
    visitor = await sim.active()
    assert (await visitor.say("x", number=9)).text == "Out of sync Ack. Expected 9. Actual 1"
    visitor.key = "nobody"
    assert (await visitor.poll()).json == {"errorMessage": GONE}


async def test_every_refusal_is_written_down_with_its_chat(sim):
    visitor = await sim.waiting()
    await visitor.say("too early")
    (refusal,) = (await visitor.chat())["refusals"]
    assert (refusal["status"], refusal["path"]) == (500, "/chat/rest/Chasitor/ChatMessage")
