"""What agents do with conversations of Enhanced Chat (EC §6), by the verbs of every chat."""

from __future__ import annotations

import pytest

from .enhanced import CLIENT, guest, new_id


async def told(visitor, verb: str, count: int, **body):
    """The events of one act."""
    last = str((await visitor.chat())["newest_event"])
    async with visitor.listening(after=last) as stream:
        await visitor.agent(verb, **body)
        return await stream.take(count)


def changes(event) -> list[tuple[str, str, str]]:
    return [(one["operation"], one["participant"]["role"], one["displayName"]) for one in event.payload["entries"]]


async def test_without_a_bot_only_the_agent_joins(sim):
    await sim.rules(chatbot_first=False)
    visitor = await (await guest(sim)).waiting()
    work, joined, active = await told(visitor, "accept", 3, name="Luz R.")
    assert work.name == "CONVERSATION_ROUTING_WORK_RESULT"
    assert changes(joined) == [("add", "Agent", "Luz R.")]
    assert active.payload["sessionStatus"] == "Active"


async def test_an_agent_types(sim):
    visitor = await (await guest(sim)).active()
    (on,) = await told(visitor, "typing", 1)
    (off,) = await told(visitor, "typing", 1, on=False)
    assert on.name == "CONVERSATION_TYPING_STARTED_INDICATOR"
    assert (off.name, off.entry["sender"]["role"]) == ("CONVERSATION_TYPING_STOPPED_INDICATOR", "Agent")
    assert not [one for one in await visitor.entries(limit=50) if one["entryType"].startswith("Typing")]


async def test_an_agent_quotes_what_they_answer(sim):
    visitor = await (await guest(sim)).active()
    asked = (await visitor.chat())["transcript"][0]["id"]
    (event,) = await told(visitor, "say", 1, text="Sí", quotes=asked)
    assert event.payload["abstractMessage"]["inReplyToMessageId"] == asked
    await visitor.agent("say", text="¿?", quotes=new_id(), expect=409)


async def test_a_transfer_is_one_event_with_two_changes(sim):
    visitor = await (await guest(sim)).active()
    (event,) = await told(visitor, "transfer", 1, name="Raúl S.")
    assert changes(event) == [("remove", "Agent", "Luz R."), ("add", "Agent", "Raúl S.")]
    assert (await visitor.chat())["agent"]["name"] == "Raúl S."


async def test_back_to_a_queue_routing_looks_for_another(sim):
    visitor = await (await guest(sim)).active()
    left, routed, place = await told(visitor, "requeue", 3, position=4, wait=60)
    assert changes(left) == [("remove", "Agent", "Luz R.")]
    assert (routed.payload["routingType"], routed.payload["failureType"]) == ("Transfer", "None")
    assert routed.payload["estimatedWaitTime"]["estimatedWaitTimeInSeconds"] == 60
    assert (place.name, place.payload["position"]) == ("CONVERSATION_QUEUE_POSITION", 4)
    assert (await visitor.say("are you there?")).status == 202
    _, joined = await told(visitor, "accept", 2, name="Inés M.")
    assert changes(joined) == [("add", "Agent", "Inés M.")]
    assert (await visitor.chat())["heard"] == ["hola", "are you there?"]


async def test_an_agent_leaves_and_another_comes(sim):
    visitor = await (await guest(sim)).active()
    (left,) = await told(visitor, "disconnect", 1)
    assert changes(left) == [("remove", "Agent", "Luz R.")]
    assert (await visitor.chat())["status"] == "waiting"
    await visitor.agent("accept")
    await visitor.agent("disconnect", routing_status="LOST", expect=409)


@pytest.mark.parametrize("tells, count", [("both", 2), ("status", 1), ("leaves", 1)])
async def test_an_agents_end_is_told_as_the_switch_says_and_never_as_a_close(sim, tells, count):
    await sim.rules(agent_end_tells=tells)
    visitor = await (await guest(sim)).active()
    events = await told(visitor, "end", count)
    names = [event.entry["entryType"] for event in events]
    assert (
        names
        == {
            "both": ["ParticipantChanged", "SessionStatusChanged"],
            "status": ["SessionStatusChanged"],
            "leaves": ["ParticipantChanged"],
        }[tells]
    )
    chat = await visitor.chat()
    assert (chat["status"], chat["end_reason"], chat["closed"]) == ("ended", "agent", False)
    assert int(events[-1].id or 0) == chat["newest_event"]
    assert (await visitor.mine("GET")).json["routingStatus"] == "NEEDS_ROUTING"


