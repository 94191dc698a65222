"""Conversations of Enhanced Chat (EC §4.1, §4.2, §4.7, §4.8): begun, routed, listed, ended."""

from __future__ import annotations

import pytest

from . import enhanced
from .enhanced import API, CLIENT, customer, guest, new_id

GOOD = "3f2b8c1a-77c1-4f0e-9a55-0d6c2b1e4a10"
ENDING = {"esDeveloperName": CLIENT}


async def test_a_conversation_is_created_with_an_empty_answer(sim):
    visitor = await guest(sim)
    answer = await visitor.create()
    assert (answer.status, answer.text) == (201, "")
    chat = await visitor.chat()
    assert (chat["kind"], chat["status"], chat["visitor_name"]) == ("enhanced_chat", "created", "Ana P.")
    assert (chat["language"], chat["es_developer_name"]) == ("es_MX", CLIENT)
    await sim.rules(conversation_answer="json")
    visitor.id = new_id()
    assert (await visitor.create()).json == {"conversationId": visitor.id}


@pytest.mark.parametrize(
    "id",
    [
        GOOD.upper(),
        GOOD.replace("4f0e", "1f0e"),
        GOOD.replace("9a55", "7a55"),
        GOOD.replace("-", ""),
        f"{{{GOOD}}}",
        f"{GOOD}\n",
        "",
        7,
        None,
        ...,
    ],
)
async def test_a_conversation_id_is_a_uuid_v4_in_lower_case(sim, id):
    visitor = await guest(sim)
    answer = await visitor.create(conversationId=id)
    assert (answer.status, "conversationId" in answer.json["message"]) == (400, True)
    assert (await sim.do("GET", "/chats"))["chats"] == []


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"esDeveloperName": ...}, 400),
        ({"esDeveloperName": ""}, 400),
        ({"esDeveloperName": "Web_Widget"}, 403),
        ({"routingAttributes": "x"}, 400),
        ({"routingAttributes": {"Case_Id": 7}}, 400),
        ({"routingAttributes": {"Case_Id": {"a": "b"}}}, 400),
        ({"language": 7}, 400),
        ({"routingAttributes": None, "language": None}, 201),
        ({"routingAttributes": ..., "language": ...}, 201),
    ],
)
async def test_each_field_of_a_conversation_is_looked_at(sim, changes, status):
    assert (await (await guest(sim)).create(**changes)).status == status


async def test_what_is_no_json_is_refused(sim):
    visitor = await guest(sim)
    for data, kind in ((b"{", "application/json"), (b"[]", "application/json"), (b"{}", "text/plain")):
        headers = visitor.headers | {"Content-Type": kind}
        assert (await sim.ask("POST", f"{API}/conversation", data=data, headers=headers)).status == 400


async def test_attributes_that_the_channel_does_not_know_are_dropped_without_a_word(sim):
    visitor = await guest(sim)
    await visitor.create(routingAttributes={"_firstName": "Ana", "firstName": "X", "Case_Id": "500000000000001AAA"})
    chat = await visitor.chat()
    assert [one["label"] for one in chat["prechat_details"]] == ["_firstName", "Case_Id"]
    assert chat["dropped_attributes"] == ["firstName"]


async def test_the_same_id_again_is_409_or_what_the_switch_says(sim):
    visitor, other = await guest(sim), await guest(sim)
    await visitor.create()
    assert (await visitor.create()).status == 409
    for status in (200, 201):
        await sim.rules(conversation_repeated=status, conversation_starts=9)
        assert (await visitor.create()).status == status
        assert (await other.create(conversationId=visitor.id)).status == 409
    assert len((await sim.do("GET", "/chats"))["chats"]) == 1


@pytest.mark.parametrize("per", ["client", "user", "deployment"])
async def test_three_conversations_may_begin_in_30_s(sim, per):
    await sim.rules(conversation_starts_per=per)
    visitor = await guest(sim)
    for number in range(3):
        assert (await visitor.create(conversationId=new_id())).status == 201, number
    assert (await visitor.create(conversationId=new_id())).status == 429
    again = (await visitor.call("GET", f"{API}/authorization/continuation-access-token")).json["accessToken"]
    twin = enhanced.Guest(sim, again, visitor.last, visitor.subject)
    assert (await twin.create()).status == (201 if per == "client" else 429)
    assert (await (await guest(sim)).create()).status == (429 if per == "deployment" else 201)


async def test_so_many_sessions_may_be_active(sim):
    await sim.rules(active_sessions_max=1)
    visitor = await (await guest(sim)).waiting()
    other = await guest(sim)
    assert (await other.create()).status == 429
    await visitor.mine("DELETE", params=ENDING)
    assert (await other.create()).status == 201


