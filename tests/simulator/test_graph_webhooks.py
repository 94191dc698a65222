"""What Meta posts: envelopes, signatures over the bytes, repeats, batches, handshakes (WA §2, §3, FB §2)."""

from __future__ import annotations

import json

import pytest
import pytest_asyncio

from simulator.graph import accounts, events

from .meta import ANA, PNG, VERIFY, Business, business, error

SECRET = "bridge-app-secret"
ESCAPED = (
    r'{"object":"whatsapp_business_account","entry":[{"id":"990011","changes":[{"value":{"messaging_product":"whatsapp",'
    r'"metadata":{"display_phone_number":"525500001111","phone_number_id":"700100200300"},"contacts":[{"profile":'
    r'{"name":"Ni\u00f1a \ud83d\udc69\u200d\ud83d\udd2c"},"wa_id":"5215511112222"}],"messages":[{"from":'
    r'"5215511112222","id":"wamid.T1","timestamp":"1772000000","type":"text","text":{"body":"\u00bfHola?\n\ud83d\ude4b"}}]},'
    r'"field":"messages"}]}]}'
)
PAGE = (
    r'{"object":"page","entry":[{"id":"110","time":1772000000000,"messaging":[{"sender":{"id":"24001"},"recipient":'
    r'{"id":"110"},"timestamp":1772000000000,"message":{"mid":"m_1","text":"\u00a1Hola ni\u00f1o \ud83d\udc4b"}}]}]}'
)
EMPTY = '{"object":"whatsapp_business_account","entry":[]}'
VECTORS = {
    EMPTY: "a1cf0fa7a637add3d114018fcd310cd971d73a2673c0890515c3764b342962a0",
    ESCAPED: "029d581e38cd95d12860ad05ddc10b4307f5d02985d83f76227705c1eced3dcc",
    PAGE: "ee79d52828eed7237e27c8e8822964503cb8347871d7017374a3689d10d2acfa",
}


@pytest_asyncio.fixture
async def cloud(sim):
    async with business(sim, accounts.NUMBER, accounts.CLOUD_TOKEN) as one:
        await sim.rules(meta_retry_pause=0.05)
        yield one


@pytest.mark.parametrize("raw", VECTORS, ids=["empty", "whatsapp", "page"])
def test_the_sheets_vectors_are_written_byte_for_byte_and_signed(raw):
    assert events.escaped(json.loads(raw)) == raw.encode()
    assert events.signature(SECRET, raw.encode()) == f"sha256={VECTORS[raw]}"


def test_a_slash_is_escaped():
    assert events.escaped({"a": "https://x/ñ"}) == rb'{"a":"https:\/\/x\/\u00f1"}'


async def test_a_webhook_is_signed_over_the_bytes_that_go_out(cloud: Business):
    await cloud.say("¿Mañana? https://x.example/ñ 👋")
    assert rb"\u00bf" in cloud.raw[0] and rb"\/\/" in cloud.raw[0] and b"\xc2" not in cloud.raw[0]
    assert cloud.signed()
    assert cloud.headers[0]["X-Hub-Signature"].startswith("sha1=")


@pytest.mark.parametrize(("rule", "header"), [("wrong", True), ("missing", False)])
async def test_a_signature_may_be_wrong_or_missing(sim, cloud: Business, rule, header):
    await sim.rules(meta_signature=rule)
    await cloud.say("hola")
    assert ("X-Hub-Signature-256" in cloud.headers[0]) is header
    if header:
        assert not cloud.signed()


async def test_a_text_is_shaped_like_the_sheets_example(sim, cloud: Business):
    await sim.do("PUT", f"/graph/people/{ANA}", {"name": "Zoë 🦊", "username": "zoe.fox", "user_id": "MX.4001"})
    await cloud.say("¿Y mi pedido?", id="wamid.HBgN0001==", timestamp=1772000001000)
    message = {
        "from": ANA,
        "from_user_id": "MX.4001",
        "id": "wamid.HBgN0001==",
        "timestamp": "1772000001",
        "type": "text",
        "text": {"body": "¿Y mi pedido?"},
    }
    contact = {"profile": {"name": "Zoë 🦊", "username": "zoe.fox"}, "wa_id": ANA, "user_id": "MX.4001"}
    metadata = {"display_phone_number": "525500001111", "phone_number_id": "700100200300"}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [contact], "messages": [message]}
    entry = {"id": "990011", "changes": [{"value": value, "field": "messages"}]}
    assert cloud.bodies == [{"object": "whatsapp_business_account", "entry": [entry]}]


