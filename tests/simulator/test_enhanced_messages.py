"""What an end user sends (EC §4.3, §4.5, §4.6): messages, answers to choices and forms, typing, acknowledgements."""

from __future__ import annotations

import pytest

from . import enhanced
from .enhanced import guest, new_id

ID = "5f0a1c1e-0c8b-4b7e-9a36-3f1d2c4b5a69"  # one for all: tests are told apart by their parameters
TEXT = {"messageType": "StaticContentMessage", "staticContent": {"formatType": "Text", "text": "x"}}


async def test_a_message_is_accepted_under_its_own_id_and_echoed(sim):
    visitor = await (await guest(sim)).active()
    id = new_id()
    async with visitor.listening() as stream:
        await stream.take(7)
        answer = await visitor.say("¿Hola? 👩‍🔬", id=id)
        echo = await stream.next()
    assert answer.status == 202
    (entry,) = answer.json["conversationEntries"]
    assert entry == {"id": id, "clientTimestamp": echo.entry["clientTimestamp"]}
    assert (echo.name, echo.entry["sender"]["role"]) == ("CONVERSATION_MESSAGE", "EndUser")
    assert echo.payload["abstractMessage"]["staticContent"]["text"] == "¿Hola? 👩‍🔬"
    assert (await visitor.chat())["heard"] == ["hola", "¿Hola? 👩‍🔬"]


@pytest.mark.parametrize(
    "message",
    [
        TEXT | {"id": ID.upper()},
        TEXT | {"id": "1"},
        TEXT | {"id": None},
        TEXT,
        {"id": ID},
        {"id": ID, "messageType": "StaticContentMessage"},
        {"id": ID, "messageType": "ChoicesMessage"},
        {"id": ID, "messageType": "FormMessage"},
        TEXT | {"id": ID, "staticContent": {"formatType": "Attachments", "attachments": []}},
        TEXT | {"id": ID, "staticContent": {"formatType": "Text"}},
        TEXT | {"id": ID, "staticContent": {"formatType": "Text", "text": ""}},
        TEXT | {"id": ID, "staticContent": {"formatType": "Text", "text": " \n"}},
        TEXT | {"id": ID, "staticContent": {"formatType": "Text", "text": 7}},
        TEXT | {"id": ID, "staticContent": {"formatType": "Text", "text": "x" * 4001}},
        TEXT | {"id": ID, "inReplyToMessageId": ID},
        {"id": ID, "messageType": "ChoicesResponseMessage", "choicesResponse": {}},
        {"id": ID, "messageType": "FormResponseMessage", "formResponse": {}},
        "x",
        None,
    ],
    ids=str,
)
async def test_each_field_of_a_message_is_looked_at(sim, message):
    visitor = await (await guest(sim)).active()
    answer = await visitor.send(message)
    assert (answer.status, bool(answer.json["message"])) == (400, True)
    assert (await visitor.chat())["heard"] == ["hola"]


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"esDeveloperName": ...}, 400),
        ({"esDeveloperName": "Web_Widget"}, 403),
        ({"isNewMessagingSession": "true"}, 400),
        ({"routingAttributes": []}, 400),
        ({"routingAttributes": {"a": 1}}, 400),
        ({"language": 1}, 400),
    ],
)
async def test_each_field_beside_a_message_is_looked_at(sim, changes, status):
    visitor = await (await guest(sim)).active()
    assert (await visitor.say("x", **changes)).status == status


async def test_a_text_is_as_long_as_the_switch_says(sim):
    visitor = await (await guest(sim)).active()
    assert (await visitor.say("x" * 4000)).status == 202
    await sim.rules(message_max_text=None)
    assert (await visitor.say("x" * 4001)).status == 202


async def test_a_message_that_comes_again_is_a_second_one_unless_the_server_knows_ids(sim):
    visitor = await (await guest(sim)).active()
    id = new_id()
    async with visitor.listening() as stream:
        await stream.take(7)
        for _ in range(2):
            assert (await visitor.say("once?", id=id)).status == 202
        assert [one.entry["identifier"] for one in await stream.take(2)] == [id, id]
        await sim.rules(dedupe=True)
        answer = await visitor.say("once?", id=id)
        assert (answer.status, answer.json["conversationEntries"][0]["id"]) == (202, id)
        await visitor.say("next")
        assert (await stream.next()).payload["abstractMessage"]["staticContent"]["text"] == "next"
    (row,) = (await sim.do("GET", "/ledger"))["chats"]
    assert (row["heard"], row["duplicates"]) == (["hola", "once?", "once?", "next"], 2)
    assert row["message_ids"][1] == row["message_ids"][2] == id


