"""The change of servers (§6, §15.3)."""

from __future__ import annotations

import asyncio

import pytest

from .conftest import Visitor


async def moved(sim, **rules) -> Visitor:
    """A chat with one line on each side whose server goes away."""
    await sim.rules(**rules)
    visitor = await sim.active()
    await visitor.say("Hola")
    await visitor.agent("say", text="Lo reviso")
    visitor.offset = (await visitor.poll()).json["offset"]
    await sim.do("POST", "/handover", {"chat": visitor.id})
    return visitor


async def test_everything_is_503_until_reconnect_session(sim):
    visitor = await moved(sim)
    assert (await visitor.poll()).status == 503
    assert (await visitor.say("x")).status == 503
    assert (await visitor.resync()).status == 503
    assert (await visitor.chat())["heard"] == ["Hola"]


async def test_an_open_poll_gets_the_503(sim):
    visitor = await sim.active()
    poll = await visitor.polled()
    await sim.do("POST", "/handover", {"chat": None})
    assert (await poll).status == 503


async def test_reconnect_session_tells_a_new_affinity_and_the_old_one_is_503_for_ever(sim):
    visitor = await moved(sim)
    old = visitor.affinity
    answer = await visitor.reconnect(visitor.offset)
    assert answer.types == ["ReconnectSession"]
    assert answer.first == {"resetSequence": True, "affinityToken": visitor.affinity}
    assert visitor.affinity != old
    assert (await visitor.poll()).status == 200
    visitor.affinity = old
    assert (await visitor.poll()).status == 503


@pytest.mark.parametrize(("switch", "stored"), [("lost", []), ("stored", ["uno", "dos"]), ("either", ["uno"])])
async def test_whether_a_post_that_meets_the_503_was_stored_is_a_switch(sim, switch, stored):
    """§6, edge cases: unknown; ChasitorSessionData tells it."""
    visitor = await moved(sim, post_at_handover=switch)
    assert (await visitor.say("uno", number=3)).status == 503
    assert (await visitor.say("dos", number=4 if stored else 3)).status == 503
    await visitor.reconnect(visitor.offset)
    data = (await visitor.poll()).first["chatMessages"]
    assert [one["content"] for one in data if one["type"] == "Chasitor"] == ["Hola", *stored]
    assert (await visitor.chat())["heard"] == ["Hola", *stored]


async def test_session_data_comes_first_and_numbers_start_again(sim):
    visitor = await moved(sim)
    await visitor.reconnect(visitor.offset)
    answer = await visitor.poll()
    assert (answer.types, answer.json["sequence"]) == (["ChasitorSessionData"], 1)
    lines = [(one["type"], one["name"], one["content"]) for one in answer.first["chatMessages"]]
    assert lines == [("Chasitor", "Ana P.", "Hola"), ("Agent", "Luz R.", "Lo reviso")]
    assert [one["sequence"] for one in answer.first["chatMessages"]] == [1, 2]


async def test_after_resync_state_the_outbound_sequence_starts_at_one(sim):
    visitor = await moved(sim)
    await visitor.reconnect(visitor.offset)
    await visitor.poll()
    assert (await visitor.say("too early", number=1)).status == 500
    assert (await visitor.resync()).status == 200
    assert (await visitor.say("¿Sigue ahí?", number=1)).status == 200
    assert (await visitor.chat())["heard"] == ["Hola", "¿Sigue ahí?"]


async def test_a_switch_takes_posts_before_resync_state(sim):
    visitor = await moved(sim, before_resync="accept")
    await visitor.reconnect(visitor.offset)
    assert (await visitor.say("hola", number=1)).status == 200


@pytest.mark.parametrize(("switch", "status"), [("refuse", 500), ("accept", 200)])
async def test_resync_state_before_the_session_data_was_fetched_is_a_switch(sim, switch, status):
    """§6, steps 5 and 6."""
    visitor = await moved(sim, early_resync=switch)
    await visitor.reconnect(visitor.offset)
    assert (await visitor.resync()).status == status
    assert (await visitor.poll()).types == ["ChasitorSessionData"]
    assert (await visitor.resync()).status == 200