async def test_who_has_only_a_user_id_has_no_from_and_no_wa_id(cloud: Business):
    await cloud.say("hola", user="MX.9f8e7d6c5b4a")
    (value,) = cloud.values
    assert "from" not in value["messages"][0] and "wa_id" not in value["contacts"][0]
    assert value["messages"][0]["from_user_id"] == value["contacts"][0]["user_id"] == "MX.9f8e7d6c5b4a"


async def test_before_user_ids_there_were_only_numbers(sim, cloud: Business):
    await sim.rules(cloud_user_ids=False)
    await cloud.say("hola")
    (value,) = cloud.values
    assert "from_user_id" not in value["messages"][0] and "user_id" not in value["contacts"][0]


async def test_what_is_not_answered_200_comes_again_until_it_is(cloud: Business):
    cloud.answers = [500, 403, 204]
    told = await cloud.say("hola", persist=10)
    (answer,) = told["answers"]
    assert (answer["status"], answer["before"]) == (200, [500, 403, 204])
    assert len(set(cloud.raw)) == 1 and len(cloud.raw) == 4


async def test_any_2xx_may_do(sim, cloud: Business):
    await sim.rules(meta_webhook_success="2xx")
    cloud.answers = [204]
    (answer,) = (await cloud.say("hola", persist=5))["answers"]
    assert (answer["status"], answer["attempts"]) == (204, 1)


async def test_later_events_overtake_one_that_is_repeated(sim, cloud: Business):
    cloud.answers = [500, 500]
    await sim.rules(meta_retry_pause=0.3)
    await cloud.say("uno")
    await cloud.say("dos")
    await cloud.until(lambda: len(cloud.raw) >= 4)
    texts = [one["text"]["body"] for one in cloud.messages]
    assert texts.index("dos") < len(texts) - 1 - texts[::-1].index("uno")


async def test_events_come_together_and_backwards_and_twice(sim, cloud: Business):
    await sim.rules(meta_batch=3, meta_batch_order="reversed", meta_webhook_copies=2)
    for text in ("uno", "dos"):
        await cloud.say(text, wait=False)
    await cloud.say("tres")
    await cloud.until(lambda: len(cloud.raw) == 2)
    assert [one["text"]["body"] for one in cloud.messages] == ["tres", "dos", "uno"] * 2


async def test_merged_events_share_one_entry_and_one_value(sim, cloud: Business):
    await sim.rules(meta_batch=2, meta_batch_shape="merged")
    await cloud.say("uno", wait=False)
    await cloud.say("dos", user="5215511110002")
    (body,) = cloud.bodies
    (value,) = [change["value"] for entry in body["entry"] for change in entry["changes"]]
    assert [one["text"]["body"] for one in value["messages"]] == ["uno", "dos"]
    assert len(value["contacts"]) == 2


async def test_an_event_does_not_wait_for_others_for_ever(sim, cloud: Business):
    await sim.rules(meta_batch=100, meta_batch_seconds=0.05)
    await cloud.say("hola")
    assert len(cloud.messages) == 1


async def test_the_callback_is_asked_before_anything_is_sent_there(cloud: Business):
    (asked,) = cloud.handshakes
    assert (asked["hub.mode"], asked["hub.verify_token"]) == ("subscribe", VERIFY)
    assert asked["hub.challenge"].isdigit()


async def test_a_callback_that_fails_the_handshake_is_not_taken(sim, cloud: Business):
    wish = {"account": cloud.account, "callback": cloud.url, "verify_token": "wrong"}
    await sim.do("POST", "/graph/subscribe", wish, expect=409)
    override = {"override_callback_uri": cloud.url, "verify_token": "wrong"}
    answer = await cloud.call("POST", accounts.NUMBER, json={"webhook_configuration": override})
    assert error(answer) == (2200, None)