async def test_a_first_message_that_comes_again_begins_no_second_session(sim):
    visitor = await guest(sim)
    await visitor.create()
    id = new_id()
    for _ in range(2):
        await visitor.say("hola", first=True, id=id)
    chat = await visitor.chat()
    assert (chat["sessions"], chat["status"], chat["heard"]) == (1, "waiting", ["hola", "hola"])
    assert chat["unrouted"] == ["isNewMessagingSession is true while a session is open"]


async def test_22_messages_a_minute_go_into_a_conversation_files_too(sim):
    await sim.rules(rate_retry_after="seconds")
    visitor = await (await guest(sim)).active()
    for number in range(20):
        assert (await visitor.say(str(number))).status == 202
    assert (await visitor.send_file("a.jpg", b"x")).status == 202
    assert (await visitor.say("too much")).status == 429
    assert (await visitor.send_file("a.jpg", b"x")).status == 429
    assert "too much" not in (await visitor.chat())["heard"]
    assert (await (await (await guest(sim)).active()).say("another conversation")).status == 202


async def test_attributes_of_the_first_message_are_added_to_those_of_the_conversation(sim):
    visitor = await guest(sim)
    await visitor.create(language=None)
    await visitor.say("hola", first=True, routingAttributes={"Case_Id": "1", "Nothing": "2"}, language="pt_BR")
    chat = await visitor.chat()
    assert {one["label"]: one["value"] for one in chat["prechat_details"]} == {
        "_firstName": "Ana",
        "_lastName": "P.",
        "Case_Id": "1",
    }
    assert (chat["language"], chat["dropped_attributes"]) == ("pt_BR", ["Nothing"])


async def test_records_that_attributes_name_stand_beside_the_chat(sim, org):
    contact = await org.seed("Contact", LastName="Torres")
    case = await org.seed("Case", Subject="Pedido", ContactId=contact)
    visitor = await guest(sim)
    await visitor.create(routingAttributes={"_firstName": "Ana", "Case_Id": case, "Contact_Id": "003000000000999AAA"})
    await visitor.say("hola", first=True)
    assert [(one["entity"], one["id"]) for one in (await visitor.chat())["records"]] == [("Case", case)]
    beside = (await sim.do("GET", f"/desk/{visitor.id}/records"))["records"]
    assert [one["entity"] for one in beside] == ["Case", "Contact"]


@pytest.mark.parametrize("titles", ["typed", "plain"])
@pytest.mark.parametrize("form", ["Buttons", "QuickReplies", "Carousel"])
async def test_choices_are_offered_and_answered(sim, titles, form):
    await sim.rules(option_titles=titles)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await visitor.agent("choices", text="Elija", options=["Pedidos", "Pagos"], format=form)
        offered = (await stream.next()).payload["abstractMessage"]
        assert (offered["messageType"], offered["choices"]["formatType"]) == ("ChoicesMessage", form)
        items = offered["choices"]["optionItems"]
        titled = [item["typedOptionItem"] if titles == "typed" else item for item in items]
        assert [item["titleItem"]["title"] for item in titled] == ["Pedidos", "Pagos"]
        chosen = [{"optionIdentifier": items[1]["optionIdentifier"]}]
        message = {
            "id": new_id(),
            "messageType": "ChoicesResponseMessage",
            "inReplyToMessageId": offered["id"],
            "choicesResponse": {"formatType": "Selections", "selectedOptions": chosen},
        }
        assert (await visitor.send(message)).status == 202
        echo = (await stream.next()).payload["abstractMessage"]
    assert echo["choicesResponse"]["selectedOptions"] == [chosen[0] | {"optionTitle": "Pagos"}]
    chat = await visitor.chat()
    assert (chat["heard"], chat["said"]) == (["hola", "Pagos"], ["Elija"])
    for wrong in (
        {"inReplyToMessageId": new_id()},
        {"inReplyToMessageId": None},
        {"choicesResponse": {"formatType": "Selections", "selectedOptions": []}},
        {"choicesResponse": {"formatType": "Selections", "selectedOptions": [{"optionIdentifier": "x"}]}},
        {"choicesResponse": {"formatType": "Text", "selectedOptions": chosen}},
        {"choicesResponse": {"formatType": "Selections"}},
    ):
        assert (await visitor.send(message | {"id": new_id()} | wrong)).status == 400, wrong


