"""The director's chair itself."""

from __future__ import annotations

import asyncio

import pytest


async def test_chats_are_listed_oldest_first_and_can_be_awaited(sim):
    waiting = asyncio.create_task(sim.do("GET", "/chats?until=2"))
    one, two = await sim.session(), await sim.session()
    assert [chat["id"] for chat in (await waiting)["chats"]] == [one.id, two.id]
    assert (await sim.do("GET", "/chats?until=3&timeout=0.01"))["timed_out"] is True


async def test_chats_can_be_found_by_visitor_and_by_status(sim):
    ana, leo = await sim.waiting(visitorName="Ana"), await sim.active(visitorName="Leo")
    assert [chat["id"] for chat in (await sim.do("GET", "/chats?visitor_name=Ana"))["chats"]] == [ana.id]
    assert [chat["id"] for chat in (await sim.do("GET", "/chats?status=active"))["chats"]] == [leo.id]
    waiting = asyncio.create_task(sim.do("GET", "/chats?status=ended&until=1"))
    await leo.agent("end")
    assert [chat["id"] for chat in (await waiting)["chats"]] == [leo.id]
    waiting = asyncio.create_task(sim.do("GET", "/chats?visitor_name=Eva&until=1"))
    await sim.waiting(visitorName="Eva")
    assert len((await waiting)["chats"]) == 1


async def test_a_chat_can_be_awaited(sim):
    visitor = await sim.waiting()
    active = asyncio.create_task(visitor.chat("?until_status=active&until_heard=2"))
    await visitor.agent("accept")
    await visitor.say("a")
    await visitor.say("b")
    assert (await active)["heard"] == ["a", "b"]
    assert (await visitor.chat("?until_heard=3&timeout=0.01"))["timed_out"] is True


async def test_a_chat_remembers_the_order_of_its_life(sim):
    visitor = await sim.active()
    await visitor.agent("end")
    steps = [step["what"] for step in (await visitor.chat())["steps"]]
    assert steps == ["SessionId", "ChasitorInit", "Messages", "ChatEstablished", "ended"]


async def test_requests_are_counted_by_operation_and_by_chat(sim):
    await sim.rules(hold_seconds=0.1)
    one, other = await sim.waiting(), await sim.session()
    await other.poll(ack=5)
    counted = await sim.do("GET", "/requests")
    assert {name: found["total"] for name, found in counted.items()} == {
        "session_id": 2,
        "chasitor_init": 1,
        "messages": 2,
    }
    assert 1 <= counted["messages"]["busiest"] <= 2
    assert (await sim.do("GET", f"/requests?chat={one.id}"))["messages"] == {"total": 1, "busiest": 1}
    await sim.do("POST", "/reset")
    assert await sim.do("GET", "/requests") == {}


async def test_a_reset_forgets_everything_but_the_platforms_addresses(sim):
    await sim.do("PUT", "/platform", {"webhook": "http://example.org/"})
    await sim.rules(hold_seconds=1)
    await sim.fault("botrunner", "drop")
    visitor = await sim.active()
    await sim.do("PUT", "/agent", {"auto": True})
    poll = await visitor.polled()
    await sim.do("POST", "/reset")
    assert (await poll).status == 403
    ledger = await sim.do("GET", "/ledger")
    assert (ledger["chats"], ledger["users"], ledger["faults"]) == ([], {}, [])
    assert (await sim.do("GET", "/rules"))["hold_seconds"] == 30
    assert (await sim.do("GET", "/agent"))["auto"] is False
    assert (await sim.do("GET", "/platform"))["webhook"] == "http://example.org/"


@pytest.mark.parametrize(
    "rules",
    [
        {"hold": 1},
        {"hold_seconds": "1"},
        {"hold_seconds": True},
        {"sequence_required": 1},
        {"post_status": 500},
        {"second_poll": "perhaps"},
        {"closed_buttons": "573"},
        {"offset": None},
    ],
)
async def test_a_wrong_rule_changes_nothing(sim, rules):
    answer = await sim.do("PUT", "/rules", {"queue_position": 7, **rules}, expect=400)
    assert answer["error"].endswith(".")
    assert (await sim.do("GET", "/rules"))["queue_position"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/chats/{id}/say", {}),
        ("POST", "/chats/{id}/say", {"text": 5}),
        ("POST", "/chats/{id}/say", {"texts": "x"}),
        ("POST", "/chats/{id}/say", [1]),
        ("POST", "/chats/{id}/queue", {"position": "1"}),
        ("POST", "/chats/{id}/typing", {"on": "yes"}),
        ("POST", "/chats/{id}/event", {"type": "X", "message": "y"}),
        ("GET", "/chats/{id}?until_status=sleeping", None),
        ("GET", "/chats/{id}?until_heard=many", None),
        ("GET", "/chats/{id}?until_herd=1", None),
        ("GET", "/chats?timeout=soon", None),
        ("GET", "/chats?timeout=nan", None),
        ("GET", "/users/1?until_received=x", None),
        ("PUT", "/agent", {"answer": "poem"}),
        ("PUT", "/agent", {"auto": 1}),
        ("PUT", "/agent", {"delay": "long"}),
        ("PUT", "/platform", {"webhook": 5}),
        ("PUT", "/platform", {"hook": "x"}),
        ("PUT", "/platform", {"headers": {"a": 1}}),
        ("POST", "/users/1/say", {}),
        ("POST", "/users/1/say", {"text": "x", "repeat": 0}),
        ("POST", "/users/1/say", {"text": "x", "provider": "pigeon"}),
        ("POST", "/handover", {"chat": 7}),
    ],
)
async def test_nonsense_is_answered_with_a_sentence(sim, method, path, body):
    visitor = await sim.active()
    answer = await sim.do(method, path.replace("{id}", visitor.id), body, expect=400)
    assert answer["error"].endswith(".")


async def test_a_body_that_is_not_json_is_answered_with_a_sentence(sim):
    answer = await sim.ask("PUT", "/sim/rules", data="{")
    assert (answer.status, answer.json) == (400, {"error": "The body is not JSON."})


@pytest.mark.parametrize("path", ["/chats/nobody", "/chats/nobody/accept"])
async def test_what_is_not_there_is_404(sim, path):
    method = "POST" if path.endswith("accept") else "GET"
    assert (await sim.do(method, path, expect=404))["error"] == "There is no chat of this id."


async def test_an_agent_has_only_so_many_verbs(sim):
    visitor = await sim.waiting()
    await visitor.agent("dance", expect=404)


async def test_the_ledger_tells_both_sides(sim):
    await sim.do("PUT", "/agent", {"auto": True})
    visitor = await sim.waiting()
    await visitor.say("hola")
    body = {"id": "1", "type": "text", "userId": "5215", "text": {"body": "You said: hola"}}
    headers = {"Authorization": "Bearer x"}
    await sim.ask("POST", "/api/outgoing_webhook/bots/b1/messages", json=body, headers=headers)
    await sim.ask("POST", "/b/send-to", json={"userId": "5215", "state": "done", "message": ""})
    await sim.ask("GET", "/chat/rest/System/Nothing")
    ledger = await sim.do("GET", "/ledger")
    (chat,) = ledger["chats"]
    assert (chat["heard"], chat["said"]) == (["hola"], ["You said: hola"])
    assert ledger["users"]["5215"]["texts"] == ["You said: hola"]
    assert ledger["users"]["5215"]["states"] == ["done"]
    assert ledger["double_polls"] == 0
    assert [refusal["status"] for refusal in ledger["refusals"]["live_agent"]] == [404]
