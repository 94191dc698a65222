"""Golden texts: how everything that is no plain text reads for the agent."""

import json
from pathlib import Path

import pytest

from interconnections.bridge.rendering import FILES, LABELS, LONGEST_CAPTION, MOST_FILES, as_items, as_past
from interconnections.items import File, Kind, Origin
from interconnections.platforms.messages import Message, Unread
from interconnections.platforms.yalo.facebook import read_facebook
from interconnections.platforms.yalo.reader import MEDIA, read_whatsapp


def as_text(message: Message, language: str = "es") -> str:
    """What an agent reads who has no case to look at."""
    return "\n".join(item.text for item in as_items(message, language))


MAP = "https://maps.google.com/?q=19.4326,-99.1332"


def whatsapp(kind: str, part: object) -> Message:
    told = read_whatsapp(
        {"id": "WA.1", "timestamp": "1772000000000", "type": kind, "from": "5215587650001", kind: part}
    )
    assert isinstance(told, Message)
    return told


def facebook(**item: object) -> list[Message]:
    whole = {"sender": {"id": "77"}, "recipient": {"id": "100"}, "timestamp": 1772000010000, **item}
    body = {"authorRole": "user", "botId": "fb", "message": {"object": "page", "entry": [{"messaging": [whole]}]}}
    return said(body)


def said(body: object) -> list[Message]:
    told = read_facebook(body)
    messages = [each for each in told if isinstance(each, Message)]
    assert messages == told
    return messages


