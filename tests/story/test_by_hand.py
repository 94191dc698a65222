"""Supervisors take conversations from their workers in the middle of the talk; neither side notices."""

import redis

from interconnections.store.keys import key
from simulator.processes import until
from simulator.stage import BotCaller, Stage
from tests.admin.test_ending_for_real import URL, Browser
from tests.story.talking import conversations, everybody_talking


def order(stage: Stage, act: str, chats: list[str]) -> None:
    answer = Browser(stage.url).press(f"{URL}many/{act}/", chosen=",".join(chats), reason="a test")
    assert answer.status_code == 200


def test_chats_that_connect_anew_lose_nothing(stage: Stage, bot: BotCaller, user: str) -> None:
    talks = conversations(stage, bot, user)
    with everybody_talking(talks) as talking:
        talking.go_on(5)
        for _ in range(3):
            order(stage, "reconnect", [talk.chat for talk in talks])
            talking.go_on(5)
    assert [talk for talk in talks if not talk.whole()] == []
    assert sum(talk.polls()["double"] for talk in talks) == 0


def test_a_chat_that_is_taken_from_its_worker_goes_to_another(stage: Stage, bot: BotCaller, user: str) -> None:
    [talk] = conversations(stage, bot, user, 1)
    before = owner(stage, talk.chat)
    order(stage, "release", [talk.chat])
    until("another has it", lambda: owner(stage, talk.chat) not in ("", before), stage.living())
    talk.say("¿sigues ahí?")
    talk.answer("aquí estoy")
    assert talk.whole()
    assert talk.polls()["double"] == 0


def owner(stage: Stage, chat: str) -> str:
    assert stage.redis
    with redis.Redis.from_url(stage.redis.url, decode_responses=True) as server:
        id = server.hget(key("ids"), chat)
        return str(server.hget(key("hash", str(id)), "owner"))
