"""A whole chat on each of Meta's platforms through every kind of message that its users have."""

from collections.abc import Iterator
from typing import Any

import pytest

from simulator.configuration import CLOUD_BOT, PAGE_BOT, VERIFY_TOKEN
from simulator.graph.accounts import PAGE
from simulator.graph.messenger import inbound as messenger
from simulator.graph.messenger.subscription_door import FIELDS
from simulator.graph.whatsapp import inbound as whatsapp
from simulator.processes import until
from simulator.sample_media import photo
from tests.story.meta import ANA, PATIENCE, SOFIA, MetaStage, Talk

NEW = "hologram"  # a kind that nobody knows yet
SAYS_NOTHING = {CLOUD_BOT: {"request_welcome"}, PAGE_BOT: set[str]()}
POINTS = {"reaction", "edit", "revoke", "deleted", "response_feedback"}  # at what was said before
MORE: dict[str, dict[str, Any]] = {
    "flow": {"response_json": '{"flow_token":"t","talla":"M"}'},
    "template": {"product": {"elements": [{"title": "Tenis rojos", "subtitle": "$899"}]}},
    "appointment_booking": {"booking_id": "b-17", "status": "confirmed", "start_time": 1772000000},
    "post": {"url": "https://example.org/p", "title": "Oferta"},
    "reel": {"url": "https://example.org/r", "title": "Oferta"},
    NEW: {"x": 1},
}
WHATSAPPS_OWN = {"location": {"name": "Zócalo"}}
MESSENGERS_OWN = {"location": {"coordinates": {"lat": 19.43, "long": -99.13}}}


class EveryField(MetaStage):
    def introduce(self) -> None:
        super().introduce()
        self.subscribe(PAGE_BOT, PAGE, VERIFY_TOKEN, fields=list(FIELDS))


@pytest.fixture(scope="module")
def stage() -> Iterator[EveryField]:
    with EveryField(workers=1) as stage:
        yield stage


def said(chat: Talk, kind: str, before: str, medium: str) -> str:
    """The id under which the user's phone sent it."""
    own = WHATSAPPS_OWN if chat.slug == CLOUD_BOT else MESSENGERS_OWN
    wish: dict[str, Any] = {"type": kind, "more": own.get(kind, MORE.get(kind, {}))}
    if kind in POINTS:
        wish["quotes"] = before
    if kind in (*whatsapp.MEDIA, *messenger.FILES, "sticker"):
        wish["media"] = medium
    wordless = kind in ("deleted", "revoke", NEW, *messenger.FILES)
    return str(chat.say(**wish, **({} if wordless else {"text": f"de {kind}"}))["id"])


def between(marks: list[str], told: str) -> list[str]:
    """What stands behind each of these lines, which come in this order."""
    found: list[list[str]] = []
    for line in told.splitlines():
        if marks and line == marks[0]:
            marks.pop(0)
            found.append([])
        elif found:
            found[-1].append(line)
    assert marks == []
    return ["\n".join(lines) for lines in found]


@pytest.mark.parametrize(
    ("slug", "user", "kinds"),
    [(CLOUD_BOT, ANA, (*whatsapp.KINDS, NEW)), (PAGE_BOT, SOFIA, (*messenger.KINDS, NEW))],
    ids=["whatsapp", "messenger"],
)
def test_a_whole_chat_through_every_kind_of_message(
    stage: EveryField, slug: str, user: str, kinds: tuple[str, ...]
) -> None:
    """Between two words of the user stands one kind: in its place, in words, once; the agent's answers come too."""
    chat = Talk(stage, stage.bot, slug, user)
    medium = stage.world.shelve("caja.png", "image", "image/png", photo())["id"]
    chat.say("antes")
    chat.connect()
    chat.accept()
    for kind in kinds:
        before = chat.say(f"antes de {kind}.")["id"]
        said(chat, kind, before, medium)
        chat.answer(f"tras {kind}")
    last = "y ya"
    chat.say(last)
    until("the agent read it all", lambda: chat.heard(1)[-1] == last, [], PATIENCE)
    words = between([f"antes de {kind}." for kind in kinds], "\n".join(chat.heard(1)[:-1]))
    shown = dict(zip(kinds, words, strict=True))
    assert {kind for kind, words in shown.items() if not words} == SAYS_NOTHING[slug]
    assert not [words for words in shown.values() if "{" in words or "flow_token" in words]
    assert "hologram" in shown[NEW]
    assert shown["sticker"].count("[") == 1  # Messenger's comes as an image, too
    assert chat.received() == chat.answered
