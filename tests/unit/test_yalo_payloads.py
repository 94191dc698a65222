"""Yalo's recorded webhooks and connects, through their readers."""

import json
from dataclasses import asdict

import pytest

from interconnections.bridge import transcript
from interconnections.errors import BadInput
from interconnections.http.connect_body import REQUIRED, read_wish
from interconnections.platforms.messages import Message
from interconnections.platforms.yalo.reader import MEDIA, read_whatsapp
from interconnections.providers import NAMED
from interconnections.store.context import Said
from tests.unit.bots import bot
from tests.unit.payloads import ROOT, cases, files, told


def as_read(read, body):
    try:
        return told(read(body))
    except BadInput as fault:
        return {"BadInput": str(fault)}


@pytest.mark.parametrize("case", cases("yalo/webhooks"))
def test_a_whatsapp_webhook_is_read(case):
    assert as_read(read_whatsapp, case["body"]) == case["expect"]


@pytest.mark.parametrize("case", cases("yalo/connect"))
def test_a_connect_is_read(case):
    assert as_read(read_wish, case["body"]) == case["expect"]


@pytest.mark.parametrize("case", cases("yalo/context"))
def test_a_stored_conversation_is_told_to_the_agent(case):
    said = [
        Said(
            row["timestamp"],
            row["from"],
            row.get("text", ""),
            row.get("url", ""),
            row.get("mimeType", ""),
            row.get("caption", ""),
        )
        for row in case["context"]
    ]
    assert transcript.told(bot(), said) == (case["block"],)


def test_every_file_is_a_case_of_some_test():
    folders = ("webhooks", "facebook", "connect", "context", "sends")
    read = {path for folder in folders for path in files(f"yalo/{folder}")}
    assert read == set((ROOT / "yalo").rglob("*.*"))


def test_every_kind_of_media_has_a_file():
    kinds = {json.loads(path.read_text())["expect"].get("Message", {}).get("kind") for path in files("yalo/webhooks")}
    assert kinds >= set(MEDIA)


def test_what_a_bot_ignores_is_its_own_to_say():
    body = {"id": "1", "timestamp": "1", "type": "sticker", "from": "2"}
    assert told(read_whatsapp(body, ("sticker",))) == {"Skipped": {"kind": "sticker"}}
    status = read_whatsapp(body | {"type": "status"}, ("sticker",))
    assert isinstance(status, Message)


# connect, field by field (section 2.4)

WHOLE = {
    "userID": "5215587650001",
    "name": "Ana",
    "provider": "whatsapp",
    "botSlug": "tienda-bot",
    "botId": "525500009999",
    "email": "ana@example.org",
    "phoneNumber": "5215587650001",
    "extraData": {"source_flow_bot": "PEDIDO"},
}
NAMES = ("UserID", "Name", "Provider", "BotSlug", "BotId", "Email")


def sentence(*names):
    return "Error validating payload : " + "\n".join(
        f"Key: 'ChatPayload.{name}' Error:Field validation for '{name}' failed on the 'required' tag"
        for name in names
    )


def refusal(body):
    with pytest.raises(BadInput) as caught:
        read_wish(body)
    return str(caught.value)


@pytest.mark.parametrize("key", [key for key, _ in REQUIRED.values()])
@pytest.mark.parametrize("absent", ["", None, ...], ids=["empty", "null", "missing"])
def test_a_missing_field_is_named_as_the_old_service_named_it(key, absent):
    body = {name: value for name, value in WHOLE.items() if name != key}
    if absent is not ...:
        body[key] = absent
    assert refusal(body) == sentence(next(name for name in NAMES if name.lower() == key.lower()))


def test_several_missing_fields_are_named_in_one_answer():
    assert refusal({"name": "Ana", "provider": "whatsapp", "email": "e"}) == sentence("UserID", "BotSlug", "BotId")


@pytest.mark.parametrize("value", [5, 5.5, True, [], {}, ["x"]], ids=repr)
@pytest.mark.parametrize("key", [name for name in WHOLE if name != "extraData"])
def test_a_field_of_a_wrong_type_is_named(key, value):
    assert refusal(WHOLE | {key: value}) == f"Invalid payload received : {key} must be a string"


@pytest.mark.parametrize("value", [5, "x", True, []], ids=repr)
def test_extra_data_must_be_an_object(value):
    assert refusal(WHOLE | {"extraData": value}) == "Invalid payload received : extraData must be an object"


@pytest.mark.parametrize("body", [5, "x", True, [], [WHOLE]], ids=repr)
def test_a_wish_must_be_an_object(body):
    assert refusal(body) == "Invalid payload received : a JSON object is expected"


@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.swapcase], ids=["lower", "upper", "swapped"])
def test_keys_match_whatever_their_case(spelling):
    assert read_wish({spelling(name): value for name, value in WHOLE.items()}) == read_wish(WHOLE)


def test_values_and_the_keys_of_extra_data_keep_their_case():
    wish = read_wish(WHOLE | {"botSlug": "Tienda", "extraData": {"Flow": "Pedido", "flow": "otro"}})
    assert (wish.bot_slug, wish.extra) == ("Tienda", {"Flow": "Pedido", "flow": "otro"})


@pytest.mark.parametrize(("wire", "ours"), NAMED.items())
def test_a_provider_is_one_of_ours(wire, ours):
    assert read_wish(WHOLE | {"provider": wire}).provider == ours


def test_providers_are_whatsapp_and_messenger_under_both_names():
    assert NAMED == {"whatsapp": "whatsapp", "messenger": "messenger", "facebook": "messenger"}


@pytest.mark.parametrize("wire", ["WhatsApp", " whatsapp", "telegram", "WHATSAPP"])
def test_another_provider_is_refused_at_once(wire):
    assert refusal(WHOLE | {"provider": wire}) == "Error validating payload : provider must be whatsapp or facebook"


def test_user_ids_are_bounded_and_without_nul():
    assert read_wish(WHOLE | {"userID": "5" * 200}).user_id == "5" * 200
    assert "longer than 200" in refusal(WHOLE | {"userID": "5" * 201})
    assert "NUL" in refusal(WHOLE | {"userID": "5\0"})


@pytest.mark.parametrize(
    ("key", "longest"), [("name", 1000), ("botSlug", 1000), ("botId", 1000), ("email", 1000), ("phoneNumber", 200)]
)
def test_a_wishs_fields_are_bounded(key, longest):
    read_wish(WHOLE | {key: "5" * longest})
    sentence = f"Error validating payload : {key} is longer than {longest} characters"
    assert refusal(WHOLE | {key: "5" * (longest + 1)}) == sentence


def test_extra_data_is_bounded_by_what_it_takes_to_store():
    read_wish(WHOLE | {"extraData": {"x": "ñ" * 99_000}})
    sentence = "Error validating payload : extraData is larger than 200 KB"
    assert refusal(WHOLE | {"extraData": {"x": "ñ" * 100_000}}) == sentence


def test_a_wish_keeps_everything():
    assert asdict(read_wish(WHOLE)) == {
        "user_id": "5215587650001",
        "name": "Ana",
        "provider": "whatsapp",
        "bot_slug": "tienda-bot",
        "bot_id": "525500009999",
        "email": "ana@example.org",
        "phone_number": "5215587650001",
        "extra": {"source_flow_bot": "PEDIDO"},
    }