WHATSAPP = [
    ("text", {"body": "hola\n"}, "hola\n"),
    ("text", {"body": "  \n"}, ""),
    ("image", {"url": "https://x/1", "caption": "la caja"}, "[imagen] la caja\nhttps://x/1"),
    ("image", {"url": "https://x/1"}, "[imagen]\nhttps://x/1"),
    ("image", {}, "[imagen]"),
    ("voice", {"url": "https://x/2", "mimeType": "audio/ogg"}, "[nota de voz]\nhttps://x/2"),
    ("audio", {"url": "https://x/2"}, "[audio]\nhttps://x/2"),
    (
        "document",
        {"url": "https://x/3", "caption": "factura_ñandú (1).pdf"},
        "[documento] factura_ñandú (1).pdf\nhttps://x/3",
    ),
    ("video", {"url": "https://x/4", "caption": "mira"}, "[video] mira\nhttps://x/4"),
    ("sticker", {"url": "https://x/5"}, "[sticker]\nhttps://x/5"),
    ("location", {"latitude": 19.4326, "longitude": -99.1332}, f"[ubicación] {MAP}"),
    (
        "location",
        {"latitude": 19.4326, "longitude": -99.1332, "name": "Zócalo", "address": "CDMX"},
        f"[ubicación] Zócalo, CDMX {MAP}",
    ),
    ("location", {"latitude": "x"}, "[ubicación]"),
    ("contacts", [{"phones": [{"phone": "+52 55 1234"}]}], "[contacto] +52 55 1234"),
    (
        "contacts",
        [{"name": {"formatted_name": "Leo Paz"}, "phones": [{"phone": "+1"}], "emails": [{"email": "l@x.org"}]}, {}],
        "[contacto] Leo Paz: +1, l@x.org",
    ),
    ("interactive", {"type": "button_reply", "button_reply": {"id": "si", "title": "Sí"}}, "Sí"),
    (
        "interactive",
        {"type": "list_reply", "list_reply": {"id": "m", "title": "Hablar con asesor", "description": "ventas"}},
        "Hablar con asesor – ventas",
    ),
    (
        "interactive",
        {"nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"t1","rating":"5"}'}},
        "rating: 5",
    ),
    ("interactive", {"nfm_reply": {"body": "Sent", "response_json": "{"}}, "Sent"),
    ("interactive", None, "[respuesta]"),
    ("button", {"payload": "SI", "text": "Sí"}, "Sí"),
    ("button", {"payload": "SI"}, "SI"),
    ("reaction", {"message_id": "1", "emoji": "👍🏽"}, "[reacción] 👍🏽"),
    ("reaction", {"message_id": "1"}, "[quitó su reacción]"),
    ("ephemeral", {"x": 1}, "[mensaje que no se puede mostrar aquí: ephemeral]"),
    ("text", {"body": "\u3164\u200b"}, ""),
    # what comes as a string and as a number, in every spelling of a place
    ("location", {"latitude": "19.4326", "longitude": "-99.1332"}, f"[ubicación] {MAP}"),
    ("location", {"latitude": "19,4326", "longitude": " -99,1332 "}, f"[ubicación] {MAP}"),
    ("location", {"lat": 19.4326, "lng": -99.1332}, f"[ubicación] {MAP}"),
    ("location", {"latitude": "19.4326° N", "longitude": "99.1332 ° w"}, f"[ubicación] {MAP}"),
    ("location", {"latitude": "19.4326N", "longitude": "-99.1332O"}, f"[ubicación] {MAP}"),
    ("location", {"latitude": "19.4326° W", "longitude": "99.1332° N", "name": "Luna"}, "[ubicación] Luna"),
    ("location", {"lat": f"1.{25 * '0'}", "lng": 2}, f"[ubicación] https://maps.google.com/?q=1.{25 * '0'},2"),
    ("location", {"latitude": 0.00001, "longitude": 0}, "[ubicación] https://maps.google.com/?q=0.00001,0"),
    ("location", {"latitude": 919.4, "longitude": 1, "name": "Luna"}, "[ubicación] Luna"),
    ("location", {"latitude": True, "longitude": 1, "url": "https://x/m"}, "[ubicación] https://x/m"),
    ("contacts", [{"name": {"first_name": "Leo", "last_name": "Paz"}, "phones": [{"phone": 5215512345678}]}],
     "[contacto] Leo Paz: 5215512345678"),
    ("contacts", {"name": {"formatted_name": "Leo"}, "phones": ["+1"], "org": {"company": "Acme", "title": "Jefe"},
                  "addresses": [{"street": "Luna 5", "city": "CDMX"}], "urls": [{"url": "https://x"}]},
     "[contacto] Leo: +1, Acme, Jefe, Luna 5, CDMX, https://x"),
    ("contacts", [{"phones": [{"wa_id": "521"}]}], "[contacto] 521"),
    # forms, whatever their answers are
    ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json":
        '{"acepta":true,"tallas":["0_S","1_M"],"domicilio":{"calle":"Luna 5","cp":null},"flow_token":"x"}'}},
     "acepta: true, tallas: 0_S, 1_M, domicilio: calle: Luna 5"),
    ("interactive", {"nfm_reply": {"response_json": {"total": 899.0, "iva": 1e-05, "x": [], "y": ""}}},
     "total: 899, iva: 0.00001"),
    ("interactive", {"nfm_reply": {"body": "Sent", "response_json": '["uno", false, {"a": {}}]'}}, "uno, false"),
    ("interactive", {"nfm_reply": {"body": "Sent", "response_json": '{"flow_token": "x", "a": null}'}}, "Sent"),
    ("interactive", {"nfm_reply": {"body": "Sent", "response_json": '{"a":' * 300 + "7" + "}" * 300}}, ...),
    ("interactive", {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}, "accept"),
    ("interactive", {"type": "list_reply", "list_reply": {"id": 7, "title": 12}}, "12"),
    # orders, products, corrections, notices: content that only had a label
    ("order", {"catalog_id": "1", "text": "para hoy", "product_items": [
        {"product_retailer_id": "SKU-9", "quantity": 2, "item_price": 899.5, "currency": "MXN"},
        {"product_retailer_id": "SKU-8", "quantity": "1"}]},
     "[pedido] para hoy\n2 × SKU-9 (899.5 MXN); 1 × SKU-8"),
    ("edit", {"original_message_id": "w0", "message": {"type": "text", "text": {"body": "Pedido 124"}}},
     "[corrección] Pedido 124"),
    ("edit", {"original_message_id": "w0", "message": {"type": "image", "image": {"caption": "la otra caja"}}},
     "[corrección] la otra caja"),
    ("edit", {"text": {"body": "Pedido 125"}}, "[corrección] Pedido 125"),
    ("revoke", {"original_message_id": "w0"}, "[eliminó un mensaje]"),
    ("system", {"type": "user_changed_number", "body": "Rosa changed from 5215500001004 to 5215500009999",
                "wa_id": "5215500009999"}, "[aviso] Rosa changed from 5215500001004 to 5215500009999"),
    ("system", {"type": "user_changed_user_id", "user_id": "MX.2"}, "[aviso] user_changed_user_id MX.2"),
    ("unsupported", {"type": "poll"}, "[mensaje que no se puede mostrar aquí] poll"),
    ("gif", {"url": "https://x/6", "caption": "jaja"}, "[mensaje que no se puede mostrar aquí: gif] jaja\nhttps://x/6"),
    ("document", {"link": "https://x/7", "filename": "factura.pdf"}, "[documento] factura.pdf\nhttps://x/7"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "part", "text"), WHATSAPP)