async def test_resync_state_wants_the_chats_own_organization(sim):
    visitor = await moved(sim)
    await visitor.reconnect(visitor.offset)
    answer = await visitor.post("ChasitorResyncState", {"organizationId": "00D000000000002"}, 0)
    assert answer.status == 400


async def test_reconnect_session_without_a_hand_over_is_405(sim):
    visitor = await sim.active()
    assert (await visitor.reconnect()).status == 405


async def test_reconnect_session_is_answered_once_for_a_hand_over(sim):
    """§6, edge cases: no hand-over is pending any more, whether or not the new affinity was used."""
    visitor = await moved(sim)
    await visitor.reconnect(visitor.offset)
    assert (await visitor.reconnect(visitor.offset)).status == 405
    assert (await visitor.poll()).types == ["ChasitorSessionData"]
    assert (await visitor.reconnect(visitor.offset)).status == 405
    await visitor.resync()
    assert (await visitor.reconnect(visitor.offset)).status == 405


@pytest.mark.parametrize(
    ("switch", "statuses"), [("after_503", [405, 200]), ("405", [405, 405]), ("200", [200, 200])]
)
async def test_what_a_client_that_lost_the_answer_may_do_is_a_switch(sim, switch, statuses):
    """Strict: 405 until a request under the old affinity was answered 503, which says that it is not valid."""
    visitor = await moved(sim, reconnect_again=switch)
    old = visitor.affinity
    await visitor.reconnect(visitor.offset)
    again = [(await visitor.reconnect(visitor.offset)).status]
    told, visitor.affinity = visitor.affinity, old
    assert (await visitor.poll()).status == 503
    again.append((await visitor.reconnect(visitor.offset)).status)
    assert again == statuses
    if visitor.affinity == old:
        visitor.affinity = told  # whoever did learn it is served
    assert (await visitor.poll()).types == ["ChasitorSessionData"]


async def test_a_late_request_under_the_old_affinity_takes_nothing_from_who_learnt_the_new_one(sim):
    """The POST's 503 that is heard after the poll's hand-over is done asks for no second one."""
    visitor = await moved(sim)
    old = visitor.affinity
    await visitor.reconnect(visitor.offset)
    new, visitor.affinity = visitor.affinity, old
    assert (await visitor.say("late", number=3)).status == 503
    visitor.affinity = new
    assert (await visitor.poll()).types == ["ChasitorSessionData"]
    visitor.affinity = old
    assert (await visitor.say("later", number=3)).status == 503
    assert (await visitor.reconnect(visitor.offset)).status == 405


async def test_reconnect_session_needs_null_an_offset_and_version_37(sim):
    visitor = await moved(sim)
    null = {"X-LIVEAGENT-AFFINITY": "null"}
    assert (await visitor.get("ReconnectSession?ReconnectSession.offset=0")).status == 400
    assert (await visitor.get("ReconnectSession", **null)).status == 400
    old = null | {"X-LIVEAGENT-API-VERSION": "36"}
    assert (await visitor.get("ReconnectSession?ReconnectSession.offset=0", **old)).status == 404
    visitor.key = "nobody"
    assert (await visitor.reconnect()).status == 403


async def test_a_second_hand_over_while_reconnecting_starts_again(sim):
    visitor = await moved(sim)
    await visitor.reconnect(visitor.offset)
    await sim.do("POST", "/handover", {"chat": visitor.id})
    assert (await visitor.poll()).status == 503
    await visitor.reconnect(visitor.offset)
    assert (await visitor.poll()).types == ["ChasitorSessionData"]


