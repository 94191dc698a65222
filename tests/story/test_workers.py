"""Workers come and go, gently and not; the conversations do not notice."""

import signal

import pytest

from simulator.processes import StageTrouble, until
from simulator.stage import BotCaller, Stage
from tests.story.conversation import remember_ids
from tests.story.talking import conversations, everybody_talking


def test_a_worker_killed_in_the_middle_loses_nothing(stage: Stage, bot: BotCaller, user: str) -> None:
    remember_ids(stage)
    talks = conversations(stage, bot, user)
    with everybody_talking(talks) as talking:
        talking.go_on(5)
        victim = stage.living()[0]
        victim.kill()
        talking.go_on(30)
    assert [talk for talk in talks if not talk.whole()] == []
    assert sum(talk.polls()["double"] for talk in talks) == 0


def test_rolling_restarts_lose_nothing_and_exit_0(stage: Stage, bot: BotCaller, user: str) -> None:
    talks = conversations(stage, bot, user)
    with everybody_talking(talks) as talking:
        for worker in stage.living():
            talking.go_on(5)
            stage.start_worker()
            assert worker.stop() == 0
        talking.go_on(10)
    assert [talk for talk in talks if not talk.whole()] == []
    assert sum(talk.polls()["double"] for talk in talks) == 0


def test_a_worker_that_joins_gets_its_share_and_nobody_notices(stage: Stage, bot: BotCaller, user: str) -> None:
    stage.ensure_workers(2)
    talks = conversations(stage, bot, user, 30)
    joined = stage.start_worker()
    stage.until_ready()

    def shares() -> list[int]:
        owned = stage.owned()
        return [owned.get(worker.popen.pid, 0) for worker in stage.living()]

    until("the three own about the same", lambda: min(shares()) >= len(talks) // 4, [joined])
    for talk in talks:
        talk.say("¿sigues ahí?")
        talk.answer("aquí estoy")
    assert [talk for talk in talks if not talk.whole()] == []
    assert sum(talk.polls()["double"] for talk in talks) == 0
    assert joined.stop() == 0


def test_without_any_worker_connect_says_so_and_creates_nothing(stage: Stage, bot: BotCaller, user: str) -> None:
    before = len(stage.world.ask("GET", "/chats")["chats"])
    for worker in stage.living():
        assert worker.stop() == 0
    answer = bot.connect(user, "Ana")
    assert answer.status_code == 503
    assert "no worker" in answer.json()["ErrorDescription"]
    assert len(stage.world.ask("GET", "/chats")["chats"]) == before


def test_a_dead_workers_lease_makes_nothing_ready(stage: Stage, bot: BotCaller, user: str) -> None:
    """It stands in Redis for some seconds, and whoever counted it would connect too early."""
    for worker in stage.living():
        worker.kill()
    late = stage.start_worker()
    late.signal(signal.SIGSTOP)
    with pytest.raises(StageTrouble, match="not within"):
        stage.until_ready(seconds=2)
    late.signal(signal.SIGCONT)
    stage.until_ready()
    assert bot.connect(user, "Ana").status_code == 200


def test_what_is_said_while_no_worker_lives_arrives_when_one_comes(stage: Stage, bot: BotCaller, user: str) -> None:
    [talk] = conversations(stage, bot, user, 1)
    for worker in stage.workers:
        worker.stop()
    for n in range(5):
        assert talk.say(f"u{n}")["answers"][0]["status"] == 200
        talk.answer(f"a{n}")
    stage.start_worker()
    assert talk.whole()


def test_nothing_that_people_say_and_no_secret_is_in_any_log(stage: Stage, bot: BotCaller, user: str) -> None:
    [talk] = conversations(stage, bot, user, 1)
    talk.say("contraseña-muy-secreta")
    talk.answer("respuesta-muy-secreta")
    assert talk.whole()
    stage.world.act(talk.chat, "end")
    talk.states()
    assert bot.finish(talk.user).status_code == 404  # Django's own log would name the path, and so the person
    assert bot.connect(talk.user, "Ana", email="").status_code == 400
    logs = "\n".join(process.log.read_text(errors="replace") for process in stage.processes)
    chat = stage.world.chat(talk.chat)
    secrets = [
        "muy-secreta", user, stage.webhook_secret, "demo-token", "demo-state-token", stage.env["SECRET_KEY"],
        stage.env["ENCRYPTION_KEYS"], bot.headers["Authorization"].split()[1], "ana@example.org",
        *(value for value in (chat.get("key"), chat.get("affinity")) if value),
    ]  # fmt: skip
    assert len(logs) > 1000
    assert [secret for secret in secrets if secret in logs] == []