def test_what_an_agent_reads_of_a_whatsapp_message(kind: str, part: object, text: str) -> None:
    read = as_text(whatsapp(kind, part), "es-MX")
    assert read == text if text is not ... else "7" in read


BESIDE = [
    ({"context": {"referred_product": {"catalog_id": "1", "product_retailer_id": "SKU-9"}}},
     "hola\n[producto] (SKU-9)"),
    ({"referral": {"source_url": "https://fb.me/x", "headline": "Oferta", "body": "-20%"}},
     "hola\n[llegó por] Oferta, -20%\nhttps://fb.me/x"),
    ({"context": {"forwarded": True}, "referral": None}, "hola"),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "read"), BESIDE)
def test_what_a_message_speaks_of_is_told_with_it(beside: dict[str, object], read: str) -> None:
    body = {"id": "1", "timestamp": "1", "type": "text", "from": "2", "text": {"body": "hola"}, **beside}
    told = read_whatsapp(body)
    assert isinstance(told, Message)
    assert as_text(told, "es-MX") == read


def test_a_type_is_read_in_whatever_case_it_comes() -> None:
    told = read_whatsapp({"id": "1", "timestamp": "1", "type": "Text", "from": "2", "text": {"body": "hola"}})
    image = read_whatsapp({"id": "1", "timestamp": "1", "type": "IMAGE", "from": "2", "IMAGE": {"caption": "caja"}})
    assert isinstance(told, Message) and isinstance(image, Message)
    assert (as_text(told), as_text(image)) == ("hola", "[imagen] caja")


def test_why_a_file_could_not_be_passed_on_is_told() -> None:
    errors = [{"code": 131052, "title": "Media download error", "error_data": {"details": "larger than 100 MB"}}]
    body = {"id": "1", "timestamp": "1", "type": "video", "from": "2", "video": {}, "errors": errors}
    told = read_whatsapp(body)
    assert isinstance(told, Message)
    assert as_text(told) == "[video] larger than 100 MB"


def test_what_only_the_platform_says_is_skipped() -> None:
    for kind in ("status", "notification-status", "request_welcome", "REQUEST_WELCOME"):
        assert not isinstance(read_whatsapp({"type": kind}), Message)


def test_a_notice_of_the_platform_is_not_the_users_own_word() -> None:
    [item] = as_items(whatsapp("system", {"body": "Rosa changed"}), "es-MX")
    assert item.origin is Origin.BRIDGE


def attached(kind: str, url: str, **more: object) -> dict[str, object]:
    return {"type": kind, "payload": {"url": url, **more}}


