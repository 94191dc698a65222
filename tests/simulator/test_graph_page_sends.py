"""What Messenger takes and refuses, and what it tells of it (FB §4 to §9)."""

from __future__ import annotations

import hashlib
import json

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.graph import accounts

from .meta import PNG, SOFIA, Business, business, error

BASE = {"recipient": {"id": SOFIA}, "messaging_type": "RESPONSE"}
LIKE = 369239263222822
AS_HUMAN = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


@pytest_asyncio.fixture
async def page(sim):
    """With a user who has just written."""
    async with business(sim, accounts.PAGE, accounts.PAGE_TOKEN) as one:
        await sim.do("PUT", f"/graph/people/{SOFIA}", {"name": "Sofía Luna"})
        await one.say("hola", id="m_in1")
        yield one


def message(**more):
    return {**BASE, "message": more}


def attachment(kind, **payload):
    return message(attachment={"type": kind, "payload": payload})


def quick(count, title="Uno"):
    return message(text="¿?", quick_replies=[{"content_type": "text", "title": title, "payload": "x"}] * count)


def button(text="¿?", count=1, title="Sí"):
    buttons = [{"type": "postback", "title": title, "payload": "x"}] * count
    return attachment("template", template_type="button", text=text, buttons=buttons)


TAKEN = {
    "text": (message(text="x" * 2000), "x" * 2000),
    "metadata": (message(text="x", metadata="m" * 1000), "x"),
    "update": ({**message(text="x"), "messaging_type": "UPDATE"}, "x"),
    "quick replies": (quick(13), "¿?"),
    "template": (button(count=3), "¿?"),
    "sticker": (message(sticker_id=LIKE), "👍"),
    "silent": ({**message(text="x"), "notification_type": "NO_PUSH"}, "x"),
    "reply": ({**message(text="x"), "reply_to": {"mid": "m_in1"}}, "x"),
}


@pytest.mark.parametrize("name", TAKEN)
async def test_what_the_sheet_allows_is_taken_and_shown(page: Business, name):
    wish, shown = TAKEN[name]
    answer = await page.post(wish)
    assert answer.status == 200, answer
    assert answer.json["recipient_id"] == SOFIA and answer.json["message_id"].startswith("m_")
    assert (await page.lines())[-1]["text"] == shown


