"""Salesforce serves the org elsewhere: the interconnection goes on under its own name."""

from simulator.stage import BotCaller, Stage
from tests.story.conversation import PATIENCE, Conversation


def test_a_chat_that_is_sent_to_another_server_goes_on_there(stage: Stage, bot: BotCaller, user: str) -> None:
    talk = Conversation(stage, bot, user)
    talk.connect()
    first = talk.chat
    talk.say("antes")
    before = len(stage.world.ask("GET", "/chats")["chats"])
    stage.world.act(first, "event", type="SwitchServer", message={"newUrl": f"{stage.world.url}/chat"})
    talk.chat = stage.world.ask("GET", "/chats", until=before + 1, timeout=PATIENCE)["chats"][-1]["id"]
    stage.world.chat(talk.chat, until_status="waiting", timeout=PATIENCE)
    talk.accept()
    talk.say("después")
    talk.answer("aquí estoy")
    assert talk.whole()


def test_nobody_can_send_us_to_a_stranger(stage: Stage, bot: BotCaller, user: str) -> None:
    talk = Conversation(stage, bot, user)
    talk.connect()
    talk.accept()
    before = len(stage.world.ask("GET", "/chats")["chats"])
    stage.world.act(talk.chat, "event", type="SwitchServer", message={"newUrl": "http://stranger.example/chat"})
    talk.say("sigo aquí")
    talk.answer("y yo")
    assert talk.whole()
    assert len(stage.world.ask("GET", "/chats")["chats"]) == before
