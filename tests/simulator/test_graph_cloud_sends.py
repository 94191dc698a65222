"""What WhatsApp Cloud takes and refuses, and what it tells of what it took (WA §5 to §11)."""

from __future__ import annotations

import asyncio
import hashlib

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.graph import accounts

from .meta import ANA, ANA_USER_ID, PNG, Business, business, error

BASE = {"messaging_product": "whatsapp", "to": f"+{ANA}"}


@pytest_asyncio.fixture
async def cloud(sim):
    """With a user who has just written."""
    async with business(sim, accounts.NUMBER, accounts.CLOUD_TOKEN) as one:
        await sim.do("PUT", f"/graph/people/{ANA}", {"name": "Ana", "user_id": ANA_USER_ID})
        await one.say("hola", id="wamid.IN1")
        yield one


def body(kind, **more):
    return {**BASE, "type": kind, **more}


def interactive(kind, action, **more):
    return body("interactive", interactive={"type": kind, "body": {"text": "¿Qué?"}, "action": action, **more})


def buttons(*titles):
    return interactive(
        "button", {"buttons": [{"type": "reply", "reply": {"id": one, "title": one}} for one in titles]}
    )


def rows(count, title="Uno", **more):
    found = [{"id": str(place), "title": f"{title}{place}", **more} for place in range(count)]
    return interactive("list", {"button": "Ver", "sections": [{"title": "S", "rows": found}]})


def template(name, language="es_MX", **more):
    return body("template", template={"name": name, "language": {"code": language}, **more})


