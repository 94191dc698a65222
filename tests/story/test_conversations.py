"""Conversations between real processes: web, two workers, a real server, the simulated world."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from simulator.play import Play
from simulator.stage import BotCaller, Stage
from tests.story.conversation import PATIENCE, WELCOME, Conversation, remember_ids


@pytest.fixture
def talk(stage: Stage, bot: BotCaller, user: str) -> Conversation:
    return Conversation(stage, bot, user)


def test_the_whole_play_from_the_first_word_to_the_last(stage: Stage) -> None:
    stage.world.ask("POST", "/reset")
    stage.world.ask("PUT", "/platform", {"webhook": stage.webhook})
    Play(stage, say=lambda line: None).perform()


def test_a_chat_without_a_past_begins_with_the_welcome(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.say("hola")
    assert talk.heard() == ["hola"]
    assert talk.stage.world.chat(talk.chat)["heard"][0] == WELCOME


def test_the_bot_may_finish_a_chat_and_open_another(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.say("adiós")
    assert talk.bot.finish(talk.user).json() == {"Message": "Chat finished successfully"}
    ended = talk.stage.world.chat(talk.chat, until_status="ended", timeout=PATIENCE)
    assert ended["heard"][1:] == ["adiós"]
    assert talk.states() == ["from-sf-success"]
    first = talk.chat
    talk.connect()
    assert talk.chat != first
    talk.bot.finish(talk.user)


def test_who_leaves_the_queue_is_gone_from_salesforce_and_back_at_the_bot(talk: Conversation) -> None:
    talk.connect()
    assert talk.bot.finish(talk.user).status_code == 200
    talk.stage.world.chat(talk.chat, until_status="ended", timeout=PATIENCE)
    assert talk.states() == ["from-sf-success"]
    again = talk.bot.finish(talk.user)
    assert again.status_code == 404
    assert "does not have an interconnection" in again.json()["ErrorDescription"]


def test_when_no_agent_comes_the_bot_is_told_so(talk: Conversation) -> None:
    talk.connect()
    talk.stage.world.act(talk.chat, "refuse", reason="Unavailable")
    assert talk.states() == ["from-sf-timeout"]


def test_twenty_simultaneous_connects_open_one_chat(talk: Conversation) -> None:
    before = len(talk.stage.world.ask("GET", "/chats")["chats"])
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: talk.bot.connect(talk.user, "Ana").status_code, range(20)))
    assert sorted(answers) == [200] + [409] * 19
    assert len(talk.stage.world.ask("GET", "/chats")["chats"]) == before + 1
    talk.bot.finish(talk.user)


def test_a_webhook_sent_ten_times_at_once_is_read_once(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    answers = talk.say("una sola vez", repeat=10, together=True)["answers"]
    assert {answer["status"] for answer in answers} == {200}
    talk.say("fin")
    assert talk.heard() == ["una sola vez", "fin"]


def test_a_burst_from_both_sides_keeps_both_orders(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    for n in range(60):
        talk.say(f"u{n}")
        talk.answer(f"a{n}")
    assert talk.whole()
    assert talk.polls()["double"] == 0


def test_long_texts_arrive_in_pieces_that_are_the_text_again(talk: Conversation) -> None:
    long = "Una frase con acentos y un 👩‍🔬 en medio. " * 250
    talk.connect()
    talk.accept()
    talk.stage.world.say(talk.user, long)
    talk.stage.world.act(talk.chat, "say", text=long)
    heard = talk.stage.world.chat(talk.chat, until_heard=4, timeout=PATIENCE)["heard"][1:]
    got = talk.stage.world.user(talk.user, until_received=4, timeout=PATIENCE)["texts"][1:]
    assert len(heard) == 3
    assert "".join(heard) == "".join(got) == long.rstrip()  # blanks at its end are trimmed


SALESFORCE_FAULTS = [
    {"on": "chat_message", "kind": "status", "status": 500, "times": 2},
    {"on": "chat_message", "kind": "drop", "times": 2},
    {"on": "chat_message", "kind": "drop_after", "times": 2},
    {"on": "chat_message", "kind": "status_after", "status": 500, "times": 2},
    {"on": "messages", "kind": "status", "status": 500, "times": 2},
    {"on": "messages", "kind": "drop", "times": 2},
    {"on": "messages", "kind": "drop_after", "times": 2},
    {"on": "messages", "kind": "truncated", "times": 2},
    {"on": "messages", "kind": "garbage", "times": 2},
]


@pytest.mark.parametrize("fault", SALESFORCE_FAULTS, ids=lambda f: f"{f['on']}-{f['kind']}")
def test_salesforces_troubles_cost_time_but_no_message(talk: Conversation, fault: dict[str, object]) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.ask("POST", "/faults", fault)
    for n in range(4):
        talk.say(f"u{n}")
        talk.answer(f"a{n}")
    assert talk.whole()


@pytest.mark.parametrize("kind", ["drop_after", "status_after"])
def test_a_409_after_a_lost_answer_means_that_it_was_delivered(talk: Conversation, kind: str) -> None:
    talk.stage.world.ask("PUT", "/rules", {"duplicate_sequence": "409"})
    talk.connect()
    talk.accept()
    talk.stage.world.ask("POST", "/faults", {"on": "chat_message", "kind": kind, "status": 500, "times": 1})
    talk.say("uno")
    talk.say("dos")
    assert talk.heard() == ["uno", "dos"]


@pytest.mark.parametrize("duplicates", ["ok", "409"])
def test_a_chat_whose_request_was_taken_and_not_answered_is_open(talk: Conversation, duplicates: str) -> None:
    talk.stage.world.ask("PUT", "/rules", {"duplicate_sequence": duplicates})
    talk.stage.world.ask("POST", "/faults", {"on": "chasitor_init", "kind": "drop_after", "times": 1})
    talk.connect()
    talk.accept()
    talk.say("hola")
    assert talk.heard() == ["hola"]


PLATFORM_FAULTS = [
    {"on": "platform", "kind": "status", "status": 500, "times": 2},
    {"on": "platform", "kind": "status", "status": 429, "retry_after": 1, "times": 2},
    {"on": "platform", "kind": "drop", "times": 2},
    {"on": "platform", "kind": "drop_after", "times": 1},
    {"on": "platform", "kind": "slow", "seconds": 0.5, "times": 2},
]


@pytest.mark.parametrize("fault", PLATFORM_FAULTS, ids=lambda f: f"{f['kind']}-{f.get('status', '')}")
def test_the_platforms_troubles_cost_time_but_no_message(talk: Conversation, fault: dict[str, object]) -> None:
    remember_ids(talk.stage)
    talk.connect()
    talk.accept()
    assert len(talk.stage.world.user(talk.user, until_received=1, timeout=PATIENCE)["texts"]) == 1
    talk.stage.world.ask("POST", "/faults", fault)
    for n in range(4):
        talk.answer(f"a{n}")
    assert talk.received() == talk.answered


def test_a_message_that_the_platform_refuses_for_good_does_not_stop_the_next(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    assert len(talk.stage.world.user(talk.user, until_received=1, timeout=PATIENCE)["texts"]) == 1
    talk.stage.world.ask("POST", "/faults", {"on": "platform", "kind": "status", "status": 400, "times": 1})
    talk.stage.world.act(talk.chat, "say", text="veneno")
    talk.answer("sano")
    assert talk.received() == ["sano"]


def test_a_failed_start_is_answered_told_to_the_bot_and_may_be_tried_again(talk: Conversation) -> None:
    talk.stage.world.ask("POST", "/faults", {"on": "chasitor_init", "kind": "status", "status": 500, "times": 3})
    answer = talk.bot.connect(talk.user, "Ana")
    assert answer.status_code == 500
    assert answer.json()["ErrorDescription"].startswith("could not create chat in salesforce : ")
    assert talk.states() == ["from-sf-timeout"]
    talk.connect()
    talk.bot.finish(talk.user)


def test_sessions_that_salesforce_forgot_end_with_the_bot_told(talk: Conversation) -> None:
    talk.connect()
    talk.accept()
    talk.stage.world.ask("POST", "/faults", {"on": "messages", "kind": "status", "status": 403, "key": talk.chat})
    assert talk.states() == ["from-sf-timeout"]


def test_the_platform_may_give_the_bot_back_only_after_troubles(talk: Conversation) -> None:
    talk.stage.world.ask("POST", "/faults", {"on": "botrunner", "kind": "status", "status": 500, "times": 2})
    talk.connect()
    talk.accept()
    talk.stage.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]


def test_bells_matter(talk: Conversation) -> None:
    """With bells a message takes far less than a sweep; without them the sweep still brings it."""
    talk.connect()
    talk.accept()
    times = []
    for n in range(20):
        began = time.monotonic()
        talk.say(f"u{n}")
        talk.heard()
        times.append(time.monotonic() - began)
    sweep = 1.0
    assert sorted(times)[len(times) // 2] < sweep / 4


def test_probes_say_alive_and_ready(stage: Stage) -> None:
    assert requests.get(f"{stage.url}/healthz", timeout=5).json() == {"status": "alive"}
    ready = requests.get(f"{stage.url}/readyz", timeout=5)
    assert (ready.status_code, ready.json()["workers"]) == (200, 2)


def test_what_happened_shows_in_the_metrics(talk: Conversation) -> None:
    def metric(name: str) -> float:
        text = requests.get(f"{talk.stage.url}/metrics", timeout=5).text
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))

    before = metric('bridge_messages_delivered_total{lane="salesforce"}')
    talk.connect()
    talk.accept()
    talk.say("hola", repeat=2)
    assert talk.heard() == ["hola"]
    assert metric("bridge_workers ") == 2
    assert metric('bridge_interconnections{status="Active"}') >= 1
    assert metric('bridge_messages_delivered_total{lane="salesforce"}') >= before + 1
    assert metric("bridge_duplicates_suppressed_total") >= 1
