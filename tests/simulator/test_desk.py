"""What agents do, and what the visitor is told of it (§8)."""

from __future__ import annotations

import pytest

from simulator import ids

USER_ID = "005"


async def test_accepting_moves_the_queue_and_establishes_the_chat(sim):
    visitor = await sim.waiting()
    chat = await visitor.agent("accept", name="Luz R.")
    assert (chat["status"], chat["agent"]["name"]) == ("active", "Luz R.")
    answer = await visitor.poll()
    assert answer.types == ["QueueUpdate", "ChatEstablished"]
    established = answer.json["messages"][1]["message"]
    assert established["name"] == "Luz R."
    assert established["userId"].startswith(USER_ID)
    assert established["chasitorIdleTimeout"] == {"isEnabled": False}


async def test_who_wants_no_queue_updates_gets_none(sim):
    visitor = await sim.waiting(receiveQueueUpdates=False)
    await visitor.agent("queue", position=1, expect=409)
    await visitor.agent("accept")
    assert (await visitor.poll()).types == ["ChatEstablished"]


async def test_what_a_version_does_not_know_is_not_told(sim, monkeypatch):
    """§1: wait times from 47 on, idle time-outs from 35 on."""
    visitor = await sim.waiting()
    chat = sim.world.floor.chats[visitor.id]
    monkeypatch.setattr(chat, "version", 34)
    await visitor.agent("queue", position=3, wait=60)
    await visitor.agent("accept")
    moved, taken, established = (await visitor.poll()).json["messages"]
    assert (moved["message"], taken["message"]) == ({"position": 3}, {"position": 0})
    assert "chasitorIdleTimeout" not in established["message"]


async def test_idle_times_are_whole_seconds(sim):
    await sim.rules(idle_enabled=True)
    visitor = await sim.waiting()
    await visitor.agent("accept")
    idle = (await visitor.poll()).json["messages"][-1]["message"]["chasitorIdleTimeout"]
    assert repr(idle) == "{'isEnabled': True, 'warningTime': 120, 'timeout': 180}"


async def test_events_without_properties_have_several_shapes(sim):
    """§8: `message` may be {} or missing; typing and a disconnect have names or none."""
    visitor = await sim.active()
    await sim.rules(disconnect_names=True, typing_names=False)
    await visitor.agent("typing", on=True)
    await visitor.agent("disconnect")
    typing, disconnect = (await visitor.poll()).json["messages"]
    assert typing == {"type": "AgentTyping", "message": {}}
    assert disconnect["message"]["name"] == "Luz R."
    await sim.rules(disconnect_names=False, empty_message="missing")
    await visitor.agent("accept")
    await visitor.agent("disconnect")
    assert (await visitor.poll()).json["messages"][-1] == {"type": "AgentDisconnect"}


async def test_the_queue_moves(sim):
    visitor = await sim.waiting()
    await visitor.agent("queue", position=3, wait=60)
    assert (await visitor.poll()).first == {"position": 3, "estimatedWaitTime": 60}


async def test_an_agents_text_has_html_entities_unless_switched_off(sim):
    visitor = await sim.active()
    await visitor.agent("say", text="a < b & it's")
    message = (await visitor.poll()).first
    assert message["text"] == "a &lt; b &amp; it&#x27;s"
    assert message["agentId"].startswith(USER_ID)
    await sim.rules(html_entities="none", agent_id="missing")
    await visitor.agent("say", text="a < b")
    message = (await visitor.poll()).first
    assert message["text"] == "a < b"
    assert "agentId" not in message
    assert (await visitor.chat())["said"] == ["a < b & it's", "a < b"]


async def test_typing_carries_a_uuid_and_may_come_in_the_wrong_order(sim):
    visitor = await sim.active()
    await visitor.agent("typing", on=True)
    answer = await visitor.poll()
    assert answer.types == ["AgentTyping"]
    assert not answer.first["agentId"].startswith(USER_ID)
    await sim.rules(typing_order="wrong")
    await visitor.agent("typing", on=False)
    assert (await visitor.poll()).types == ["AgentNotTyping", "AgentTyping"]


async def test_a_transfer_names_the_new_agent(sim):
    visitor = await sim.active()
    await visitor.agent("transfer", name="Raúl S.")
    answer = await visitor.poll()
    assert (answer.types, answer.first["name"]) == (["ChatTransferred"], "Raúl S.")
    assert (await visitor.chat())["agent"]["name"] == "Raúl S."