@pytest.mark.parametrize("role, told_role", [("right", "Agent"), ("wrong", "EndUser"), ("missing", None)])
async def test_who_ended_a_session_is_not_reliable(sim, role, told_role):
    await sim.rules(ended_by_role=role)
    visitor = await (await guest(sim)).active()
    _, ended = await told(visitor, "end", 2)
    assert (ended.payload["sessionStatusPrev"], ended.payload["sessionStatus"]) == ("Active", "Ended")
    assert ended.payload.get("sessionEndedByRole") == told_role


async def test_the_users_close_is_told_as_one(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await visitor.mine("DELETE", params={"esDeveloperName": CLIENT})
        ended, closed = await stream.take(2)
    assert ended.payload["sessionEndedByRole"] == "EndUser"
    assert (closed.name, closed.payload["conversationIdentifier"]) == ("CONVERSATION_CLOSE_CONVERSATION", visitor.id)


async def test_a_conversation_is_closed_from_elsewhere(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        assert (await sim.do("POST", "/enhanced/close", {"chat": visitor.id}))["end_reason"] == "client"
        assert [one.entry["entryType"] for one in await stream.take(2)] == [
            "SessionStatusChanged",
            "CloseConversation",
        ]
    assert (await visitor.say("late")).status == 404
    await sim.do("POST", "/enhanced/close", {"chat": visitor.id}, expect=409)
    await sim.do("POST", "/enhanced/close", {"chat": "x"}, expect=404)


@pytest.mark.parametrize("accepted, kind", [(False, "Initial"), (True, "Transfer")])
async def test_routing_fails_at_first_or_when_the_agent_is_lost(sim, accepted, kind):
    visitor = await (await guest(sim)).waiting()
    if accepted:
        await visitor.agent("accept")
    (failed,) = await told(visitor, "refuse", 1)
    assert (failed.payload["routingType"], failed.payload["failureType"]) == (kind, "RoutingError")
    assert failed.payload["failureReason"] == failed.payload["errorMessages"][0] == "No agents are available"
    assert (await visitor.chat())["end_reason"] == "Unavailable"


async def test_the_queue_moves(sim):
    visitor = await (await guest(sim)).waiting()
    (event,) = await told(visitor, "queue", 1, position=3)
    assert event.payload["position"] == 3


async def test_the_user_is_told_that_a_message_was_delivered_and_read(sim):
    visitor = await guest(sim)
    await visitor.create()
    id = new_id()
    await visitor.say("hola", first=True, id=id)
    await visitor.agent("accept")
    for kind in ("Delivery", "Read"):
        (event,) = await told(visitor, "acknowledge", 1, kind=kind, entry=id)
        assert event.name == f"CONVERSATION_{kind.upper()}_ACKNOWLEDGEMENT"
        assert event.payload["acknowledgedConversationEntryIdentifier"] == id
        assert event.entry["relatedRecords"] == [id]
    await visitor.agent("acknowledge", kind="Seen", expect=409)
    await visitor.agent("acknowledge", entry=new_id(), expect=409)


async def test_any_event_can_be_sent(sim):
    visitor = await (await guest(sim)).waiting()
    (event,) = await told(visitor, "event", 1, type="CONVERSATION_PROGRESS_INDICATOR", message={"a": 1})
    assert (event.name, event.payload["a"]) == ("CONVERSATION_PROGRESS_INDICATOR", 1)


@pytest.mark.parametrize("verb", ["request_file", "cancel_file"])
async def test_what_only_live_agent_has_is_refused_with_the_reason(sim, verb):
    visitor = await (await guest(sim)).active()
    assert "Enhanced Chat" in (await visitor.agent(verb, expect=409))["error"]


@pytest.mark.parametrize("verb", ["file", "choices", "form", "acknowledge"])
async def test_what_only_enhanced_chat_has_is_refused_with_the_reason(sim, verb):
    visitor = await sim.active()
    bodies = {
        "file": {"name": "a", "content": "eA=="},
        "choices": {"text": "a", "options": ["b"]},
        "form": {"title": "a", "inputs": ["b"]},
    }
    assert "Live Agent" in (await visitor.agent(verb, expect=409, **bodies.get(verb, {})))["error"]
    await visitor.agent("disconnect", routing_status="INITIAL", expect=409)
    await visitor.agent("say", text="a", quotes="b", expect=409)


BODIES = {
    "say": {"text": "x"},
    "file": {"name": "a", "content": "eA=="},
    "choices": {"text": "a", "options": ["b"]},
    "form": {"title": "a", "inputs": ["b"]},
    "queue": {"position": 1},
    "event": {"type": "X"},
}


@pytest.mark.parametrize(
    "verb", ["say", "typing", "transfer", "requeue", "disconnect", "end", "file", "choices", "form"]
)
async def test_who_has_not_accepted_can_do_nothing(sim, verb):
    visitor = await (await guest(sim)).waiting()
    assert (await visitor.agent(verb, expect=409, **BODIES.get(verb, {})))["error"].endswith(".")


@pytest.mark.parametrize("verb", ["accept", "refuse", "end", "say", "queue", "event"])
async def test_a_closed_conversation_is_left_alone(sim, verb):
    visitor = await (await guest(sim)).active()
    await visitor.mine("DELETE", params={"esDeveloperName": CLIENT})
    await visitor.agent(verb, expect=409, **BODIES.get(verb, {}))


@pytest.mark.parametrize(
    "verb, body",
    [
        ("choices", {"text": "a", "options": []}),
        ("choices", {"text": "a", "options": "b"}),
        ("choices", {"text": "a", "options": [1]}),
        ("form", {"title": "a", "inputs": []}),
        ("file", {"name": "a"}),
    ],
)
async def test_acts_that_make_no_sense_are_refused(sim, verb, body):
    visitor = await (await guest(sim)).active()
    await visitor.agent(verb, expect=400, **body)
    await visitor.agent("choices", text="a", options=["b"], format="Lights", expect=409)


async def test_both_kinds_stand_on_one_floor(sim):
    visitor, other = await (await guest(sim)).waiting(), await sim.waiting()
    chats = (await sim.do("GET", "/chats?status=waiting&until=2"))["chats"]
    assert [(one["id"], one["kind"]) for one in chats] == [
        (visitor.id, "enhanced_chat"),
        (other.id, "live_agent"),
    ]
    listed = (await sim.do("GET", "/desk"))["chats"]
    assert [(one["kind"], one["place"]) for one in listed] == [("enhanced_chat", 1), ("live_agent", 2)]
    assert all(one["since"] > 0 for one in listed)
    for kind, id in (("enhanced_chat", visitor.id), ("live_agent", other.id)):
        assert [one["id"] for one in (await sim.do("GET", f"/chats?kind={kind}&until=1"))["chats"]] == [id]
    await sim.do("GET", "/chats?kind=fax", expect=400)
    assert (await sim.do("GET", "/chats?visitor_name=Ana P."))["chats"][0]["id"] == visitor.id
    await sim.do("POST", "/handover", {})
    assert (await other.poll()).status == 503
    assert (await visitor.say("still here")).status == 202
    await sim.do("POST", "/handover", {"chat": visitor.id}, expect=404)


async def test_a_conversation_that_nobody_was_asked_for_is_not_at_the_desk(sim):
    visitor = await guest(sim)
    await visitor.create()
    assert (await sim.do("GET", "/desk"))["chats"] == []
    assert [one["asked"] for one in (await sim.do("GET", "/ledger"))["chats"]] == [False]
    await visitor.say("hola", first=True)
    assert [one["asked"] for one in (await sim.do("GET", "/ledger"))["chats"]] == [True]
    assert len((await sim.do("GET", "/desk"))["chats"]) == 1


async def test_an_automatic_agent_accepts_and_echoes(sim):
    await sim.do("PUT", "/agent", {"auto": True, "name": "Eco"})
    visitor = await (await guest(sim)).waiting()
    await visitor.say("¿Sigue?")
    chat = await visitor.chat("?until_said=2")
    assert (chat["agent"]["name"], chat["said"]) == ("Eco", ["You said: hola", "You said: ¿Sigue?"])


async def test_the_ledger_has_both_sides_in_order(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        for number in range(3):
            await visitor.say(f"u{number}")
            await visitor.agent("say", text=f"a{number}")
        await stream.take(6)
        ledger = await sim.do("GET", "/ledger")
    (row,) = ledger["chats"]
    assert (row["heard"], row["said"]) == (["hola", "u0", "u1", "u2"], ["a0", "a1", "a2"])
    assert (len(row["heard_at"]), row["kind"], row["open_streams"]) == (4, "enhanced_chat", 1)
    assert (row["subject"], row["duplicates"], row["refusals"]) == (visitor.subject, 0, [])
    requests = await sim.do("GET", f"/requests?chat={visitor.id}")
    assert requests["send_message"]["total"] == 4