FACEBOOK = [
    ({"message": {"mid": "m", "text": "Hola 👋"}}, "Hola 👋"),
    ({"message": {"mid": "m", "attachments": [attached("image", "https://x/1")]}}, "[imagen]\nhttps://x/1"),
    (
        {"message": {"mid": "m", "text": "mira", "attachments": [attached("image", "https://x/1")]}},
        "mira\n[imagen]\nhttps://x/1",
    ),
    (
        {"message": {"mid": "m", "attachments": [attached("image", "https://x/1"), attached("file", "https://x/2")]}},
        "[imagen]\nhttps://x/1\n[archivo]\nhttps://x/2",
    ),
    (
        {
            "message": {
                "mid": "m",
                "attachments": [attached("sticker", "https://x/s"), attached("image", "https://x/s")],
            }
        },
        "[sticker]\nhttps://x/s",
    ),
    (
        {"message": {"mid": "m", "text": "ver https://x/y", "attachments": [attached("fallback", "https://x/y")]}},
        "ver https://x/y",
    ),
    (
        {"message": {"mid": "m", "attachments": [attached("fallback", "https://x/y", title="X")]}},
        "[enlace compartido] X\nhttps://x/y",
    ),
    ({"message": {"mid": "m", "attachments": [{"type": "fallback"}]}}, "[enlace compartido]"),
    (
        {"message": {"mid": "m", "attachments": [{"type": "hologram", "payload": {"x": 1}}]}},
        "[mensaje que no se puede mostrar aquí: hologram]",
    ),
    ({"message": {"mid": "m", "text": "Sí", "quick_reply": {"payload": "SI"}}}, "Sí"),
    ({"postback": {"title": "Ayuda", "payload": "HELP"}}, "Ayuda"),
    ({"postback": {"payload": "HELP"}}, "HELP"),
    ({"reaction": {"reaction": "other", "emoji": "🥲", "action": "react", "mid": "m_o"}}, "[reacción] 🥲"),
    ({"reaction": {"action": "unreact", "mid": "m_o"}}, "[quitó su reacción]"),
    # words and addresses beside the payload, not in it
    (
        {"message": {"mid": "l1", "attachments": [{"title": "Ubicación de Rosa", "url": "https://maps.example.org/x",
            "type": "location", "payload": {"coordinates": {"lat": 19.43, "long": -99.13}}}]}},
        "[ubicación] Ubicación de Rosa https://maps.google.com/?q=19.43,-99.13",
    ),
    (
        {"message": {"attachments": [{"type": "location", "payload": {"coordinates": {"lat": "19.43", "lng": 1}}}]}},
        "[ubicación] https://maps.google.com/?q=19.43,1",
    ),
    (
        {"message": {"mid": "f1", "attachments": [{"title": "Tenis rojos", "url": "https://shop.example.org/p/9",
            "type": "fallback", "payload": None}]}},
        "[enlace compartido] Tenis rojos\nhttps://shop.example.org/p/9",
    ),
    (
        {"message": {"mid": "t1", "text": "¿Hay en talla 7?", "attachments": [{"type": "template", "payload":
            {"product": {"elements": [
                {"id": "p1", "retailer_id": "SKU-9", "title": "Tenis rojos", "subtitle": "$899"}]}}}]}},
        "¿Hay en talla 7?\n[producto] Tenis rojos, $899 (SKU-9)",
    ),
    (
        {"message": {"attachments": [{"type": "template", "title": "Catálogo", "payload": {"template_type": "generic",
            "elements": [{"title": "Tenis", "subtitle": "rojos"}, {"title": "Botas"}]}}]}},
        "[tarjeta] Catálogo\nTenis, rojos\nBotas",
    ),
    (
        {"message": {"attachments": [{"type": "template", "url": "https://x/c", "payload": {"elements": [
            {"title": "Tenis", "default_action": {"type": "web_url", "url": "https://x/t"}, "buttons": [
                {"type": "web_url", "title": "Ver", "url": "https://x/v"}, {"type": "postback", "title": "Comprar",
                 "payload": "BUY_9"}]},
            {"title": "Botas", "buttons": [{"type": "web_url", "title": "Catálogo", "url": "https://x/c"}]}]}}]}},
        "[tarjeta] Tenis https://x/t\n• Ver https://x/v\n• Comprar\nBotas\n• Catálogo https://x/c",
    ),
    (
        {"message": {"attachments": [{"type": "template", "payload": {"text": "¿Le llamamos?",
            "buttons": [{"type": "phone_number", "title": "Llamar", "payload": "+5215500000001"}, {}, "x"]}}]}},
        "[tarjeta] ¿Le llamamos?\n• Llamar +5215500000001",
    ),
    ({"message": {"attachments": [{"type": "template", "payload": {}}]}}, "[tarjeta]"),
    ({"message": {"attachments": {"type": "image", "url": "https://x/1"}}}, "[imagen]\nhttps://x/1"),
    (
        {"message": {"attachments": [attached("ig_reel", "https://x/r", title="Paso a paso")]}},
        "[reel] Paso a paso\nhttps://x/r",
    ),
    (
        {"message": {"text": "ver https://x/12", "attachments": [attached("image", "https://x/1")]}},
        "ver https://x/12\n[imagen]\nhttps://x/1",
    ),
    ({"message_edit": {"mid": "m1", "text": "Pedido 124, no 123", "num_edit": 1}}, "[corrección] Pedido 124, no 123"),
    ({"message": {"mid": "m1", "is_deleted": True}}, "[eliminó un mensaje]"),
    ({"message": {"mid": "m1", "is_unsupported": True}}, "[mensaje que no se puede mostrar aquí]"),
    ({"message": {"mid": "m1", "quick_reply": {"payload": "+5215512345678"}}}, "+5215512345678"),
    ({"message": {"text": "hola", "referral": {"product": {"id": "SKU-9"}}}}, "hola\n[producto] (SKU-9)"),
    (
        {"message": {"text": "hola", "referral": {"ref": "r1", "ads_context_data": {"ad_title": "Oferta"}}}},
        "hola\n[llegó por] Oferta",
    ),
    ({"referral": {"ref": "promo_7", "source": "SHORTLINK"}}, "[llegó por] promo_7"),
    ({"postback": {"title": 7}}, "7"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "text"), FACEBOOK)