async def test_a_numbers_own_callback_goes_before_the_apps(sim, cloud: Business):
    async with business(sim, accounts.NUMBER, accounts.CLOUD_TOKEN, only=True) as other:
        await cloud.say("hola")
        assert (len(other.raw), len(cloud.raw)) == (1, 0)
        look = await cloud.call("GET", f"{accounts.NUMBER}?fields=webhook_configuration,quality_rating")
        assert look.json["webhook_configuration"]["phone_number"] == other.url
        override = {"webhook_configuration": {"override_callback_uri": ""}}
        assert (await cloud.call("POST", accounts.NUMBER, json=override)).json == {"success": True}
        await cloud.say("hola")
        assert (len(other.raw), len(cloud.raw)) == (1, 1)


async def test_each_subscribed_app_gets_its_own_copy_with_its_own_signature(sim, cloud: Business):
    async with business(sim, accounts.NUMBER, accounts.OTHER_CLOUD_TOKEN, accounts.OTHER_APP) as other:
        await cloud.say("hola")
        assert cloud.messages == other.messages and len(cloud.messages) == 1
        assert cloud.signed() and other.signed()


async def test_an_account_that_no_app_is_told_of_is_409(sim):
    body = {"account": accounts.NUMBER, "text": "hola"}
    await sim.do("POST", f"/users/{ANA}/say", body, expect=409)


async def test_the_subscription_is_made_listed_and_ended_by_calls(cloud: Business):
    path = f"{accounts.WABA}/subscribed_apps"
    listed = await cloud.call("GET", path)
    assert [one["whatsapp_business_api_data"]["id"] for one in listed.json["data"]] == [accounts.APP]
    assert (await cloud.call("DELETE", path)).json == {"success": True}
    await cloud.say("hola", expect=409)
    body = {"override_callback_uri": cloud.url, "verify_token": VERIFY}
    assert (await cloud.call("POST", path, json=body)).json == {"success": True}
    await cloud.say("hola")
    assert len(cloud.messages) == 1


async def test_an_app_subscribes_with_its_own_token_only(cloud: Business):
    body = {
        "object": "whatsapp_business_account",
        "callback_url": cloud.url,
        "verify_token": VERIFY,
        "fields": "messages",
    }
    path = f"{accounts.APP}/subscriptions"
    assert error(await cloud.call("POST", path, json=body)) == (15, None)
    own = f"{accounts.APP}|{accounts.APP_SECRET}"
    assert (await cloud.call("POST", path, json=body, token=own)).json == {"success": True}
    (listed,) = (await cloud.call("GET", path, token=own)).json["data"]
    assert (listed["callback_url"], listed["fields"][0]["name"]) == (cloud.url, "messages")


