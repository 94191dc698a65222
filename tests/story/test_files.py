"""Users' files, a contact and a case, between real processes: the demo's stage, whose org keeps records."""

import hashlib
from collections.abc import Iterator

import pytest
import requests

from simulator.configuration import IMAGE_ON_CASE, ORDER_FIELD, VOICE_ON_CASE
from simulator.demo_stage import SeveralBots
from simulator.play import EMAIL, Play
from simulator.play_enhanced_chat import EnhancedChatPlay
from simulator.sample_media import photo, voice_note
from tests.story.conversation import PATIENCE, Conversation

NOT_SENT = "Imagen no enviada"


@pytest.fixture(scope="module")
def demo() -> Iterator[SeveralBots]:
    with SeveralBots(workers=2) as stage:
        yield stage


@pytest.fixture
def talk(demo: SeveralBots, user: str) -> Conversation:
    """With an agent, and nobody else in the world."""
    demo.world.ask("POST", "/reset")
    demo.ensure_workers(2)
    talk = Conversation(demo, demo.bot, user)
    talk.connect(email=EMAIL, phoneNumber=user, extraData={"order_id": "A-77"})
    talk.accept()
    return talk


def records(talk: Conversation, kind: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = talk.stage.world.ask("GET", f"/org/records/{kind}")["records"]
    return found


def case_of(talk: Conversation) -> str:
    details = talk.stage.world.chat(talk.chat)["prechat_details"]
    return {detail["label"]: detail["value"] for detail in details}["CaseId"]


def on_the_case(talk: Conversation, **until: object) -> list[str]:
    """What the case's files are, oldest first, by their bytes."""
    files = talk.stage.world.ask("GET", "/org/files", record=case_of(talk), **until)["files"]
    return [file["sha256"] for file in files]


def print_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send(talk: Conversation, kind: str, *read: str, url: str = "", caption: str | None = None) -> None:
    """`read`: what the agent reads in the file's place."""
    if not url:
        mime, content = {"image": ("image/png", photo()), "voice": ("audio/ogg", voice_note())}[kind]
        url = talk.stage.world.shelve("", kind, mime, content)["url"]
    body = {"type": kind, "media": {"url": url}, "text": caption}
    [answer] = talk.stage.world.ask("POST", f"/users/{talk.user}/say", body)["answers"]
    assert answer["status"] == 200
    talk.said += read


def test_the_demos_whole_story(demo: SeveralBots) -> None:
    demo.world.ask("POST", "/reset")
    lines: list[str] = []
    Play(demo, say=lines.append).perform()
    assert sum("on the case" in line and "  file" in line for line in lines) == 2


def test_the_demos_story_on_its_other_desk(demo: SeveralBots) -> None:
    demo.world.ask("POST", "/reset")
    lines: list[str] = []
    EnhancedChatPlay(demo, say=lines.append).perform()
    assert "a photo goes into the chat, a voice note as its link" in "\n".join(lines)


def test_files_keep_their_place_while_both_sides_talk_on(talk: Conversation) -> None:
    slow = {"on": "create", "key": "ContentVersion", "kind": "slow", "seconds": 1, "times": 2}
    talk.stage.world.ask("POST", "/faults", slow)
    for n in range(3):
        talk.say(f"u{n}")
    send(talk, "image", IMAGE_ON_CASE, "la caja", caption="la caja")
    talk.say("u3")
    send(talk, "voice", VOICE_ON_CASE)
    for n in range(4, 8):
        talk.say(f"u{n}")
        talk.answer(f"a{n}")
    assert talk.received() == talk.answered
    assert talk.heard() == talk.said
    assert on_the_case(talk) == [print_of(photo()), print_of(voice_note())]
    assert talk.polls()["double"] == 0


@pytest.mark.parametrize("url", ["{world}/media/trouble/page.jpg", "https://169.254.169.254/latest/a.jpg"])
def test_a_file_that_is_refused_is_told_and_passed_on_as_its_link(talk: Conversation, url: str) -> None:
    url = url.format(world=talk.stage.world.url)
    talk.say("mira")
    send(talk, "image", NOT_SENT, f"[imagen] esto\n{url}", url=url, caption="esto")
    talk.say("¿ves?")
    assert talk.heard() == talk.said
    talk.answered.append(NOT_SENT)
    assert talk.received() == talk.answered
    assert on_the_case(talk) == []


def test_the_agent_asks_for_a_file_and_gets_it_in_the_chat(talk: Conversation) -> None:
    asked = talk.stage.world.ask("POST", f"/chats/{talk.chat}/request_file", {})
    talk.stage.world.chat(talk.chat, until_confirmed=asked["last_event"], timeout=PATIENCE)
    talk.say("aquí va")
    send(talk, "image", "la caja", caption="la caja")
    send(talk, "voice", VOICE_ON_CASE)
    talk.say("¿llegó?")
    assert talk.heard() == talk.said
    [file] = talk.stage.world.chat(talk.chat)["files"]
    assert (file["name"], file["sha256"]) == ("la caja.png", print_of(photo()))
    assert on_the_case(talk) == [print_of(voice_note())]  # the request is served once


def test_workers_killed_while_a_file_is_on_its_way_leave_it_on_the_case_once(talk: Conversation) -> None:
    slow = {"on": "create", "key": "ContentVersion", "kind": "slow", "seconds": 60, "times": 1}
    talk.stage.world.ask("POST", "/faults", slow)  # Salesforce has it, and they do not hear so
    talk.say("mira")
    send(talk, "image", IMAGE_ON_CASE)
    talk.say("¿ves?")
    assert on_the_case(talk, until=1, timeout=PATIENCE) == [print_of(photo())]
    for worker in talk.stage.workers:
        worker.kill()
    talk.say("¿siguen ahí?", persist=PATIENCE)
    talk.stage.ensure_workers(2)
    assert talk.heard() == talk.said
    assert on_the_case(talk) == [print_of(photo())]


def test_who_comes_again_is_the_same_contact_with_a_new_case(talk: Conversation) -> None:
    first = case_of(talk)
    talk.stage.world.act(talk.chat, "end")
    assert talk.states() == ["from-sf-success"]
    talk.connect(email=EMAIL, extraData={"order_id": "B-2"})  # known by the address alone
    talk.accept()
    second = case_of(talk)
    send(talk, "image", IMAGE_ON_CASE)
    assert talk.heard() == talk.said
    assert on_the_case(talk) == [print_of(photo())]
    [contact] = records(talk, "Contact")
    cases = {case["Id"]: (case["ContactId"], case[ORDER_FIELD]) for case in records(talk, "Case")}
    assert cases == {first: (contact["Id"], "A-77"), second: (contact["Id"], "B-2")}


def test_what_the_org_counts_of_our_calls_is_in_the_metrics(talk: Conversation) -> None:
    send(talk, "image", IMAGE_ON_CASE)
    assert talk.heard() == talk.said
    used = talk.stage.world.ask("GET", "/org")["used"]
    told = requests.get(f"{talk.stage.url}/metrics", timeout=10).text
    assert used == 4  # one search, contact, case, file
    assert f'bridge_salesforce_api_calls{{org="Demo org"}} {used}.0' in told
    assert 'bridge_salesforce_api_calls_allowed{org="Demo org"} 15000.0' in told
