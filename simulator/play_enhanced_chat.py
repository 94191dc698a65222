"""The same conversation over Enhanced Chat, in the words that this desk leaves room for.

What the user says goes to it before there is an agent, the past first.  After ten messages at once it takes one in
five seconds (22 a minute), so the user says less.  It takes the photo into the chat; a voice note it refuses, and the
agent has its link.
"""

import hashlib
from typing import Any

from simulator import sample_media
from simulator.demo_stage import MESSAGING, NAMED, SeveralBots
from simulator.play import AGENT, CAPTION, NAME, Play
from simulator.script_checks import PATIENCE
from simulator.stage import Stage


class EnhancedChatPlay(Play):
    desk, kind = "Enhanced Chat", "enhanced_chat"
    slug = MESSAGING
    user_speaks_every = 10

    def webhook_on(self, stage: Stage) -> str:
        assert isinstance(stage, SeveralBots)
        return stage.webhook_of(NAMED[MESSAGING][0], MESSAGING, stage.secrets[MESSAGING])

    def finds_records(self, stage: Stage) -> bool:
        return False  # its org has no login

    def wait_for_the_agent(self) -> None:
        self.tell("— waiting; what the user says goes to the desk at once, the past first —")
        self.say("¿Hola?")
        heard = self.world.chat(self.chat, until_heard=3, timeout=PATIENCE)["heard"]
        self.expect(len(heard) >= 1 and heard[0].startswith("Contexto:\n"), "the desk was not told the past first")
        self.expect("Quiero hablar con una persona" in heard[0], "the user's words to the bot are missing")
        self.heard(heard[0], f"Hola soy {NAME} y necesito ayuda", "¿Hola?")
        self.tell(f"— {AGENT} accepts —")
        self.world.act(self.chat, "accept", name=AGENT)

    def send_files(self) -> None:
        self.tell("— a photo goes into the chat, a voice note as its link —")
        self.world.ask("PUT", f"/phones/{self.user}", {"name": NAME, "bot": MESSAGING})
        photo, note = self.files()
        self.send(photo, CAPTION)
        self.send(note)
        self.heard(f"[{CAPTION}.png]", CAPTION, f"[nota de voz]\n{note['url']}")
        [file] = self.world.chat(self.chat)["files"]
        self.expect(file["sha256"] == hashlib.sha256(sample_media.photo()).hexdigest(), f"the photo became {file}")

    def check_listening(self, chat: Any) -> None:
        self.expect(chat["closed"], "the conversation was not closed")
        self.expect(chat["streams"]["double"] == 0, "the user had two streams at once")
        self.expect(chat["duplicates"] == 0, "something was sent twice")
        refused = [one["status"] for one in chat["refusals"]]
        self.expect(refused == [415], f"Salesforce refused more than the voice note: {chat['refusals']}")