async def test_routing_begins_with_the_first_message_or_with_the_conversation(sim):
    visitor = await guest(sim)
    await visitor.create()
    assert (await visitor.chat())["status"] == "created"
    await visitor.say("hola", first=True)
    assert (await visitor.chat())["status"] == "waiting"
    await sim.rules(routing_begins="conversation")
    other = await guest(sim)
    await other.create()
    assert (await other.chat())["status"] == "waiting"
    await other.say("hola", first=True)
    assert ((await other.chat())["sessions"], (await other.chat())["unrouted"]) == (1, [])


@pytest.mark.parametrize(
    "changes",
    [{"isNewMessagingSession": False}, {"isNewMessagingSession": ...}, {"routingAttributes": ...}, {"language": ...}],
)
async def test_a_first_message_that_lacks_something_is_accepted_and_never_routed(sim, changes):
    visitor = await guest(sim)
    await visitor.create()
    assert (await visitor.say("hola", first=True, **changes)).status == 202
    chat = await visitor.chat()
    assert (chat["status"], chat["heard"], len(chat["unrouted"])) == ("created", ["hola"], 1)


async def test_the_routing_status_says_what_comes_of_an_agent_who_left(sim):
    visitor = await (await guest(sim)).waiting()

    async def status() -> str:
        answer = await visitor.mine("GET")
        assert answer.json["conversationId"] == visitor.id
        return str(answer.json["routingStatus"])

    assert await status() == "INITIAL"
    await visitor.agent("accept")
    assert await status() == "ROUTED"
    await visitor.agent("disconnect")
    assert await status() == "INITIAL"
    await visitor.agent("accept")
    await visitor.agent("requeue")
    assert await status() == "TRANSFER"
    await visitor.agent("accept")
    for named in ("INITIAL", "NEEDS_ROUTING", "TRANSFER"):
        await visitor.agent("disconnect", routing_status=named)
        assert await status() == named
        await visitor.agent("accept")
    await visitor.agent("end")
    assert await status() == "NEEDS_ROUTING"


async def test_nobody_reaches_the_conversation_of_another(sim):
    visitor, other = await (await guest(sim)).active(), await guest(sim)
    paths = [
        ("GET", ""),
        ("GET", "entries"),
        ("GET", "transcript"),
        ("POST", "message"),
        ("POST", "entry"),
        ("POST", "acknowledge-entries"),
        ("DELETE", "session"),
        ("DELETE", ""),
    ]
    for id, status in ((visitor.id, 403), (new_id(), 404)):
        other.id = id
        for method, path in paths:
            answer = await other.mine(method, path, {}, params=ENDING if method == "DELETE" else None)
            assert answer.status == status, (method, path)
        assert (await other.send_file("a.jpg", b"x")).status == status
    assert len((await visitor.chat())["refusals"]) == 9
    assert len((await sim.do("GET", "/ledger"))["refusals"]["enhanced_chat"]) == 9


async def test_the_open_conversations_of_a_user_are_listed(sim):
    await enhanced.register_key(sim)
    visitor = await customer(sim)
    ids = [new_id() for _ in range(3)]
    for id in ids:
        assert (await visitor.create(conversationId=id)).status == 201
    visitor.id = ids[0]
    await visitor.mine("DELETE", params={"esDeveloperName": enhanced.VERIFIED})
    again = await customer(sim)
    found = (await again.call("GET", "list")).json
    assert (found["openConversationsFound"], [one["conversationId"] for one in found["conversations"]]) == (
        2,
        ids[1:],
    )
    assert all(one["endTimestamp"] is None and one["startTimestamp"] > 0 for one in found["conversations"])
    everything = (await again.call("GET", "list", params={"inclClosedConvs": "true", "limit": "1"})).json
    assert (everything["closedConversationsFound"], len(everything["conversations"])) == (1, 1)
    assert everything["conversations"][0]["endTimestamp"] > 0
    assert (await (await guest(sim)).call("GET", "list")).json["conversations"] == []


@pytest.mark.parametrize("query", [{"limit": "51"}, {"limit": "0"}, {"limit": "x"}, {"inclClosedConvs": "yes"}])
async def test_a_list_has_at_most_50(sim, query):
    assert (await (await guest(sim)).call("GET", "list", params=query)).status == 400


async def test_a_session_ends_and_another_begins_in_the_same_conversation(sim):
    visitor = await (await guest(sim)).active()
    assert (await visitor.mine("DELETE", "session", params=ENDING)).status == 204
    chat = await visitor.chat()
    assert (chat["status"], chat["end_reason"], chat["closed"]) == ("ended", "client", False)
    assert (await visitor.mine("DELETE", "session", params=ENDING)).status == 404
    assert (await visitor.say("are you there?")).status == 202
    assert (await visitor.chat())["status"] == "ended"
    assert (await visitor.say("again", first=True)).status == 202
    chat = await visitor.chat()
    assert (chat["status"], chat["sessions"], chat["session_status"]) == ("waiting", 2, "Waiting")
    await visitor.agent("accept")
    assert (await visitor.chat())["status"] == "active"