KINDS = {
    "text": ({"text": "x"}, lambda m: m["text"]["body"] == "x"),
    "location": ({"text": "Casa"}, lambda m: m["location"]["name"] == "Casa"),
    "contacts": ({}, lambda m: m["contacts"][0]["name"]["formatted_name"]),
    "button_reply": ({"text": "Sí", "more": {"id": "b1"}}, lambda m: m["interactive"]["button_reply"]["id"] == "b1"),
    "list_reply": ({"text": "Sí"}, lambda m: m["interactive"]["list_reply"]["title"] == "Sí"),
    "flow": ({"more": {"response_json": "{}"}}, lambda m: m["interactive"]["nfm_reply"]["response_json"] == "{}"),
    "button": ({"text": "Sí"}, lambda m: m["button"] == {"payload": "Sí", "text": "Sí"}),
    "reaction": (
        {"text": "👍", "quotes": "wamid.X"},
        lambda m: m["reaction"] == {"message_id": "wamid.X", "emoji": "👍"},
    ),
    "order": ({}, lambda m: m["order"]["product_items"]),
    "system": ({"more": {"wa_id": "5215500009999"}}, lambda m: m["system"]["wa_id"] == "5215500009999"),
    "unsupported": ({"more": {"type": "poll"}}, lambda m: m["errors"][0]["code"] == 131051),
    "edit": ({"text": "y", "quotes": "wamid.X"}, lambda m: m["edit"]["original_message_id"] == "wamid.X"),
    "revoke": ({"quotes": "wamid.X"}, lambda m: m["revoke"] == {"original_message_id": "wamid.X"}),
    "request_welcome": ({}, lambda m: m["type"] == "request_welcome"),
    "hologram": ({"more": {"x": 1}}, lambda m: m["hologram"] == {"x": 1}),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_users_do_whatever_the_table_has(cloud: Business, kind):
    more, right = KINDS[kind]
    await cloud.say(**{"text": None, "type": kind, **more})
    (message,) = cloud.messages
    assert right(message), message
    assert "context" not in message


async def test_an_answer_carries_what_it_quotes(cloud: Business):
    sent = (await cloud.say("hola"))["id"]
    await cloud.say("¿y?", quotes=sent)
    assert cloud.messages[1]["context"] == {"from": "525500001111", "id": sent}
    assert (await cloud.lines())[1]["quotes"] == {"id": sent, "text": "hola", "type": "text", "by": "user"}


async def test_anything_raw_is_signed_and_posted(sim, cloud: Business):
    raw = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": []}]}
    await cloud.say(None, raw=raw)
    value = {"errors": [{"code": 130429, "title": "Rate limit hit"}]}
    await sim.do("POST", f"/graph/accounts/{cloud.account}/tell", {"value": value})
    assert cloud.bodies[0] == raw
    assert cloud.values[-1]["errors"] == value["errors"] and cloud.values[-1]["metadata"]
    assert cloud.signed(0) and cloud.signed(1)


async def shelve(sim, content=PNG, mime="image/png", name="caja.png", kind="image"):
    headers = {"Content-Type": mime}
    return (await sim.ask("POST", f"/sim/media?name={name}&kind={kind}", data=content, headers=headers)).json["id"]


async def test_a_users_file_is_an_id_a_url_for_five_minutes_and_bytes_with_the_token(sim, cloud: Business):
    await cloud.say("la caja rota", media=await shelve(sim))
    part = cloud.messages[0]["image"]
    assert part["caption"] == "la caja rota" and "url" not in part
    found = (await cloud.call("GET", part["id"])).json
    assert (found["mime_type"], found["file_size"], found["id"]) == ("image/png", len(PNG), part["id"])
    path = found["url"].removeprefix(sim.url)
    assert (await sim.ask("GET", path)).status == 401
    async with sim.http.get(found["url"], headers={"Authorization": f"Bearer {cloud.token}"}) as answer:
        assert (answer.status, await answer.read(), answer.content_type) == (200, PNG, "image/png")
    await sim.rules(cloud_media_url_seconds=-1.0)
    late = (await cloud.call("GET", part["id"])).json["url"]
    async with sim.http.get(late, headers={"Authorization": f"Bearer {cloud.token}"}) as answer:
        assert answer.status == 404


async def test_a_media_id_ends_and_is_deleted_and_is_nobody_elses(sim, cloud: Business):
    await cloud.say(None, media=await shelve(sim))
    id = cloud.messages[0]["image"]["id"]
    assert error(await cloud.call("GET", f"{id}?phone_number_id=1")) == (100, 33)
    await sim.rules(cloud_media_days_inbound=0.0)
    assert error(await cloud.call("GET", id)) == (100, 33)
    await sim.rules(cloud_media_days_inbound=7.0)
    assert (await cloud.call("DELETE", id)).json == {"success": True}
    assert error(await cloud.call("GET", id)) == (100, 33)


async def test_webhooks_may_carry_the_url(sim, cloud: Business):
    await sim.rules(cloud_media_url_in_webhook=True, cloud_file_size_as="string")
    await cloud.say(None, media=await shelve(sim, name="nota.ogg", mime="audio/ogg", kind="voice"))
    part = cloud.messages[0]["audio"]
    assert part["voice"] is True and part["url"].startswith(sim.url)
    assert (await cloud.call("GET", part["id"])).json["file_size"] == str(len(PNG))
