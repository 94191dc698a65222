"""What a visitor posts, and when it is refused (§3, §4.3, §7)."""

from __future__ import annotations

import pytest

from .conftest import ORG

GOOD = {
    "ChatMessage": {"text": "hola"},
    "ChasitorTyping": {},
    "ChasitorNotTyping": {},
    "CustomEvent": {"type": "colour", "data": "blue"},
    "ChasitorIdleTimeoutWarningEvent": {"idleTimeoutWarningEvent": "triggered"},
    "SensitiveDataRuleTriggered": {"rules": [{"id": "1", "name": "cards"}]},
    "ChatEnd": {"reason": "client"},
}


@pytest.mark.parametrize("noun", GOOD)
async def test_a_right_post_is_ok_once_an_agent_is_there(sim, noun):
    visitor = await sim.active()
    answer = await visitor.post(noun, GOOD[noun])
    assert (answer.status, answer.text) == (200, "OK")


@pytest.mark.parametrize("noun", GOOD)
async def test_every_post_is_500_before_chat_established(sim, noun):
    visitor = await sim.session()
    assert (await visitor.post(noun, GOOD[noun], number=1)).status == 500
    await visitor.init()
    assert (await visitor.post(noun, GOOD[noun], number=2)).status == 500


async def test_a_post_that_was_too_early_may_come_again_under_its_number(sim):
    visitor = await sim.waiting()
    assert (await visitor.say("hola", number=2)).status == 500
    await visitor.agent("accept")
    assert (await visitor.say("hola", number=2)).status == 200
    assert (await visitor.chat())["heard"] == ["hola"]


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("ChatMessage", {}),
        ("ChatMessage", {"text": 5}),
        ("ChatMessage", {"text": None}),
        ("CustomEvent", {"type": "x"}),
        ("CustomEvent", {"type": "x", "data": {"a": 1}}),
        ("ChatEnd", {}),
        ("ChatEnd", {"type": "ChatEndReason"}),
        ("ChatEnd", {"reason": "bored"}),
        ("ChasitorSneakPeek", {"text": "x"}),
        ("ChasitorSneakPeek", {"text": "x", "position": "1"}),
        ("ChasitorIdleTimeoutWarningEvent", {"idleTimeoutWarningEvent": "perhaps"}),
        ("SensitiveDataRuleTriggered", {"rules": [{"id": "1"}]}),
    ],
)
async def test_bodies_with_missing_or_wrong_fields_are_400(sim, noun, body):
    await sim.rules(sneak_peek=True)
    visitor = await sim.active()
    assert (await visitor.post(noun, body)).status == 400
    assert (await visitor.chat())["last_sequence"] == 1


async def test_bad_json_is_400(sim):
    visitor = await sim.active()
    headers = visitor.headers | {"X-LIVEAGENT-SEQUENCE": "2", "Content-Type": "application/json"}
    for data in ("{", "", "[]", b"\xff"):
        answer = await sim.ask("POST", "/chat/rest/Chasitor/ChatMessage", headers=headers, data=data)
        assert answer.status == 400


async def test_a_body_must_be_sent_as_json(sim):
    visitor = await sim.active()
    assert (await visitor.post("ChatMessage", json=None, data='{"text": "hola"}')).status == 400


async def test_texts_are_heard_in_order_with_their_numbers(sim):
    visitor = await sim.active()
    for text in ("uno", "dos", "dos"):
        await visitor.say(text)
    chat = await visitor.chat()
    assert chat["heard"] == ["uno", "dos", "dos"]
    assert [line["sequence"] for line in chat["transcript"]] == [2, 3, 4]
    assert {line["from"] for line in chat["transcript"]} == {"visitor"}


async def test_a_repeated_number_is_ok_and_heard_once(sim):
    visitor = await sim.active()
    assert [(await visitor.say("hola", number=2)).status for _ in range(3)] == [200, 200, 200]
    chat = await visitor.chat()
    assert (chat["heard"], chat["duplicates"]) == (["hola"], 2)


async def test_a_switch_refuses_repeated_numbers(sim):
    await sim.rules(duplicate_sequence="409")
    visitor = await sim.active()
    await visitor.say("hola", number=2)
    assert (await visitor.say("hola", number=2)).text == "Out of sync Ack. Expected 2. Actual 2"


async def test_a_gap_is_409_and_actual_plus_one_goes_on(sim):
    visitor = await sim.active()
    refused = await visitor.say("hola", number=9)
    assert (refused.status, refused.text) == (409, "Out of sync Ack. Expected 9. Actual 1")
    assert (await visitor.say("hola", number=2)).status == 200


async def test_the_header_is_optional_unless_the_switch_wants_it(sim):
    visitor = await sim.active()
    assert (await visitor.say("hola", number=0)).status == 200
    assert (await visitor.chat())["last_sequence"] == 1
    await sim.rules(sequence_required=True)
    assert (await visitor.say("hola", number=0)).status == 400


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.0"])
async def test_a_number_is_a_whole_number_from_one_on(sim, number):
    visitor = await sim.active()
    headers = visitor.headers | {"X-LIVEAGENT-SEQUENCE": number}
    path = "/chat/rest/Chasitor/ChatMessage"
    assert (await sim.ask("POST", path, headers=headers, json={"text": "x"})).status == 400