@pytest.mark.parametrize("status", [404, 400, 403, 412])
async def test_a_closed_conversation_takes_nothing_more(sim, status):
    await sim.rules(closed_status=status)
    visitor = await (await guest(sim)).active()
    assert (await visitor.mine("DELETE", params=ENDING)).status == 204
    assert (await visitor.say("late")).status == status
    assert (await visitor.send_file("a.jpg", b"x")).status == status
    assert (await visitor.mine("DELETE", params=ENDING)).status == status
    assert (await visitor.mine("DELETE", "session", params=ENDING)).status == status
    assert (await visitor.chat())["heard"] == ["hola"]
    assert (await visitor.mine("GET", "entries")).status == 200
    await sim.rules(closed_entries="gone", close_again="ok")
    assert (await visitor.mine("GET", "entries")).status == status
    await sim.rules(closed_entries="kept")
    assert (await visitor.mine("DELETE", params=ENDING)).status == 204
    assert (await visitor.mine("DELETE", "session", params=ENDING)).status == 204


async def test_the_deployment_is_named_at_every_end(sim):
    visitor = await (await guest(sim)).active()
    for path in ("", "session"):
        assert (await visitor.mine("DELETE", path)).status == 400
        assert (await visitor.mine("DELETE", path, params={"esDeveloperName": "Web_Widget"})).status == 403


async def test_where_chat_is_session_based_the_conversation_ends_with_its_session(sim):
    await sim.rules(session_based=True)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await visitor.agent("end")
        while (event := await stream.next()).name != "CONVERSATION_SESSION_STATUS_CHANGED" or (
            event.payload["sessionStatus"] != "Ended"
        ):
            pass
    assert (await visitor.say("more", first=True)).status == 404
    assert (await visitor.chat())["closed"] is True


async def test_a_verified_users_conversation_is_never_session_based(sim):
    await enhanced.register_key(sim)
    await sim.rules(session_based=True)
    visitor = await (await customer(sim)).active()
    await visitor.agent("end")
    assert (await visitor.chat())["closed"] is False


@pytest.mark.parametrize("verified, closed", [(False, True), (True, False)])
async def test_a_switch_lets_the_end_of_a_session_close_what_an_anonymous_user_began(sim, verified, closed):
    await enhanced.register_key(sim)
    await sim.rules(session_end_closes="anonymous")
    visitor = await customer(sim) if verified else await guest(sim)
    await visitor.active()
    await visitor.mine("DELETE", "session", params={"esDeveloperName": visitor.deployment})
    assert (await visitor.chat())["closed"] is closed


async def test_a_keyword_opts_out_and_nothing_more_is_told(sim):
    await sim.rules(opt_out_keyword="STOP")
    visitor = await (await guest(sim)).active()
    before = (await visitor.chat())["newest_event"]
    await visitor.say("stop")
    chat = await visitor.chat()
    assert (chat["status"], chat["end_reason"], chat["newest_event"]) == ("ended", "opted out", before + 1)


@pytest.mark.parametrize("closed", ["*", CLIENT])
async def test_routing_fails_where_nobody_is_there(sim, closed):
    await sim.rules(closed_buttons=[closed])
    visitor = await (await guest(sim)).waiting()
    chat = await visitor.chat()
    assert (chat["status"], chat["end_reason"]) == ("ended", "Unavailable")
    (result,) = [one for one in await visitor.entries() if one["entryType"] == "RoutingResult"]
    assert result["entryPayload"]["failureType"] == "RoutingError"
    assert result["entryPayload"]["failureReason"] == "No agents are available"


@pytest.mark.parametrize(
    "how, active, windows", [("open", True, 2), ("closed", True, 1), ("none", True, 0), ("inactive", False, 0)]
)
async def test_business_hours_need_no_token(sim, how, active, windows):
    await sim.rules(business_hours=how)
    query = {"orgId": enhanced.ORG, "esConfigName": CLIENT}
    answer = await sim.ask("GET", "/embeddedservice/v1/businesshours", params=query)
    info = answer.json["businessHoursInfo"]
    assert (answer.status, info["isActive"], len(info["businessHours"])) == (200, active, windows)
    for window in info["businessHours"]:
        assert window["startTime"] < window["endTime"]
    await sim.rules(business_hours="missing")
    assert (await sim.ask("GET", "/embeddedservice/v1/businesshours", params=query)).json == {}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"orgId": enhanced.ORG},
        {"orgId": "x", "esConfigName": CLIENT},
        {"orgId": enhanced.ORG, "esConfigName": "No"},
    ],
)
async def test_business_hours_of_nothing_are_refused(sim, query):
    assert (await sim.ask("GET", "/embeddedservice/v1/businesshours", params=query)).status == 400


async def test_a_wrong_path_and_a_wrong_method_are_written_down(sim):
    visitor = await guest(sim)
    assert (await visitor.call("POST", f"{API}/conversation/{visitor.id}/messages", {})).status == 404
    assert (await visitor.call("PUT", f"{API}/conversation", {})).status == 405
    assert [one["status"] for one in (await sim.do("GET", "/enhanced"))["refusals"]] == [404, 405]
