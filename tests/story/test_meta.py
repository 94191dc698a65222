"""Bots that speak to Meta themselves, with real processes: whole chats on both platforms, and their troubles."""

from collections.abc import Iterator

import pytest

from simulator.configuration import CLOUD_BOT, PAGE_BOT
from simulator.graph.accounts import APP
from simulator.processes import until
from tests.story.meta import ANA, BSUID, SOFIA, MetaStage, Talk


@pytest.fixture(scope="module")
def stage() -> Iterator[MetaStage]:
    with MetaStage(workers=2) as stage:
        yield stage


@pytest.fixture(autouse=True)
def calm(stage: MetaStage) -> Iterator[None]:
    yield
    stage.world.ask("DELETE", "/faults")


def talk(stage: MetaStage, slug: str, user: str, *, opened: bool = True) -> Talk:
    found = Talk(stage, stage.bot, slug, user)
    found.say("antes")
    if opened:
        found.connect()
        found.accept()
    return found


@pytest.mark.parametrize(("slug", "user"), [(CLOUD_BOT, ANA), (PAGE_BOT, SOFIA)], ids=["whatsapp", "messenger"])
def test_a_whole_chat_once_and_in_order(stage: MetaStage, slug: str, user: str) -> None:
    chat = talk(stage, slug, user)
    for n in range(5):
        chat.say(f"u{n}")
        chat.answer(f"a{n}")
    heard = chat.heard(7)
    assert [line for line in heard if line.startswith("u")] == chat.said
    assert "antes" in heard[0]
    assert chat.received() == chat.answered


def ticks(chat: Talk) -> list[str]:
    return [line["tick"] for line in chat.thread()["lines"] if line["text"] in chat.answered]


BOTH = pytest.mark.parametrize(
    ("slug", "user"), [(CLOUD_BOT, "5215511110001"), (PAGE_BOT, "7700000000000001")], ids=["whatsapp", "messenger"]
)


@BOTH
def test_an_answer_that_is_lost_is_made_good_by_what_the_platform_tells(
    stage: MetaStage, slug: str, user: str
) -> None:
    chat = talk(stage, slug, user)
    stage.world.ask(
        "POST",
        "/faults",
        {"on": "cloud_send" if slug == CLOUD_BOT else "page_send", "kind": "drop_after", "times": 2},
    )
    for n in range(4):
        chat.answer(f"a{n}")
    assert chat.received() == chat.answered
    assert chat.thread()["twice"] == []


@BOTH
def test_a_worker_that_dies_leaves_nothing_unsaid_and_says_nothing_twice(
    stage: MetaStage, slug: str, user: str
) -> None:
    chat = talk(stage, slug, user[:-1] + "2")
    for n in range(6):
        chat.answer(f"a{n}")
        chat.say(f"u{n}")
        if n == 2:
            stage.workers[0].kill()
            stage.start_worker()
    assert chat.received() == chat.answered
    assert [line for line in chat.heard(2 + 6) if line.startswith("u")] == chat.said
    assert chat.thread()["twice"] == []


def test_a_user_without_a_number_talks_like_any_other(stage: MetaStage) -> None:
    stage.world.ask(
        "PUT", f"/graph/people/{BSUID}", {"name": "Zoë", "number": None, "user_id": BSUID, "username": "zoe"}
    )
    chat = talk(stage, CLOUD_BOT, BSUID)
    chat.say("hola")
    chat.answer("buenas")
    assert chat.heard(3)[-1] == "hola"
    assert chat.received() == ["buenas"]


def test_a_chat_opened_by_number_is_found_by_the_users_id(stage: MetaStage) -> None:
    """connect names the number; the webhooks of somebody with a username show the id alone."""
    user, number = "MX.77001122", "5215511119977"
    stage.world.ask("PUT", f"/graph/people/{user}", {"name": "Eva", "number": number, "user_id": user})
    chat = Talk(stage, stage.bot, CLOUD_BOT, user)
    chat.say("con número")
    chat.connect(number)
    chat.accept()
    stage.world.ask("PUT", f"/graph/people/{user}", {"number": None, "username": "eva"})
    chat.say("sin número")
    assert chat.heard(3)[-1] == "sin número"
    assert chat.caller.finish(user).status_code == 200