TAKEN = {
    "text": (body("text", text={"body": "x" * 4096, "preview_url": False}), "x" * 4096),
    "no type is text": ({**BASE, "text": {"body": "hola"}}, "hola"),
    "location": (body("location", location={"latitude": 19.4, "longitude": "-99.1", "name": "Tienda"}), "Tienda"),
    "reaction": (body("reaction", reaction={"message_id": "wamid.IN1", "emoji": "👍"}), None),
    "reaction taken away": (body("reaction", reaction={"message_id": "wamid.IN1", "emoji": ""}), None),
    "contacts": (body("contacts", contacts=[{"name": {"formatted_name": "Leo", "first_name": "Leo"}}]), "Leo"),
    "buttons": (buttons("Sí", "No", "Quizá"), "¿Qué?"),
    "list": (rows(10, description="d" * 72), "¿Qué?"),
    "request for the number": (interactive("request_contact_info", {"name": "request_contact_info"}), "¿Qué?"),
    "template": (template("reopen"), "Tenemos una respuesta para usted."),
    "quote": ({**BASE, "text": {"body": "y"}, "context": {"message_id": "wamid.UNKNOWN"}}, "y"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
async def test_what_the_sheet_allows_is_taken_and_shown(cloud: Business, name):
    wish, shown = TAKEN[name]
    answer = await cloud.post(wish)
    assert answer.status == 200, answer
    assert answer.json["contacts"] == [{"input": f"+{ANA}", "wa_id": ANA}]
    assert answer.json["messages"][0]["id"].startswith("wamid.")
    assert (await cloud.lines())[-1]["text"] == shown


REFUSED = {
    "no product": ({"to": f"+{ANA}", "text": {"body": "x"}}, 131008),
    "another product": ({**BASE, "messaging_product": "sms", "text": {"body": "x"}}, 100),
    "nobody": ({"messaging_product": "whatsapp", "text": {"body": "x"}}, 131008),
    "no number": ({**BASE, "to": "Ana", "text": {"body": "x"}}, 131009),
    "itself": ({**BASE, "to": "+525500001111", "text": {"body": "x"}}, 131021),
    "a group": ({**BASE, "recipient_type": "group", "text": {"body": "x"}}, 100),
    "a type that is none": (body("hologram", hologram={}), 100),
    "no text": (body("text"), 131008),
    "an empty text": (body("text", text={"body": ""}), 131008),
    "a text too long": (body("text", text={"body": "x" * 4097}), 100),
    "a text too long in UTF-16": (body("text", text={"body": "🦊" * 2049}), 100),
    "a text that is a number": (body("text", text={"body": 7}), 100),
    "an unknown key": (body("text", text={"body": "x", "colour": "red"}), 100),
    "an unknown key beside": ({**BASE, "text": {"body": "x"}, "colour": "red"}, 100),
    "another type's object": (body("text", text={"body": "x"}, image={"id": "1"}), 100),
    "a quote without id": ({**BASE, "text": {"body": "x"}, "context": {}}, 131008),
    "opaque data too long": ({**BASE, "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 100),
    "id and link": (body("image", image={"id": "1", "link": "https://x.example/a.jpg"}), 100),
    "neither id nor link": (body("image", image={}), 100),
    "an unknown media id": (body("image", image={"id": "1"}), 131009),
    "a caption too long": (body("image", image={"id": "1", "caption": "x" * 1025}), 100),
    "a caption on audio": (body("audio", audio={"id": "1", "caption": "x"}), 100),
    "a file name on an image": (body("image", image={"id": "1", "filename": "x"}), 100),
    "latitude out of the world": (body("location", location={"latitude": 91, "longitude": 0}), 131009),
    "a reaction to nothing": (body("reaction", reaction={"message_id": "wamid.NO", "emoji": "👍"}), 131009),
    "contacts without a name": (body("contacts", contacts=[{}]), 131008),
    "four buttons": (buttons("a", "b", "c", "d"), 100),
    "the same button twice": (buttons("a", "a"), 131009),
    "a long button": (buttons("x" * 21), 100),
    "eleven rows": (rows(11), 100),
    "a long row": (rows(1, "x" * 24), 100),
    "a long description": (rows(1, description="d" * 73), 100),
    "a long footer": (interactive("request_contact_info", {}, footer={"text": "x" * 61}), 100),
    "a template nobody made": (template("no"), 132001),
    "a template's other language": (template("reopen", "en"), 132001),
    "a template with too much": (
        template("reopen", components=[{"type": "body", "parameters": [{"type": "text", "text": "x"}]}]),
        132000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_the_sheet_does_not_allow_is_refused_by_code(cloud: Business, name):
    wish, code = REFUSED[name]
    answer = await cloud.post(wish)
    assert (answer.status, error(answer)) == (400, (code, None)), answer
    words = answer.json["error"]
    assert words["type"] == "OAuthException" and words["fbtrace_id"] and words["message"].startswith(f"(#{code}) ")
    assert len(await cloud.lines()) == 1


@pytest.mark.parametrize(
    ("more", "status", "found"),
    [
        ({"token": "nobody's"}, 401, (190, None)),
        ({"token": accounts.PAGE_TOKEN}, 400, (100, 33)),
        ({"version": "/v9.0"}, 400, (2500, None)),
    ],
    ids=["token", "permission", "version"],
)
async def test_who_may_not_call_is_told_why(cloud: Business, more, status, found):
    answer = await cloud.call("POST", f"{accounts.NUMBER}/messages", json={**BASE, "text": {"body": "x"}}, **more)
    assert (answer.status, error(answer)) == (status, found)


async def test_a_path_without_a_version_means_the_oldest(sim, cloud: Business):
    assert (await cloud.call("GET", accounts.NUMBER, version="")).status == 200
    await sim.rules(meta_without_version="refused")
    assert error(await cloud.call("GET", accounts.NUMBER, version="")) == (2500, None)


async def test_an_unknown_number_is_a_configuration_error(cloud: Business):
    assert error(await cloud.call("POST", "1234/messages", json=BASE)) == (100, 33)


async def test_a_token_may_come_in_the_query_and_may_need_a_proof(sim, cloud: Business):
    path = f"/v25.0/{accounts.NUMBER}?access_token={cloud.token}"
    assert (await sim.ask("GET", path)).status == 200
    assert (await sim.ask("GET", f"/v25.0/{accounts.NUMBER}")).status == 401
    assert error(await sim.ask("GET", f"{path}&appsecret_proof=ab")) == (100, None)
    apps = [{"id": accounts.APP, "secret": accounts.APP_SECRET, "proof": True}]
    tokens = [{"token": cloud.token, "app": accounts.APP, "accounts": [accounts.WABA]}]
    await sim.do("PUT", "/graph", {"apps": apps, "tokens": tokens})
    assert error(await sim.ask("GET", path)) == (100, None)


async def test_an_expired_token_and_a_missing_permission(sim, cloud: Business):
    token = {"token": "t", "app": accounts.APP, "accounts": [accounts.WABA]}
    for more, status, found in (
        ({"expired": True}, 401, (190, 463)),
        ({"scopes": ["whatsapp_business_management"]}, 403, (10, None)),
    ):
        await sim.do("PUT", "/graph", {"tokens": [token | more]})
        answer = await cloud.call(
            "POST", f"{accounts.NUMBER}/messages", token="t", json={**BASE, "text": {"body": "x"}}
        )
        assert (answer.status, error(answer)) == (status, found)


# To whom


@pytest.mark.parametrize("to", ["+52 1 558 765 0001", "+52-1-558-765-0001", "+525587650001", f"+{ANA}"])
async def test_a_number_is_read_as_people_write_it_and_the_answer_says_the_wa_id(cloud: Business, to):
    answer = await cloud.send(to=to)
    assert answer.json["contacts"] == [{"input": to, "wa_id": ANA}]


async def test_without_plus_the_businesss_country_comes_before_it(sim, cloud: Business):
    answer = await cloud.send(to=ANA)
    assert answer.json["contacts"][0]["wa_id"] == f"52{ANA}"
    await sim.rules(cloud_number_without_plus="as_is")
    assert (await cloud.send(to=ANA)).json["contacts"][0]["wa_id"] == ANA


async def test_a_user_id_goes_into_recipient(sim, cloud: Business):
    answer = await cloud.send(to=..., recipient=ANA_USER_ID)
    assert answer.json["contacts"] == [{"input": ANA_USER_ID, "user_id": ANA_USER_ID}]
    assert error(await cloud.send(to=ANA_USER_ID)) == (131009, None)
    await sim.rules(cloud_user_id_goes_in="to")
    assert error(await cloud.send(to=..., recipient=ANA_USER_ID)) == (100, None)
    assert (await cloud.send(to=ANA_USER_ID)).status == 200
    assert [line["text"] for line in await cloud.lines()] == ["hola", "Hola", "Hola"]


async def test_if_both_are_there_to_wins(cloud: Business):
    answer = await cloud.send(recipient="MX.nobody")
    assert answer.json["contacts"][0]["wa_id"] == ANA


async def test_a_user_id_that_nobody_has_is_refused(cloud: Business):
    assert error(await cloud.send(to=..., recipient="MX.nobody")) == (131009, None)


# Windows and limits


async def test_24_hours_after_the_users_last_word_only_a_template_goes(sim, cloud: Business):
    await cloud.thread("silence", seconds=86_401)
    answer = await cloud.send()
    assert answer.status == 200
    await cloud.until(lambda: cloud.statuses)
    (status,) = cloud.statuses
    assert (status["status"], status["errors"][0]["code"], status["id"]) == (
        "failed",
        131047,
        answer.json["messages"][0]["id"],
    )
    assert (await cloud.post(TAKEN["template"][0])).json["messages"][0]["message_status"] == "accepted"
    assert [line["type"] for line in await cloud.lines()] == ["text", "template"]
    await cloud.say("sigo aquí")
    await cloud.send()
    assert len(await cloud.lines()) == 4


async def test_an_unknown_quote_is_left_out_or_refused(sim, cloud: Business):
    gone = {"context": {"message_id": "wamid.gone"}}
    assert (await cloud.send(**gone)).status == 200
    assert (await cloud.lines())[-1]["quotes"] is None
    await sim.rules(cloud_unknown_quote="131009")
    assert error(await cloud.send(**gone)) == (131009, None)
    assert (await cloud.send(context={"message_id": "wamid.IN1"})).status == 200
    assert (await cloud.lines())[-1]["quotes"]["id"] == "wamid.IN1"


async def test_the_closed_window_may_be_the_answer(sim, cloud: Business):
    await sim.rules(cloud_window_told="answer")
    await cloud.thread("silence", seconds=86_401)
    answer = await cloud.send()
    assert (answer.status, error(answer)) == (400, (131047, None))
    assert answer.json["error"]["error_data"]["messaging_product"] == "whatsapp"


async def test_who_never_wrote_has_no_window(cloud: Business):
    await cloud.send(to="+5215500000000")
    await cloud.until(lambda: cloud.statuses)
    assert cloud.statuses[0]["errors"][0]["code"] == 131047


async def test_a_burst_to_one_user_is_borrowed_from_the_future(sim, cloud: Business):
    await sim.rules(cloud_pair_burst=3, cloud_pair_seconds=0.3)
    assert [(await cloud.send(str(n))).status for n in range(3)] == [200] * 3
    assert error(await cloud.send("3")) == (131056, None)
    await cloud.say("hola", user="5215511110002")
    assert (await cloud.send("otro", to="+5215511110002")).status == 200
    await asyncio.sleep(0.35)
    assert (await cloud.send("4")).status == 200


async def test_a_burst_may_have_to_be_paid_whole(sim, cloud: Business):
    await sim.rules(cloud_pair_burst=3, cloud_pair_seconds=0.3, cloud_pair_after_burst="debt")
    for n in range(3):
        await cloud.send(str(n))
    await asyncio.sleep(0.4)
    assert error(await cloud.send("3")) == (131056, None)
    await asyncio.sleep(0.6)
    assert (await cloud.send("4")).status == 200


async def test_a_number_has_its_throughput(sim, cloud: Business):
    await sim.rules(cloud_messages_per_second=2)
    await asyncio.sleep(1.05)
    answers = [await cloud.send(str(n)) for n in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert error(answers[2]) == (130429, None)


async def test_an_app_has_its_calls(sim, cloud: Business):
    await sim.rules(meta_calls_per_hour=1)
    assert (await cloud.send()).status == 200
    assert error(await cloud.send()) == (4, None)


async def test_an_answer_says_how_much_of_the_limit_is_used(sim, cloud: Business):
    await sim.rules(meta_usage_percent=83)
    async with sim.http.get(f"{sim.url}/v25.0/{accounts.NUMBER}?access_token={cloud.token}") as answer:
        assert answer.headers["X-App-Usage"] == '{"call_count": 83}'


# Statuses


async def test_a_message_is_told_as_sent_delivered_and_read(cloud: Business):
    answer = await cloud.send(biz_opaque_callback_data="msg-3f2b")
    await cloud.until(lambda: len(cloud.statuses) == 3)
    assert [one["status"] for one in cloud.statuses] == ["sent", "delivered", "read"]
    for one in cloud.statuses:
        assert one["id"] == answer.json["messages"][0]["id"]
        assert (one["recipient_id"], one["recipient_user_id"]) == (ANA, ANA_USER_ID)
        assert one["biz_opaque_callback_data"] == "msg-3f2b" and one["timestamp"].isdigit()
    assert (await cloud.lines())[-1]["tick"] == "read"


async def test_statuses_may_come_before_the_answer(sim, cloud: Business):
    await sim.rules(cloud_statuses_before_answer=2)
    await cloud.send()
    assert [one["status"] for one in cloud.statuses][:2] == ["sent", "delivered"]


async def test_statuses_may_be_doubled_backwards_without_the_handle_or_never_come(sim, cloud: Business):
    await sim.rules(cloud_status_copies=2, cloud_status_order="reversed", cloud_callback_data=False)
    await cloud.send(biz_opaque_callback_data="h")
    await cloud.until(lambda: len(cloud.statuses) == 6)
    assert [one["status"] for one in cloud.statuses] == ["read", "read", "delivered", "delivered", "sent", "sent"]
    assert not any("biz_opaque_callback_data" in one for one in cloud.statuses)
    assert (await cloud.lines())[-1]["tick"] == "read"
    await sim.rules(cloud_statuses=[])
    await cloud.send()
    await cloud.say("otra")
    assert len(cloud.statuses) == 6


async def test_who_has_only_a_user_id_has_no_recipient_id(cloud: Business):
    await cloud.say("hola", user="MX.9f8e7d6c5b4a")
    await cloud.send(to=..., recipient="MX.9f8e7d6c5b4a")
    await cloud.until(lambda: cloud.statuses)
    assert "recipient_id" not in cloud.statuses[0]
    assert cloud.statuses[0]["recipient_user_id"] == "MX.9f8e7d6c5b4a"


async def test_a_fault_lets_a_message_fail_later(sim, cloud: Business):
    await sim.fault("cloud_send", "fails_later", code="131026", times=1)
    assert (await cloud.send(biz_opaque_callback_data="h")).status == 200
    await cloud.until(lambda: cloud.statuses)
    (status,) = cloud.statuses
    assert (status["status"], status["errors"][0]["code"], status["biz_opaque_callback_data"]) == (
        "failed",
        131026,
        "h",
    )
    assert len(await cloud.lines()) == 1


async def test_any_status_can_be_told_at_any_time(sim, cloud: Business):
    await sim.rules(cloud_statuses=[])
    id = (await cloud.send()).json["messages"][0]["id"]
    await cloud.thread("status", id=id, status="failed", code=131026)
    await cloud.thread("read")
    await cloud.until(lambda: len(cloud.statuses) == 1)
    assert cloud.statuses[0]["errors"][0]["code"] == 131026


CODES = [
    (1, 500), (2, 503), (131000, 500), (131016, 503), (130429, 429), (131056, 400), (190, 401), (4, 429),
    (80007, 429), (131047, 400), (10, 403), (368, 400), (131026, 400), (131057, 400),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status"), CODES)
async def test_each_code_can_be_answered_before_anything_happened(sim, cloud: Business, code, status):
    await sim.fault("cloud_send", "status", code=str(code), times=1)
    answer = await cloud.send()
    assert (answer.status, error(answer)) == (status, (code, None))
    assert len(await cloud.lines()) == 1


async def test_an_answer_can_be_lost_after_acceptance_and_is_counted_when_it_comes_again(sim, cloud: Business):
    await sim.fault("cloud_send", "drop_after", times=1, key=ANA)
    with pytest.raises(aiohttp.ClientError):
        await cloud.send("una vez", biz_opaque_callback_data="m-1")
    await cloud.send("una vez", biz_opaque_callback_data="m-1")
    assert [line["text"] for line in await cloud.lines()] == ["hola", "una vez", "una vez"]
    user = await sim.do("GET", f"/users/{ANA}")
    assert (user["repeated_ids"], user["texts"]) == (1, ["una vez", "una vez"])
    (thread,) = (await sim.do("GET", "/ledger"))["threads"]
    assert thread["twice"] == ["m-1"]


async def test_every_error_may_be_400_with_a_string_for_data(sim, cloud: Business):
    await sim.rules(meta_error_status="400", meta_error_data="string")
    answer = await cloud.call("POST", f"{accounts.NUMBER}/messages", token="x", json={})
    assert answer.status == 400
    answer = await cloud.send(to="Ana")
    assert isinstance(answer.json["error"]["error_data"], str)


# Reading and typing


async def test_a_read_mark_reads_what_came_before_and_typing_goes_with_it(sim, cloud: Business):
    await cloud.say("y otra", id="wamid.IN2")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN2"}
    assert (await cloud.post({**mark, "typing_indicator": {"type": "text"}})).json == {"success": True}
    (thread,) = (await sim.do("GET", "/graph/threads"))["threads"]
    assert thread["typing"] is True and [line["tick"] for line in thread["lines"]] == ["read", "read"]
    await cloud.send()
    (thread,) = (await sim.do("GET", "/graph/threads"))["threads"]
    assert thread["typing"] is False
    notes = (await sim.do("GET", "/graph"))["reads"]
    assert [(one["id"], one["typing"]) for one in notes] == [("wamid.IN2", True)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"message_id": "wamid.NO"}, 131009),
        ({"message_id": ...}, 131008),
        ({"status": "unread"}, 100),
        ({"typing_indicator": {"type": "audio"}}, 100),
        ({"to": f"+{ANA}"}, 100),
    ],
    ids=["unknown", "missing", "another status", "another typing", "unknown key"],
)
async def test_a_read_mark_is_strict(cloud: Business, more, code):
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"} | more
    answer = await cloud.post({name: one for name, one in mark.items() if one is not ...})
    assert error(answer) == (code, None)


# Media


async def upload(cloud, content=PNG, mime="image/png", name="caja.png", product="whatsapp"):
    form = aiohttp.FormData()
    form.add_field("messaging_product", product)
    form.add_field("type", mime)
    form.add_field("file", content, filename=name, content_type=mime)
    return await cloud.call("POST", f"{accounts.NUMBER}/media", data=form)


async def test_an_uploaded_file_is_sent_by_its_id(sim, cloud: Business):
    id = (await upload(cloud)).json["id"]
    answer = await cloud.post(body("image", image={"id": id, "caption": "La caja"}))
    assert answer.status == 200
    line = (await cloud.lines())[-1]
    assert (line["text"], line["media"]["sha256"]) == ("La caja", hashlib.sha256(PNG).hexdigest())
    async with sim.http.get(f"{sim.url}/sim/graph/files/{id}") as kept:
        assert await kept.read() == PNG


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"product": "sms"}, 100),
        ({"mime": "application/octet-stream"}, 100),
        ({"content": b""}, 131053),
        ({"content": bytes(5 * 1024 * 1024 + 1)}, 131053),
    ],
    ids=["product", "type", "empty", "too large"],
)
async def test_an_upload_is_judged(cloud: Business, more, code):
    assert error(await upload(cloud, **more)) == (code, None)


async def test_a_file_of_the_wrong_kind_fails_later_or_at_once(sim, cloud: Business):
    id = (await upload(cloud, b"%PDF", "application/pdf", "a.pdf")).json["id"]
    assert (await cloud.post(body("image", image={"id": id}))).status == 200
    await cloud.until(lambda: cloud.statuses)
    assert cloud.statuses[0]["errors"][0]["code"] == 131053
    await sim.rules(cloud_media_told="answer")
    assert error(await cloud.post(body("image", image={"id": id}))) == (131053, None)
    assert (await cloud.post(body("document", document={"id": id, "filename": "guía.pdf"}))).status == 200
    assert (await cloud.lines())[-1]["media"]["name"] == "guía.pdf"


async def test_a_voice_message_must_be_ogg_with_opus(sim, cloud: Business):
    await sim.rules(cloud_media_told="answer", cloud_statuses=["sent", "delivered", "read", "played"])
    mp3 = (await upload(cloud, b"ID3", "audio/mpeg", "a.mp3")).json["id"]
    assert error(await cloud.post(body("audio", audio={"id": mp3, "voice": True}))) == (131053, None)
    ogg = (await upload(cloud, b"OggS....OpusHead", "audio/ogg", "a.ogg")).json["id"]
    assert (await cloud.post(body("audio", audio={"id": ogg, "voice": True}))).status == 200
    await cloud.until(lambda: len(cloud.statuses) == 4)
    assert cloud.statuses[-1]["status"] == "played"


async def test_a_link_is_fetched(sim, cloud: Business):
    async def picture(request):
        return web.Response(body=PNG, content_type="image/png")

    app = web.Application()
    app.router.add_get("/a.png", picture)
    async with TestServer(app) as server:
        link = str(server.make_url("/a.png"))
        assert (await cloud.post(body("image", image={"link": link}))).status == 200
        assert (await cloud.lines())[-1]["media"]["sha256"] == hashlib.sha256(PNG).hexdigest()
        await sim.rules(cloud_media_told="answer")
        gone = str(server.make_url("/gone.png"))
        assert error(await cloud.post(body("image", image={"link": gone}))) == (131053, None)
    assert error(await cloud.post(body("image", image={"link": "http://media.example.net/a.png"}))) == (131053, None)


# What can be asked


async def test_a_number_tells_its_status_and_quality(sim, cloud: Business):
    found = (await cloud.call("GET", f"{accounts.NUMBER}?fields=quality_rating,status,messaging_limit_tier")).json
    assert found == {
        "quality_rating": "GREEN",
        "status": "CONNECTED",
        "messaging_limit_tier": "TIER_1K",
        "id": accounts.NUMBER,
    }
    assert error(await cloud.call("GET", f"{accounts.NUMBER}?fields=shoe_size")) == (100, None)
    listed = (await cloud.call("GET", f"{accounts.WABA}/phone_numbers")).json["data"]
    assert [one["id"] for one in listed] == [accounts.NUMBER]


async def test_a_token_tells_its_app_and_scopes(cloud: Business):
    data = (await cloud.call("GET", f"debug_token?input_token={cloud.token}")).json["data"]
    assert (data["app_id"], data["is_valid"]) == (accounts.APP, True)
    assert "whatsapp_business_messaging" in data["scopes"]
    unknown = (await cloud.call("GET", "debug_token?input_token=x")).json["data"]
    assert unknown["is_valid"] is False


async def test_templates_are_listed(cloud: Business):
    found = (await cloud.call("GET", f"{accounts.WABA}/message_templates?name=reopen")).json["data"]
    assert [(one["name"], one["language"], one["status"]) for one in found] == [("reopen", "es_MX", "APPROVED")]


async def test_a_number_that_is_not_registered_sends_nothing(sim, cloud: Business):
    await sim.do("PUT", "/graph", {"numbers": [{"id": accounts.NUMBER, "registered": False}]})
    assert error(await cloud.send()) == (133010, None)
