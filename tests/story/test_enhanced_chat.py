"""Conversations over Enhanced Chat between real processes: web, two workers, a real server, the simulated world."""

import hashlib
import time
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.sample_media import photo
from tests.story.conversation import PATIENCE, WELCOME, Conversation, remember_ids
from tests.story.enhanced_chat_stage import EnhancedChatStage
from tests.story.test_by_hand import order

LARGEST = 5_000_000  # bytes of a file that Enhanced Chat takes
TAKEN_OVER = 18.0  # s; three times what docs/reliability.md promises
TEXTS = 500  # of an agent


@pytest.fixture(scope="module")
def messaging() -> Iterator[EnhancedChatStage]:
    with EnhancedChatStage() as stage:
        yield stage


class Messages(Conversation):
    def accept(self) -> None:
        """The first message asks for the agent, so that it comes before."""
        self.stage.world.chat(self.chat, until_heard=1, timeout=PATIENCE)
        super().accept()


@pytest.fixture
def talk(messaging: EnhancedChatStage, user: str) -> Iterator[Conversation]:
    """Nobody else in the world, and as many conversations a minute as there are tests."""
    messaging.world.ask("POST", "/reset")
    messaging.world.ask("PUT", "/rules", {"conversation_starts": 1000})
    messaging.ensure_workers(2)
    yield Messages(messaging, messaging.bot, user)


def seen(talk: Conversation) -> Any:
    return talk.stage.world.chat(talk.chat)


def test_a_whole_conversation_from_the_first_word_to_the_last(talk: Conversation) -> None:
    talk.connect()
    talk.say("hola")
    assert talk.heard() == ["hola"]  # before there is an agent
    assert seen(talk)["heard"][0] == WELCOME
    talk.accept()
    for n in range(6):
        talk.say(f"u{n}", repeat=1 + n % 2)
        talk.answer(f"a{n}")
    assert talk.whole()
    talk.stage.world.act(talk.chat, "say", text="adiós")
    talk.answered.append("adiós")
    talk.stage.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]
    assert talk.whole()
    chat = seen(talk)
    assert (chat["verified"], chat["closed"], chat["refusals"], chat["duplicates"]) == (True, True, [], 0)
    assert chat["streams"]["double"] == 0


def test_a_chat_that_connects_anew_by_hand_loses_nothing(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    for n in range(4):
        talk.say(f"u{n}")
        talk.answer(f"a{n}")
        order(talk.stage, "reconnect", [talk.chat])
    assert talk.whole()
    assert (seen(talk)["duplicates"], seen(talk)["streams"]["double"]) == (0, 0)


def test_the_bot_may_finish_a_chat_and_open_another(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    assert talk.bot.finish(talk.user).status_code == 200
    assert talk.states() == ["from-sf-success"]
    assert seen(talk)["closed"]
    first = talk.chat
    talk.connect()
    assert talk.chat != first


def test_500_texts_under_a_stream_in_trouble_are_each_seen_once_and_in_order(talk: Conversation) -> None:
    """Each tenth event the stream is cut within a frame, or its token ends, or its past is forgotten, in turn."""
    talk.connect()
    talk.accept()
    rules = {"stream_trouble": ["drop", "expired", "forget"], "stream_trouble_every": 10}
    talk.stage.world.ask("PUT", "/rules", rules)
    for n in range(TEXTS):
        talk.answer(f"a{n}")
        if n % 100 == 99:
            talk.say(f"u{n}")
            assert talk.received() == talk.answered
    assert talk.heard() == talk.said
    streams = seen(talk)["streams"]
    assert streams["total"] > 3  # each trouble; a slow machine is told much of the rest before it has a stream again
    assert streams["double"] == 0


def test_a_killed_workers_conversations_are_taken_over_and_nothing_comes_twice(talk: Conversation) -> None:
    remember_ids(talk.stage)
    talks = [Messages(talk.stage, talk.bot, f"{talk.user}{n}") for n in range(4)]
    for each in talks:
        each.connect()
        each.accept()
        each.say("u0")
        each.answer("a0")
    assert [each for each in talks if not each.whole()] == []
    owned = talk.stage.owned()
    victim = max(talk.stage.living(), key=lambda worker: owned.get(worker.popen.pid, 0))
    assert owned[victim.popen.pid] > 0
    for each in talks:
        each.say("u1")
        each.answer("a1")
    victim.kill()
    killed = time.monotonic()
    for each in talks:
        each.answer("a2")
        each.say("u2")
    assert [each for each in talks if not each.whole()] == []
    assert time.monotonic() - killed < TAKEN_OVER
    assert [seen(each)["duplicates"] for each in talks] == [0] * len(talks)


@pytest.mark.parametrize(("size", "in_the_chat"), [(LARGEST, True), (LARGEST + 1, False)], ids=["taken", "larger"])
def test_a_users_file_goes_into_the_chat_or_as_its_link(talk: Conversation, size: int, in_the_chat: bool) -> None:
    content = photo().ljust(size, b"\0")
    url = talk.stage.world.shelve("IMG.png", "image", "image/png", content)["url"]
    talk.connect()
    talk.accept()
    talk.say("mira")
    body = {"type": "image", "media": {"url": url}, "text": "la caja"}
    [answer] = talk.stage.world.ask("POST", f"/users/{talk.user}/say", body)["answers"]
    assert answer["status"] == 200
    talk.said += ["[la caja.png]", "la caja"] if in_the_chat else [f"[imagen] la caja\n{url}"]
    talk.say("¿ves?")
    assert talk.heard() == talk.said
    kept = [(file["size"], file["sha256"]) for file in seen(talk)["files"]]
    assert kept == ([(size, hashlib.sha256(content).hexdigest())] if in_the_chat else [])


def test_who_is_not_verified_is_answered_so_and_may_try_again(talk: Conversation) -> None:
    talk.stage.world.ask("PUT", "/rules", {"verification_fails": True})
    answer = talk.bot.connect(talk.user, "Ana")
    assert answer.status_code == 500
    assert answer.json()["ErrorDescription"].startswith("could not create chat in salesforce : ")
    assert "did not verify" in answer.json()["ErrorDescription"]
    assert talk.stage.world.ask("GET", "/chats")["chats"] == []
    assert talk.states() == ["from-sf-timeout"]
    talk.stage.world.ask("PUT", "/rules", {"verification_fails": False})
    talk.connect()
    talk.accept()
    talk.say("hola")
    assert talk.heard() == ["hola"]