REFUSED = {
    "nobody": ({"messaging_type": "RESPONSE", "message": {"text": "x"}}, (100, None)),
    "a stranger": ({**message(text="x"), "recipient": {"id": "1"}}, (100, 2018001)),
    "no type": ({"recipient": {"id": SOFIA}, "message": {"text": "x"}}, (100, None)),
    "another type": ({**message(text="x"), "messaging_type": "HELLO"}, (100, None)),
    "no message": (BASE, (100, None)),
    "an empty message": (message(), (100, 2018032)),
    "an empty text": (message(text=""), (100, 2018032)),
    "a text too long": (message(text="x" * 2001), (100, None)),
    "text and attachment": (message(text="x", attachment={"type": "image", "payload": {"url": "x"}}), (100, 2018032)),
    "metadata too long": (message(text="x", metadata="m" * 1001), (100, None)),
    "an unknown key": (message(text="x", colour="red"), (100, None)),
    "an unknown key beside": ({**message(text="x"), "colour": "red"}, (100, None)),
    "reply_to inside": (message(text="x", reply_to={"mid": "m_in1"}), (100, None)),
    "fourteen quick replies": (quick(14), (100, None)),
    "a long quick reply": (quick(1, "x" * 21), (100, None)),
    "four buttons": (button(count=4), (100, None)),
    "a long button": (button(title="x" * 21), (100, None)),
    "a long template": (button("x" * 641), (100, None)),
    "an attachment of nothing": (attachment("image"), (100, 2018032)),
    "an unknown kind": (attachment("hologram", url="x"), (100, None)),
    "an attachment id of nobody": (attachment("image", attachment_id="1"), (100, 2018074)),
    "a link that is none": (attachment("image", url="x"), (100, 2018008)),
    "plain http elsewhere": (attachment("image", url="http://cdn.example.net/a.png"), (100, 2018008)),
    "a removed tag": ({**message(text="x"), "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, None)),
    "a tag without its type": ({**message(text="x"), "tag": "HUMAN_AGENT"}, (100, None)),
    "a type without its tag": ({**message(text="x"), "messaging_type": "MESSAGE_TAG"}, (100, None)),
    "a feature we have not": ({**message(text="x"), **AS_HUMAN}, (10, None)),
    "an action with a message": ({**message(text="x"), "sender_action": "typing_on"}, (100, None)),
    "an action that is none": ({"recipient": {"id": SOFIA}, "sender_action": "dance"}, (100, None)),
    "a reaction to nothing": (
        {"recipient": {"id": SOFIA}, "sender_action": "react", "payload": {"message_id": "m_no", "reaction": "👍"}},
        (100, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_the_sheet_does_not_allow_is_refused_by_code(page: Business, name):
    wish, found = REFUSED[name]
    answer = await page.post(wish)
    assert (answer.status, error(answer)) == (403 if found[0] == 10 else 400, found), answer
    assert "error_data" not in answer.json["error"]
    assert len(await page.lines()) == 1


async def test_forms_are_taken_too(page: Business):
    form = {
        "recipient": json.dumps({"id": SOFIA}),
        "messaging_type": "RESPONSE",
        "message": json.dumps({"text": "de un formulario"}),
    }
    answer = await page.call("POST", "me/messages", data=form)
    assert answer.status == 200
    assert (await page.lines())[-1]["text"] == "de un formulario"


async def test_a_reply_quotes_and_may_stand_inside(sim, page: Business):
    await page.post(TAKEN["reply"][0])
    assert (await page.lines())[-1]["quotes"]["text"] == "hola"
    await sim.rules(page_reply_to="message")
    assert error(await page.post(TAKEN["reply"][0])) == (100, None)
    assert (await page.post(REFUSED["reply_to inside"][0])).status == 200


async def test_actions_are_no_messages(sim, page: Business):
    act = {"recipient": {"id": SOFIA}, "sender_action": "typing_on"}
    assert (await page.post(act)).json == {"recipient_id": SOFIA}
    (thread,) = (await sim.do("GET", "/graph/threads"))["threads"]
    assert thread["typing"] is True
    await page.post({**act, "sender_action": "mark_seen"})
    react = {"message_id": "m_in1", "reaction": "❤"}
    await page.post({**act, "sender_action": "react", "payload": react})
    (line,) = await page.lines()
    assert (line["tick"], line["reaction"]) == ("read", "❤")


# Windows and limits


async def test_after_24_hours_only_a_human_agent_writes_and_after_7_days_nobody(sim, page: Business):
    await sim.do("PUT", "/graph", {"apps": [{"id": accounts.APP, "secret": accounts.APP_SECRET, "human_agent": True},
                                           {"id": accounts.OTHER_APP, "secret": "x"}]})  # fmt: skip
    tagged = {**message(text="soy una persona"), "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    await page.thread("silence", seconds=86_401)
    answer = await page.send()
    assert (answer.status, error(answer)) == (403, (10, 2018278))
    assert (await page.post(tagged)).status == 200
    await page.thread("silence", seconds=6 * 86_400)
    assert error(await page.post(tagged)) == (10, 2018278)
    await page.say("Empezar", type="postback")
    assert (await page.send()).status == 200
    assert error(await page.post(tagged)) == (10, 2018278)  # only a message counts for the tag


@pytest.mark.parametrize("kind", ["postback", "referral", "reaction", "ad"])
async def test_these_open_the_window_too(page: Business, kind):
    await page.thread("silence", seconds=86_401)
    await page.say("👍", type=kind, quotes="m_in1")
    assert (await page.send()).status == 200


async def test_a_page_has_its_rates(sim, page: Business):
    await sim.rules(page_texts_per_second=1)
    assert [(await page.send()).status for _ in range(2)] == [200, 429]
    await sim.rules(page_texts_per_second=300, page_calls_per_user=2)
    assert error(await page.send()) == (32, None)


async def test_a_thread_may_be_flooded(sim, page: Business):
    await sim.rules(page_thread_per_second=1)
    await page.send()
    assert error(await page.send()) == (613, None)


# Echoes and receipts


async def test_an_echo_a_delivery_and_a_read_follow(page: Business):
    answer = await page.send("Hola, soy Leo 👋", message={"text": "Hola, soy Leo 👋", "metadata": "msg-3f2a"})
    await page.until(lambda: page.with_key("read"))
    (echo,) = [one for one in page.with_key("message") if one["message"].get("is_echo")]
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (accounts.PAGE, SOFIA)
    assert echo["message"] == {
        "mid": answer.json["message_id"],
        "is_echo": True,
        "app_id": int(accounts.APP),
        "text": "Hola, soy Leo 👋",
        "metadata": "msg-3f2a",
    }
    (delivery,), (read,) = page.with_key("delivery"), page.with_key("read")
    assert delivery["delivery"]["mids"] == [answer.json["message_id"]]
    assert read["read"]["watermark"] >= echo["timestamp"] and "mids" not in read["read"]
    assert (await page.lines())[-1]["tick"] == "read"
    assert page.signed()


async def test_an_echo_may_come_first_without_metadata_or_never(sim, page: Business):
    await sim.rules(
        page_echo_before_answer=True, page_echo_metadata=False, page_receipts=[], page_app_ids_as="string"
    )
    await page.send(message={"text": "x", "metadata": "m"})
    (echo,) = [one["message"] for one in page.with_key("message") if one["message"].get("is_echo")]
    assert echo["app_id"] == accounts.APP and "metadata" not in echo
    await sim.rules(page_echoes=False)
    await page.send()
    await page.say("y ya")
    assert len([one for one in page.with_key("message") if one["message"].get("is_echo")]) == 1


async def test_a_message_may_be_taken_and_never_seen(sim, page: Business):
    await sim.fault("page_send", "fails_later", code="551", times=1)
    assert (await page.send()).status == 200
    assert len(await page.lines()) == 1


CODES = [
    ("10/2018278", 403), ("551", 400), ("551/1545041", 400), ("613", 429), ("190/463", 401), ("1/99", 500),
    ("2", 503), ("1200", 500), ("4/2018022", 429), ("100/2018001", 400), ("368", 400), ("200/2018028", 403),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status"), CODES)
async def test_each_code_can_be_answered(sim, page: Business, code, status):
    await sim.fault("page_send", "status", code=code, times=1, key=SOFIA)
    answer = await page.send()
    wanted, _, subcode = code.partition("/")
    assert (answer.status, error(answer)) == (status, (int(wanted), int(subcode) if subcode else None))
    assert len(await page.lines()) == 1


async def test_an_answer_can_be_lost_and_what_comes_again_is_counted(sim, page: Business):
    await sim.fault("page_send", "drop_after", times=1)
    with pytest.raises(aiohttp.ClientError):
        await page.send(message={"text": "una", "metadata": "m-1"})
    await page.send(message={"text": "una", "metadata": "m-1"})
    assert (await sim.do("GET", f"/users/{SOFIA}"))["repeated_ids"] == 1


# Files


@pytest_asyncio.fixture
async def shelf():
    """An address with a picture, one with a text that says it is a picture, and one with too much."""
    app = web.Application()
    contents = {
        "a.png": (PNG, "image/png"),
        "lie.png": (b"no", "text/plain"),
        "huge.png": (bytes(9 * 2**20), "image/png"),
    }

    async def serve(request):
        content, mime = contents[request.match_info["name"]]
        return web.Response(body=content, content_type=mime)

    app.router.add_get("/{name}", serve)
    async with TestServer(app) as server:
        yield lambda name: str(server.make_url(f"/{name}"))


async def test_an_attachment_by_url_is_really_fetched(page: Business, shelf):
    answer = await page.post(attachment("image", url=shelf("a.png"), is_reusable=True))
    line = (await page.lines())[-1]
    assert line["media"]["sha256"] == hashlib.sha256(PNG).hexdigest() and line["text"] is None
    again = await page.post(attachment("image", attachment_id=answer.json["attachment_id"]))
    assert again.status == 200 and len(await page.lines()) == 3


@pytest.mark.parametrize(
    ("kind", "name", "subcode"),
    [("image", "gone.png", 2018008), ("image", "lie.png", 2018047), ("image", "huge.png", 2018109)],
    ids=["gone", "lie", "huge"],
)
async def test_what_cannot_be_fetched_is_refused(page: Business, shelf, kind, name, subcode):
    assert error(await page.post(attachment(kind, url=shelf(name)))) == (100, subcode)


async def test_what_is_no_picture_goes_as_a_file(page: Business, shelf):
    assert (await page.post(attachment("file", url=shelf("lie.png")))).status == 200


async def test_a_file_from_disk_is_multipart(page: Business):
    form = aiohttp.FormData()
    form.add_field("recipient", json.dumps({"id": SOFIA}))
    form.add_field("messaging_type", "RESPONSE")
    form.add_field("message", json.dumps({"attachment": {"type": "image", "payload": {"is_reusable": True}}}))
    form.add_field("filedata", PNG, filename="caja.png", content_type="image/png")
    answer = await page.call("POST", f"{accounts.PAGE}/messages", data=form)
    assert answer.json["attachment_id"]
    assert (await page.lines())[-1]["media"]["name"] == "caja.png"


async def test_a_file_may_only_be_kept(page: Business, shelf):
    payload = {"url": shelf("a.png"), "is_reusable": True}
    wish = {"message": {"attachment": {"type": "image", "payload": payload}}}
    answer = await page.call("POST", f"{accounts.PAGE}/message_attachments", json=wish)
    assert (await page.post(attachment("image", attachment_id=answer.json["attachment_id"]))).status == 200


async def test_a_users_file_is_a_link_that_needs_no_token_and_ends(sim, page: Business):
    headers = {"Content-Type": "image/png"}
    media = (await sim.ask("POST", "/sim/media?name=caja.png&kind=image", data=PNG, headers=headers)).json["id"]
    await page.say(None, media=media)
    (attached,) = page.events[-1]["message"]["attachments"]
    assert attached["type"] == "image" and "text" not in page.events[-1]["message"]
    async with sim.http.get(attached["payload"]["url"]) as answer:
        assert await answer.read() == PNG
    await sim.rules(page_media_seconds=0.0)
    async with sim.http.get(attached["payload"]["url"]) as answer:
        assert answer.status == 403


# What users do

KINDS = {
    "text": ({"text": "x"}, lambda e: e["message"]["text"] == "x"),
    "quick_reply": ({"text": "S", "more": {"payload": "Y"}}, lambda e: e["message"]["quick_reply"]["payload"] == "Y"),
    "fallback": ({}, lambda e: e["message"]["attachments"] == [{"type": "fallback"}]),
    "reel": ({"more": {"title": "R"}}, lambda e: e["message"]["attachments"][0]["payload"]["title"] == "R"),
    "post": ({"more": {"id": "9"}}, lambda e: e["message"]["attachments"][0]["type"] == "post"),
    "location": ({"more": {"coordinates": {"lat": 1, "long": 2}}}, lambda e: e["message"]["attachments"]),
    "template": ({"more": {"product": {}}}, lambda e: e["message"]["attachments"]),
    "appointment_booking": ({"more": {"booking_id": "1"}}, lambda e: e["message"]["attachments"]),
    "ad": ({"text": "x"}, lambda e: e["message"]["referral"]["source"] == "ADS"),
    "unsupported": ({}, lambda e: e["message"]["is_unsupported"] is True),
    "deleted": ({"quotes": "m_in1"}, lambda e: e["message"] == {"mid": "m_in1", "is_deleted": True}),
    "hologram": ({"more": {"x": 1}}, lambda e: e["message"]["attachments"][0]["payload"] == {"x": 1}),
    "postback": ({"text": "Empezar"}, lambda e: e["postback"]["payload"] == "Empezar"),
    "reaction": ({"text": "🥲", "quotes": "m_o"}, lambda e: e["reaction"]["emoji"] == "🥲"),
    "edit": ({"text": "y", "quotes": "m_in1"}, lambda e: e["message_edit"]["num_edit"] == 1),
    "referral": ({"text": "promo"}, lambda e: e["referral"]["ref"] == "promo"),
    "sticker": ({"more": {"url": "https://x"}}, lambda e: len(e["message"]["attachments"]) == 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_users_do_whatever_the_table_has(page: Business, kind):
    more, right = KINDS[kind]
    await page.say(**{"text": None, "type": kind, **more})
    event = page.events[-1]
    assert right(event), event
    assert (event["sender"]["id"], event["recipient"]["id"]) == (SOFIA, accounts.PAGE)
    assert isinstance(event["timestamp"], int)


async def test_fields_that_are_not_subscribed_are_not_told(sim):
    async with business(sim, accounts.PAGE, accounts.PAGE_TOKEN, fields=["messages"]) as one:
        await one.say("hola")
        await one.say("Empezar", type="postback", expect=409)
        path = f"{accounts.PAGE}/subscribed_apps"
        answer = await one.call("POST", f"{path}?subscribed_fields=messages,messaging_postbacks")
        assert answer.json == {"success": True}
        await one.say("Empezar", type="postback")
        assert one.with_key("postback")
        assert error(await one.call("POST", f"{path}?subscribed_fields=tea")) == (100, None)
        (listed,) = (await one.call("GET", path)).json["data"]
        assert listed["subscribed_fields"] == ["messages", "messaging_postbacks"]


async def test_an_hour_of_failures_unsubscribes_the_app(sim, page: Business):
    await sim.rules(page_unsubscribed_after=0.2, meta_retry_pause=0.05)
    page.answers = [500] * 20
    await page.say("hola")
    courier = sim.world.graph.courier
    await page.until(lambda: len(page.raw) > 4)
    while sim.world.graph.subscriptions.pages[accounts.PAGE]:
        seen = len(page.raw)
        await page.bell.until(lambda: len(page.raw) > seen, 5)  # noqa: B023
    assert courier.posts[-1]["attempt"] >= 3
    await page.say("otra", expect=409)


async def test_a_name_can_be_asked_for(sim, page: Business):
    assert (await page.call("GET", f"{SOFIA}?fields=first_name,last_name")).json == {
        "first_name": "Sofía",
        "last_name": "Luna",
        "id": SOFIA,
    }
    await sim.do("PUT", f"/graph/people/{SOFIA}", {"profile": False})
    assert error(await page.call("GET", SOFIA)) == (100, 2018218)
    found = (await page.call("GET", "me?fields=messaging_feature_status")).json
    assert found["messaging_feature_status"]["msgr_multi_app"] is False


async def test_a_restricted_page_sends_nothing(sim, page: Business):
    await sim.do("PUT", "/graph", {"pages": [{"id": accounts.PAGE, "restricted": True}]})
    assert error(await page.send()) == (10, 1893063)