def test_what_an_agent_reads_of_a_messenger_item(item: dict[str, object], text: str) -> None:
    [message] = facebook(**item)
    assert as_text(message, "es-MX") == text


def test_each_edit_of_a_message_is_told_once() -> None:
    edits = [{"mid": "m1", "text": "uno", "num_edit": 1}, {"mid": "m1", "text": "dos", "num_edit": "2"}]
    ids = [facebook(message_edit=edit)[0].id for edit in edits]
    assert ids == ["m1.edit.1", "m1.edit.2"]
    assert facebook(message={"mid": "m1", "is_deleted": True})[0].id not in ("m1", *ids)


def test_the_same_tap_at_another_time_is_another_message() -> None:
    def told_at(time: int) -> str:
        item = {"sender": {"id": "77"}, "recipient": {"id": "100"}, "postback": {"title": "Ayuda"}}
        body = {"authorRole": "user", "botId": "fb", "message": {"entry": [{"time": time, "messaging": [item]}]}}
        return said(body)[0].id

    assert told_at(1) == told_at(1) != told_at(2)


def test_who_owns_the_thread_at_meta_does_not_decide_who_is_heard() -> None:
    item = {"sender": {"id": "77"}, "recipient": {"id": "1"}, "message": {"mid": "m", "text": "¿sigues ahí?"}}
    body = {"authorRole": "user", "botId": "fb", "message": {"entry": [{"standby": [item]}]}}
    assert [message.text for message in said(body)] == ["¿sigues ahí?"]


@pytest.mark.parametrize(
    "item", [{}, {"delivery": {"mids": ["m"]}}, {"read": {"watermark": 1}}, {"message": {"mid": "m"}}]
)
def test_what_nobody_said_is_passed_over(item: dict[str, object]) -> None:
    assert facebook(**item) == []