def test_outside_the_window_the_agent_is_told_at_once_and_sends_the_template(stage: MetaStage) -> None:
    """Nothing is sent that Meta would refuse; the word of the notice sends the approved template."""
    chat = talk(stage, CLOUD_BOT, "5215511110003")
    until(
        "the notice is read",
        lambda: {line["tick"] for line in chat.thread()["lines"] if line["by"] != "user"} == {"read"},
        [],
    )
    chat.happens("silence", seconds=90_000)
    stage.world.ask("PUT", "/rules", {"cloud_window_told": "answer"})
    chat.answer("¿sigue ahí?")
    heard = chat.heard(3)
    assert "¿sigue ahí?" in heard[-1]
    assert "escribir primero" in heard[-1]
    stage.world.ask("PUT", "/rules", {"cloud_window_told": "status"})


def test_what_fails_after_all_is_told_the_agent_in_words(stage: MetaStage) -> None:
    chat = talk(stage, CLOUD_BOT, "5215511110004")
    stage.world.ask("PUT", "/rules", {"cloud_statuses": ["sent"]})
    chat.answer("¿le llegó?")
    assert chat.received() == ["¿le llegó?"]
    [line] = [line for line in chat.thread()["lines"] if line["text"] == "¿le llegó?"]
    chat.happens("status", id=line["platform_id"], status="failed", code=131026)
    stage.world.ask("PUT", "/rules", {"cloud_statuses": ["sent", "delivered", "read"]})
    heard = chat.heard(3)
    assert "¿le llegó?" in heard[-1]


def test_what_a_human_writes_in_the_pages_inbox_is_shown_to_the_agent(stage: MetaStage) -> None:
    chat = talk(stage, PAGE_BOT, "7700000000000005")
    chat.happens("inbox", text="Le respondo desde la página")
    heard = "\n".join(chat.heard(3)[2:])
    assert "Le respondo desde la página" in heard or "Le respondo desde la página" in "\n".join(chat.heard(4)[2:])


def test_when_the_inbox_takes_the_talk_the_agent_knows_and_nothing_is_sent(stage: MetaStage) -> None:
    chat = talk(stage, PAGE_BOT, "7700000000000006")
    chat.happens("inbox_takes")
    assert "Otra app" in chat.heard(3)[-1]
    chat.answer("¿hola?")
    told = chat.heard(4)
    assert "¿hola?" in told[-1], told
    assert chat.read() == []


def test_when_the_talk_is_ours_again_the_agent_may_answer(stage: MetaStage) -> None:
    """The inbox never says that it lets go: what the user writes comes to us again."""
    chat = talk(stage, PAGE_BOT, "7700000000000016")
    chat.happens("inbox_takes")
    assert "Otra app" in chat.heard(3)[-1]
    chat.say("¿hay alguien?")  # to the inbox: recorded
    chat.happens("owner", app=APP)
    chat.say("¿y ahora?")
    assert chat.heard(4)[3:] == ["¿y ahora?"]
    chat.answer("Sí, aquí estoy")
    assert chat.received() == ["Sí, aquí estoy"]


def test_what_the_user_answers_quotes_what_they_answer(stage: MetaStage) -> None:
    chat = talk(stage, CLOUD_BOT, "5215511110007")
    chat.answer("¿Es el pedido 77 o el 78?")
    assert chat.received()
    [line] = [line for line in chat.thread()["lines"] if line["text"] == "¿Es el pedido 77 o el 78?"]
    chat.say("el primero", quotes=line["platform_id"])
    assert chat.heard(4)[-2:] == ["↪ ¿Es el pedido 77 o el 78?", "el primero"]


def test_what_nobody_can_read_is_answered_200_and_the_rest_of_it_is_kept(stage: MetaStage) -> None:
    chat = talk(stage, CLOUD_BOT, "5215511110008")
    body = {"object": "whatsapp_business_account", "entry": [{"id": "990011", "changes": "?"}]}
    told = stage.world.ask("POST", f"/users/{chat.user}/say", {"account": chat.account, "raw": body})
    assert [answer["status"] for answer in told["answers"]] == [200], told


def test_words_of_yesterday_are_recorded_and_do_not_puzzle_the_agent(stage: MetaStage) -> None:
    chat = talk(stage, CLOUD_BOT, "5215511110009")
    chat.say("de ayer", timestamp=1_772_000_000)
    chat.say("de ahora")
    assert chat.heard(3)[2:] == ["de ahora"]