async def test_both_sides_may_talk_while_it_lasts(sim):
    visitor = await moved(sim)
    await visitor.agent("say", text="said meanwhile")
    await visitor.agent("transfer", name="Raúl S.")
    await visitor.agent("end")
    await visitor.reconnect(visitor.offset)
    answer = await visitor.poll()
    assert answer.types == ["ChasitorSessionData", "ChatTransferred", "ChatEnded"]
    contents = [one["content"] for one in answer.first["chatMessages"] if one["type"] == "Agent"]
    assert contents == ["Lo reviso", "said meanwhile"]
    assert "OperatorTransferred" in [one["type"] for one in answer.first["chatMessages"]]


@pytest.mark.parametrize(
    ("switch", "types"),
    [
        ("unseen", ["ChasitorSessionData", "AgentTyping"]),
        ("unseen_with_texts", ["ChasitorSessionData", "AgentTyping", "ChatMessage"]),
        ("nothing", ["ChasitorSessionData"]),
        (
            "all",
            [
                "ChasitorSessionData",
                "ChatRequestSuccess",
                "QueueUpdate",
                "ChatEstablished",
                "ChatMessage",
                "AgentTyping",
                "ChatMessage",
            ],
        ),
    ],
)
async def test_what_follows_the_session_data_is_a_switch(sim, switch, types):
    visitor = await moved(sim, after_handover=switch)
    await visitor.agent("typing")
    await visitor.agent("say", text="unseen")
    await visitor.reconnect(visitor.offset)
    assert (await visitor.poll()).types == types


@pytest.mark.parametrize(
    ("switch", "types"),
    [("second", ["AgentTyping", "ChasitorSessionData"]), ("never", ["AgentTyping"])],
)
async def test_session_data_may_come_second_or_never(sim, switch, types):
    visitor = await moved(sim, session_data=switch)
    await visitor.agent("typing")
    await visitor.reconnect(visitor.offset)
    assert (await visitor.poll()).types == types


@pytest.mark.parametrize(("switch", "number"), [(None, 1), (False, 3)])
async def test_reset_sequence_may_be_missing_or_false(sim, switch, number):
    visitor = await moved(sim, reset_sequence=switch)
    answer = await visitor.reconnect(visitor.offset)
    assert answer.first.get("resetSequence") is switch
    await visitor.poll()
    await visitor.resync()
    assert (await visitor.say("x", number=number)).status == 200


async def test_a_hand_over_of_all_leaves_ended_and_new_chats_alone(sim):
    ended, active, created = await sim.active(), await sim.active(), await sim.session()
    await ended.agent("end")
    assert (await sim.do("POST", "/handover", {}))["chats"] == [active.id]
    assert (await ended.poll()).status == 200
    assert (await created.init()).status == 200
    await sim.do("POST", "/handover", {"chat": ended.id}, expect=409)
    await sim.do("POST", "/handover", {"chat": "nobody"}, expect=404)


async def test_a_chat_that_waits_is_established_through_a_hand_over(sim):
    visitor = await sim.waiting()
    await sim.do("POST", "/handover", {})
    await visitor.agent("accept")
    await visitor.reconnect(0)
    poll = await asyncio.wait_for(visitor.polling(), 25)
    await visitor.resync()
    assert poll.types[0] == "ChasitorSessionData"
    assert "ChatEstablished" in poll.types


async def test_a_post_on_its_way_and_the_open_poll_hear_the_503_together(sim):
    """§6, step 1: both are in flight when the server goes away."""
    visitor = await sim.active()
    await sim.rules(post_seconds=30)
    poll = await visitor.polled()
    post = asyncio.create_task(visitor.say("hola"))
    async with asyncio.timeout(25):
        while "chat_message" not in sim.world.traffic.shown():
            await asyncio.sleep(0.001)
    await sim.do("POST", "/handover", {"chat": visitor.id})
    answers = await asyncio.wait_for(asyncio.gather(poll, post), 25)
    assert [one.status for one in answers] == [503, 503]