async def test_back_to_a_queue_the_visitor_waits_again_and_may_still_write(sim):
    visitor = await sim.active()
    assert (await visitor.agent("requeue"))["status"] == "waiting"
    assert (await visitor.poll()).types == ["TransferToButtonInitiated", "QueueUpdate"]
    assert (await visitor.say("are you there?")).status == 200
    await visitor.agent("accept")
    assert (await visitor.poll()).types == ["ChatEstablished"]


@pytest.mark.parametrize("kind", ["ChatEstablished", "ChatTransferred"])
async def test_after_a_disconnect_another_agent_takes_over(sim, kind):
    await sim.rules(next_agent=kind)
    visitor = await sim.active()
    await visitor.agent("disconnect")
    assert (await visitor.poll()).json["messages"] == [{"type": "AgentDisconnect", "message": {}}]
    await visitor.agent("accept", name="Raúl S.")
    assert (await visitor.poll()).types == [kind]


async def test_the_only_agent_may_be_lost_in_mid_chat(sim):
    visitor = await sim.active()
    await visitor.agent("refuse", reason="Unavailable")
    answer = await visitor.poll()
    assert (answer.types, answer.first["reason"]) == (["ChatRequestFail"], "Unavailable")


async def test_an_agent_ends_it(sim):
    visitor = await sim.active()
    await visitor.agent("end")
    assert (await visitor.poll()).json["messages"] == [{"type": "ChatEnded", "message": {"reason": "agent"}}]


async def test_any_event_can_be_sent_even_without_a_message(sim):
    visitor = await sim.waiting()
    await visitor.agent("event", type="NeverSeen", message={"a": 1})
    await visitor.agent("event", type="AgentJoinedConference")
    events = (await visitor.poll()).json["messages"]
    assert events == [{"type": "NeverSeen", "message": {"a": 1}}, {"type": "AgentJoinedConference"}]


async def test_an_idle_visitor_is_ended(sim):
    await sim.rules(idle_enabled=True, idle_warning=0.02, idle_timeout=0.1)
    visitor = await sim.waiting()
    await visitor.agent("accept")
    assert (await visitor.chat("?until_status=ended"))["end_reason"] == "clientIdleTimeout"
    _, established, ended = [event["message"] for event in (await visitor.poll()).json["messages"]]
    assert established["chasitorIdleTimeout"] == {"isEnabled": True, "warningTime": 0.02, "timeout": 0.1}
    assert ended == {"reason": "clientIdleTimeout"}


async def test_a_visitor_who_writes_is_not_idle(sim):
    visitor = await sim.active()
    chat = sim.world.floor.chats[visitor.id]
    before = chat.heard_at
    await visitor.say("hola")
    assert chat.heard_at > before


@pytest.mark.parametrize("verb", ["say", "typing", "transfer", "requeue", "disconnect", "end", "request_file"])
async def test_who_has_not_accepted_can_do_nothing(sim, verb):
    visitor = await sim.waiting()
    body = {"text": "x"} if verb == "say" else {}
    answer = await visitor.agent(verb, expect=409, **body)
    assert answer["error"].endswith(".")


@pytest.mark.parametrize("verb", ["accept", "refuse", "end", "queue", "event", "cancel_file"])
async def test_an_ended_chat_is_left_alone(sim, verb):
    visitor = await sim.active()
    await visitor.agent("end")
    body = {"queue": {"position": 1}, "event": {"type": "X"}}.get(verb, {})
    await visitor.agent(verb, expect=409, **body)


async def test_an_automatic_agent_accepts_and_echoes(sim):
    await sim.do("PUT", "/agent", {"auto": True, "name": "Eco"})
    visitor = await sim.waiting()
    await visitor.say("hola")
    chat = await visitor.chat("?until_said=1")
    assert (chat["agent"]["name"], chat["said"]) == ("Eco", ["You said: hola"])


async def test_an_automatic_agent_takes_who_waits_already_and_takes_his_time(sim):
    visitor = await sim.waiting()
    began = ids.now_ms()
    await sim.do("PUT", "/agent", {"auto": True, "accept_after": 0.03, "delay": 0.03})
    await visitor.chat("?until_status=active")
    await visitor.say("hola")
    chat = await visitor.chat("?until_said=1")
    assert chat["steps"][-1]["at"] - began >= 29
    asked, answered = chat["transcript"]
    assert (answered["text"], answered["at"] - asked["at"] >= 29) == ("You said: hola", True)


async def test_an_automatic_agent_can_tell_a_story_to_its_end(sim):
    await sim.do("PUT", "/agent", {"auto": True, "answer": "story"})
    visitor = await sim.waiting()
    for text in ("a", "b", "c", "d"):
        await visitor.say(text)
    chat = await visitor.chat("?until_status=ended")
    assert (len(chat["said"]), chat["end_reason"]) == (4, "agent")
