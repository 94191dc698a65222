"""Golden texts: how everything that is no plain text reads for the agent."""

import json
from pathlib import Path

import pytest

from interconnections.bridge.kinds import FILES, LABELS, as_items
from interconnections.items import File, Kind
from interconnections.platforms.words import Message
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
    return read_facebook(body)


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
]


@pytest.mark.parametrize(("kind", "part", "text"), WHATSAPP)
def test_what_an_agent_reads_of_a_whatsapp_message(kind: str, part: object, text: str) -> None:
    assert as_text(whatsapp(kind, part), "es-MX") == text


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
]


@pytest.mark.parametrize(("item", "text"), FACEBOOK)
def test_what_an_agent_reads_of_a_messenger_item(item: dict[str, object], text: str) -> None:
    [message] = facebook(**item)
    assert as_text(message, "es-MX") == text


@pytest.mark.parametrize(
    "item", [{}, {"delivery": {"mids": ["m"]}}, {"read": {"watermark": 1}}, {"message": {"mid": "m"}}]
)
def test_what_nobody_said_is_passed_over(item: dict[str, object]) -> None:
    assert facebook(**item) == []


def test_every_item_of_a_batch_is_a_message_of_its_own() -> None:
    """W15, W21: items without a mid shared one key, and only the first attachment or text was read."""
    body = json.loads((Path(__file__).parent.parent / "payloads/yalo/facebook/9-batch.json").read_text())["body"]
    messages = read_facebook(body)
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
    [message] = read_facebook(body)
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