async def test_a_form_is_sent_and_answered(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await visitor.agent("form", title="Datos", inputs=["Pedido", "Correo"])
        form = (await stream.next()).payload["abstractMessage"]
    assert (form["messageType"], form["formMessage"]["formatType"]) == ("FormMessage", "Inputs")
    answer = {"id": new_id(), "messageType": "FormResponseMessage", "formResponse": {"formatType": "Inputs"}}
    assert (await visitor.send(answer | {"inReplyToMessageId": form["id"]})).status == 202
    assert (await visitor.send(answer | {"id": new_id(), "inReplyToMessageId": new_id()})).status == 400


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_a_user_types_and_hears_it(sim, status):
    await sim.rules(typing_status=status)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        for kind, on in (("TypingStartedIndicator", True), ("TypingStoppedIndicator", False)):
            assert (await visitor.mine("POST", "entry", {"entryType": kind, "id": new_id()})).status == status
            assert (await visitor.chat())["visitor_typing"] is on
        own = await stream.take(2)
        assert {one.entry["sender"]["role"] for one in own} == {"EndUser"}
        await sim.rules(typing_echo=False)
        await visitor.mine("POST", "entry", {"entryType": "TypingStartedIndicator", "id": new_id()})
        await visitor.say("x")
        assert (await stream.next()).name == "CONVERSATION_MESSAGE"
    for wrong in ({"entryType": "Typing", "id": new_id()}, {"entryType": "TypingStartedIndicator"}, {"id": new_id()}):
        assert (await visitor.mine("POST", "entry", wrong)).status == 400


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_messages_of_the_agent_are_acknowledged(sim, status):
    await sim.rules(acks_status=status)
    visitor = await (await guest(sim)).active()
    await visitor.agent("say", text="hola")
    (entry,) = [one for one in await visitor.entries(entryTypeFilter="Message") if one["actorType"] == "Agent"]
    assert (entry["isDelivered"], entry["isRead"]) == (False, False)
    for kind in ("Delivery", "Read"):
        ack = {"id": new_id(), "entryType": kind, "conversationEntryId": entry["identifier"]}
        assert (await visitor.mine("POST", "acknowledge-entries", {"acks": [ack]})).status == status
    (entry,) = [one for one in await visitor.entries(entryTypeFilter="Message") if one["actorType"] == "Agent"]
    assert (entry["isDelivered"], entry["isRead"]) == (True, True)
    assert entry["readAcknowledgementTimestamp"] >= entry["deliveryAcknowledgementTimestamp"] > 0
    assert [one["kind"] for one in (await visitor.chat())["acks"]] == ["Delivery", "Read"]


async def test_acknowledgements_of_nothing_are_refused_all_together(sim):
    visitor = await (await guest(sim)).active()
    await visitor.agent("say", text="hola")
    messages = await visitor.entries(entryTypeFilter="Message", direction="FromStart")
    own, agents = (one["identifier"] for one in messages)
    good = {"id": new_id(), "entryType": "Read", "conversationEntryId": agents}
    for wrong in (
        good | {"entryType": "Seen"},
        good | {"id": "1"},
        good | {"conversationEntryId": new_id()},
        good | {"conversationEntryId": own},
        {"id": new_id(), "entryType": "Read"},
    ):
        assert (await visitor.mine("POST", "acknowledge-entries", {"acks": [good, wrong]})).status == 400
    for acks in ([], {}, None, ["x"]):
        assert (await visitor.mine("POST", "acknowledge-entries", {"acks": acks})).status == 400
    assert (await visitor.chat())["acks"] == []


async def test_the_body_of_a_message_is_json_in_utf_8(sim):
    visitor = await (await guest(sim)).active()
    path = f"{enhanced.API}/conversation/{visitor.id}/message"
    for data in (b"", b"\xff{}", b"[1]", b'"x"'):
        headers = visitor.headers | {"Content-Type": "application/json"}
        assert (await sim.ask("POST", path, data=data, headers=headers)).status == 400