NO_ID = "its user's id cannot be one"
UNREAD: dict[str, tuple[dict[str, object], str, str]] = {
    "an unknown event": ({"brand_new": {"text": "hola"}}, "brand_new", "no such event is known here"),
    "a payment": ({"payment": {"payload": "P"}}, "payment", "no such event is known here"),
    "a tap that is no object": ({"postback": "hola"}, "postback", "it is no object"),
    "nobody": ({"message": {"text": "hola"}, "sender": None}, "message", "it names no user"),
    "a NUL": ({"message": {"text": "hola"}, "sender": {"id": "7\0"}}, "message", NO_ID),
    "a long id": (
        {"postback": {"title": "x"}, "sender": {"id": "7" * 201}},
        "postback",
        NO_ID,
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_nobody_can_read_is_told_with_its_place_and_spoils_nothing(name: str) -> None:
    item, kind, why = UNREAD[name]
    sides: dict[str, object] = {"sender": {"id": "77"}, "recipient": {"id": "100"}}
    good = sides | {"message": {"mid": "m1", "text": "sí"}}
    entries = [{"messaging": [good]}, {"standby": [good, sides | item]}]
    body = {"authorRole": "user", "botId": "fb", "message": {"object": "page", "entry": entries}}
    *messages, unread = read_facebook(body)
    assert [type(each) for each in messages] == [Message, Message]
    assert unread == Unread(kind, why, ("message", "entry", 1, "standby", 1))


def test_every_item_of_a_batch_is_a_message_of_its_own() -> None:
    """W15, W21: items without a mid shared one key, and only the first attachment or text was read."""
    body = json.loads((Path(__file__).parent.parent / "payloads/yalo/facebook/9-batch.json").read_text())["body"]
    messages = said(body)
    assert [as_text(message) for message in messages] == [
        "Hola 👋",
        "[imagen]\nhttps://cdn.example.net/i.jpg?oh=1",
        "Ayuda",
        "Hola 👋",
    ]
    ids = [message.id for message in messages]
    assert ids[0] == ids[3] == "m_a1"
    assert len(set(ids)) == 3


def test_what_the_page_wrote_is_the_bots() -> None:
    body = json.loads((Path(__file__).parent.parent / "payloads/yalo/facebook/9-bot.json").read_text())["body"]
    [message] = said(body)
    assert (message.by_bot, message.user) == (True, "7766554433221100")


def test_every_kind_of_file_has_a_label() -> None:
    assert set(MEDIA) <= FILES <= set(LABELS)


def test_each_file_is_an_item_of_its_own_in_the_order_of_what_was_said() -> None:
    """Section 2.8: text and attachment together lost the attachment, and a failed one those after it."""
    parts = [attached("image", "https://x/1"), attached("location", "https://x/m"), {"type": "fallback"},
             attached("file", "https://x/2", title="recibo.pdf")]  # fmt: skip
    [message] = facebook(message={"mid": "m", "text": "mira", "attachments": parts})
    assert [(item.kind, item.text, item.file) for item in as_items(message, "es-MX")] == [
        (Kind.TEXT, "mira", None),
        (Kind.FILE, "[imagen]\nhttps://x/1", File("https://x/1", "image")),
        (Kind.TEXT, "[ubicación]\nhttps://x/m\n[enlace compartido]", None),
        (Kind.FILE, "[archivo] recibo.pdf\nhttps://x/2", File("https://x/2", "file", name="recibo.pdf")),
    ]


def test_without_cases_what_came_together_stays_one_text() -> None:
    [message] = facebook(message={"mid": "m", "text": "mira", "attachments": [attached("image", "https://x/1")]})
    [item] = as_items(message, "es-MX", apart=False)
    assert (item.kind, item.text) == (Kind.TEXT, "mira\n[imagen]\nhttps://x/1")


def test_a_file_remembers_its_type_and_its_caption() -> None:
    url = "https://cdn.example.net/a.jpg?sig=1"
    message = whatsapp("image", {"url": url, "mimeType": "image/jpeg", "caption": "la caja"})
    [item] = as_items(message, "es-MX")
    assert item.file == File(url, "image", "image/jpeg", caption="la caja")
    assert item.text == f"[imagen] la caja\n{url}"


def test_a_file_without_an_address_is_only_told() -> None:
    [item] = as_items(whatsapp("image", {"caption": "la caja"}), "es-MX")
    assert (item.kind, item.text) == (Kind.TEXT, "[imagen] la caja")


def test_a_language_that_we_do_not_speak_reads_spanish() -> None:
    assert as_text(whatsapp("image", {}), "ja") == "[imagen]"
    assert as_text(whatsapp("image", {}), "en-US") == "[image]"
    assert as_text(whatsapp("voice", {}), "pt-BR") == "[mensagem de voz]"


PAST = [
    (whatsapp("location", {"latitude": 1, "longitude": 2}), "https://maps.google.com/?q=1,2"),
    (whatsapp("image", {"url": "https://x/1", "caption": "la caja"}), ""),
    (whatsapp("edit", {"message": {"type": "text", "text": {"body": "Pedido 124"}}}), "[corrección] Pedido 124"),
    (whatsapp("sticker", {}), "[sticker]"),
    (whatsapp("hologram", {"x": 1}), "[mensaje que no se puede mostrar aquí: hologram]"),
    (whatsapp("text", {"body": ""}), ""),
    *(
        (facebook(message={"mid": "m", "text": "mira", "attachments": [each]})[0], text)
        for each, text in (
            (
                {"type": "template", "payload": {"product": {"elements": [{"title": "Tenis"}]}}},
                "mira\n[producto] Tenis",
            ),
            (attached("image", "https://x/1"), "mira"),
            (attached("file", "https://x/1", title="recibo.pdf"), "mira\nrecibo.pdf"),
        )
    ),
]


@pytest.mark.parametrize(("message", "text"), PAST)
def test_what_the_next_agent_reads_of_it_beside_caption_and_addresses(message: Message, text: str) -> None:
    assert as_past(message, "es-MX") == text


def test_a_long_caption_follows_its_file_and_is_stored_once() -> None:
    words = "la caja " * 1000
    first, *rest = as_items(whatsapp("image", {"url": "https://x/1", "caption": words}), "es-MX")
    assert (first.kind, first.text, first.file) == (Kind.FILE, "[imagen]\nhttps://x/1", File("https://x/1", "image"))
    assert "".join(item.text for item in rest) == words.rstrip() and len(words) > LONGEST_CAPTION
    [item] = as_items(whatsapp("image", {"caption": words[:800]}), "es-MX")
    assert item.text == f"[imagen] {words[:800]}".rstrip()


def test_of_very_many_files_the_later_ones_are_told_as_links() -> None:
    parts = [attached("image", f"https://x/{n}") for n in range(MOST_FILES + 20)]
    items = as_items(facebook(message={"mid": "m", "attachments": parts})[0], "es-MX")
    assert [item.kind for item in items] == [Kind.FILE] * MOST_FILES + [Kind.TEXT]
    assert all(f"https://x/{n}\n" in "".join(f"{item.text}\n" for item in items) for n in range(MOST_FILES + 20))


@pytest.mark.parametrize("where", ["whatsapp", "payload", "beside"])
def test_an_address_too_long_to_be_fetched_is_passed_on_as_words(where: str) -> None:
    url = "https://x/" + "a" * 9000
    if where == "whatsapp":
        message = whatsapp("image", {"url": url, "caption": "la caja"})
    else:
        part = attached("image", url) if where == "payload" else {"type": "image", "url": url}
        [message] = facebook(message={"mid": "m", "attachments": [part]})
    items = as_items(message, "es-MX")
    assert {item.kind for item in items} == {Kind.TEXT}
    assert url in "".join(item.text for item in items)
