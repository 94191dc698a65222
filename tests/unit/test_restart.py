"""The words with which a user leaves: however they are typed, and whatever they are tapped on."""

import pytest

from interconnections.bridge.restart import is_restart, spoken_words
from interconnections.platforms.messages import Message
from interconnections.platforms.yalo.facebook import read_facebook
from interconnections.platforms.yalo.reader import read_whatsapp
from tests.unit.bots import bot

SHOP = bot(restart_keywords=("menú", "regresar", "0"))


@pytest.mark.parametrize(
    "text",
    [
        "menu\u0301", "Regresar.", "\u200eregresar\u200f", '"regresar"', " REGRESAR\n", "¡Regresar!", "«menú»",
        "*menú*", "_regresar_", "~regresar~", "ｒｅｇｒｅｓａｒ", "regre\u200bsar", "⬅️ Regresar", "🏠 Menú",
        "menú\u00a0", "0.", "0️⃣", "MENÚ…",
    ],
)  # fmt: skip
def test_a_word_leaves_however_it_is_spelt(text: str) -> None:
    assert is_restart(SHOP, text)


@pytest.mark.parametrize(
    "text",
    ["no quiero regresar", "menús", "10", "", " ", "...", "\u200b", "re gresar", "regresar mañana", "." * 5000],
)
def test_more_than_the_word_does_not(text: str) -> None:
    assert not is_restart(SHOP, text)


def test_a_bot_may_spell_its_words_as_it_likes() -> None:
    odd = bot(restart_keywords=("menu\u0301", "/salir", "*", " ", "Zurück zum Menü"))
    assert all(is_restart(odd, text) for text in ("menú", "/salir", "“/salir”", "*", "ZURÜCK  zum menü"))
    assert not any(is_restart(odd, text) for text in ("salir", "", " ", "hola"))
    assert not any(is_restart(bot(restart_keywords=words), "") for words in ((), ("",), ("\u200b",)))


def of_whatsapp(kind: str, part: object) -> Message:
    told = read_whatsapp({"id": "r", "timestamp": "1772000000123", "type": kind, "from": "521", kind: part})
    assert isinstance(told, Message)
    return told


def of_messenger(**item: object) -> Message:
    whole = {"sender": {"id": "77"}, "recipient": {"id": "1"}, "timestamp": 1772000000123, **item}
    [said] = read_facebook({"authorRole": "user", "botId": "fb", "message": {"entry": [{"messaging": [whole]}]}})
    assert isinstance(said, Message)
    return said


LEAVE = [
    of_whatsapp("text", {"body": "Regresar"}),
    of_whatsapp("interactive", {"type": "button_reply", "button_reply": {"id": "b1", "title": "Regresar"}}),
    of_whatsapp("interactive", {"type": "button_reply", "button_reply": {"id": "regresar", "title": "Volver"}}),
    of_whatsapp("interactive", {"list_reply": {"id": "x", "title": "Menú", "description": "de nuevo"}}),
    of_whatsapp("button", {"text": "Regresar", "payload": "x"}),
    of_whatsapp("button", {"text": "Volver", "payload": "REGRESAR"}),
    of_whatsapp("edit", {"message": {"type": "text", "text": {"body": "regresar"}}}),
    of_messenger(message={"mid": "m", "text": "regresar"}),
    of_messenger(message={"mid": "m", "text": "Volver", "quick_reply": {"payload": "MENÚ"}}),
    of_messenger(postback={"title": "Regresar", "payload": "BACK"}),
    of_messenger(postback={"title": "Volver", "payload": "regresar"}),
    of_messenger(message_edit={"mid": "m", "text": "regresar", "num_edit": 1}),
]


@pytest.mark.parametrize("message", LEAVE, ids=lambda message: message.kind)
def test_the_same_word_leaves_in_every_envelope(message: Message) -> None:
    assert any(is_restart(SHOP, words) for words in spoken_words(message))


STAY = [
    of_whatsapp("image", {"url": "https://x/1", "caption": "regresar"}),
    of_whatsapp("interactive", {"list_reply": {"id": "x", "title": "Otro", "description": "regresar"}}),
    of_whatsapp("contacts", [{"name": {"formatted_name": "Menú"}}]),
    of_whatsapp("reaction", {"emoji": "0"}),
    of_messenger(reaction={"emoji": "0", "action": "react"}),
]


@pytest.mark.parametrize("message", STAY, ids=lambda message: message.kind)
def test_what_is_not_said_or_tapped_does_not_leave(message: Message) -> None:
    assert not any(is_restart(SHOP, words) for words in spoken_words(message))