@pytest.mark.parametrize(("status", "text"), [(202, ""), (204, "")])
async def test_success_may_be_202_or_204(sim, status, text):
    visitor = await sim.active()
    await sim.rules(post_status=status)
    answer = await visitor.say("hola")
    assert (answer.status, answer.text) == (status, text)


async def test_typing_is_seen(sim):
    visitor = await sim.active()
    await visitor.post("ChasitorTyping")
    assert (await visitor.chat())["visitor_typing"]
    await visitor.say("hola")
    assert not (await visitor.chat())["visitor_typing"]


async def test_a_sneak_peek_is_only_for_who_was_asked(sim):
    visitor = await sim.active()
    assert (await visitor.post("ChasitorSneakPeek", {"position": 1, "text": "ho"}, number=2)).status == 500
    await sim.rules(sneak_peek=True)
    assert (await visitor.post("ChasitorSneakPeek", {"position": 1, "text": "ho"}, number=2)).status == 200


async def test_a_text_limit_can_be_set(sim):
    await sim.rules(max_text=4)
    visitor = await sim.active()
    assert (await visitor.say("12345", number=2)).status == 400
    assert (await visitor.say("1234", number=2)).status == 200


async def test_chat_end_tells_both_and_then_everything_is_403(sim):
    detail = {"label": "CaseId", "value": "500A", "transcriptFields": ["CaseId"]}
    visitor = await sim.active(prechatDetails=[detail])
    await visitor.post("ChatEnd", {"reason": "client"})
    answer = await visitor.poll()
    assert answer.types == ["ChatEnded"]
    records = [{"fieldName": "CaseId", "fieldValue": "500A"}]
    assert answer.first == {"reason": "client", "attachedRecords": records}
    assert (await visitor.say("still there?")).status == 403
    assert (await visitor.poll()).status == 403
    assert (await visitor.chat())["end_reason"] == "client"


async def test_chat_end_after_the_agent_ended_is_403(sim):
    visitor = await sim.active()
    await visitor.agent("end")
    assert (await visitor.post("ChatEnd", {"reason": "client"})).status == 403


async def test_chat_end_while_waiting_is_500_or_by_switch_ok(sim):
    visitor = await sim.waiting()
    assert (await visitor.post("ChatEnd", {"reason": "client"}, number=2)).status == 500
    await sim.rules(chat_end_while_waiting="ok")
    assert (await visitor.post("ChatEnd", {"reason": "client"}, number=2)).status == 200
    assert (await visitor.poll()).types == ["ChatEnded"]


def batch(*nouns):
    return {"nouns": [{"prefix": "Chasitor", "noun": noun, "object": body} for noun, body in nouns]}


async def test_a_batch_takes_one_number_for_the_lot(sim):
    visitor = await sim.active()
    body = batch(("ChatMessage", {"text": "a"}), ("ChasitorTyping", {}), ("ChatMessage", {"text": "b"}))
    assert (await visitor.post("System/MultiNoun", body)).status == 200
    chat = await visitor.chat()
    assert (chat["heard"], chat["last_sequence"]) == (["a", "b"], 2)


@pytest.mark.parametrize(
    "body",
    [
        {},
        batch(("ChasitorInit", {})),
        batch(("Nothing", {})),
        batch(("ChatMessage", {"text": "a"}), ("ChatMessage", {})),
        {"nouns": [{"prefix": "Chasitor", "noun": "ChatMessage", "data": "x"}]},
    ],
)
async def test_a_batch_with_anything_wrong_is_refused_whole(sim, body):
    visitor = await sim.active()
    assert (await visitor.post("System/MultiNoun", body)).status == 400
    assert (await visitor.chat())["heard"] == []


async def test_a_batch_whose_time_has_not_come_is_refused_whole(sim):
    """§7: one number for the lot, so its repetition carries it all again."""
    visitor = await sim.active()
    body = batch(("ChatMessage", {"text": "a"}), ("ChasitorSneakPeek", {"position": 1, "text": "b"}))
    assert (await visitor.post("System/MultiNoun", body, number=2)).status == 500
    await sim.rules(sneak_peek=True)
    assert (await visitor.post("System/MultiNoun", body, number=2)).status == 200
    assert (await visitor.chat())["heard"] == ["a"]


@pytest.mark.parametrize("noun", ["Messages?ack=-1", "ReconnectSession?ReconnectSession.offset=0", "SessionId"])
async def test_gets_carry_no_number(sim, noun):
    """§2.1, §3.2."""
    visitor = await sim.active()
    affinity = visitor.affinity if noun.startswith("Messages") else "null"
    answer = await visitor.get(noun, **{"X-LIVEAGENT-SEQUENCE": "2", "X-LIVEAGENT-AFFINITY": affinity})
    assert answer.status == 400
    assert "SEQUENCE" in answer.text


async def test_resync_state_neither_carries_nor_uses_a_number(sim):
    visitor = await sim.active()
    assert (await visitor.resync()).status == 200
    assert (await visitor.post("ChasitorResyncState", {}, 0)).status == 400
    assert (await visitor.post("ChasitorResyncState", {"organizationId": ORG}, 2)).status == 400
    assert (await visitor.chat())["last_sequence"] == 1
