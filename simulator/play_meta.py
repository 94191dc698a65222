"""The same conversation with bots that speak to Meta themselves: each message has its ticks, and nothing came twice.

On Messenger a file has no caption: words and file are two messages.
"""

from collections.abc import Callable

from simulator import sample_media
from simulator.configuration import IMAGE_ON_CASE, VOICE_ON_CASE
from simulator.demo_stage import AT_META, CLOUD, META_PAGE, SeveralBots
from simulator.play import CAPTION, NAME, Play
from simulator.processes import until
from simulator.protocol_options import Json
from simulator.script_checks import PATIENCE
from simulator.stage import Stage


class CloudPlay(Play):
    desk, kind = "WhatsApp Cloud API, Live Agent", "live_agent"
    slug = CLOUD
    caption = CAPTION
    read = "read"  # how far a message has come at last

    def __init__(self, stage: Stage, say: Callable[[str], None]) -> None:
        assert isinstance(stage, SeveralBots)
        super().__init__(stage, say)
        self.program = stage.program

    @property
    def account(self) -> str:
        return AT_META[self.slug][1]

    def webhook_on(self, stage: Stage) -> str:
        return ""  # Meta was told where at the subscription

    def finds_records(self, stage: Stage) -> bool:
        return False  # those of the first play are there; this one's are looked for by its own chat

    def write(self, text: str | None, **more: object) -> Json:
        return self.world.write(self.account, self.user, text, **more)

    def before(self) -> None:
        self.tell("— the user writes to the business —")
        self.world.ask("PUT", f"/graph/people/{self.user}", {"name": NAME})
        self.say("Quiero hablar con una persona")

    def ask_for_a_human(self) -> None:
        self.tell("— the bot asks for a human —")
        about = {"phoneNumber": self.user, "botSlug": self.slug, "botId": self.account, **self.wish()}
        known = {chat["id"] for chat in self.world.ask("GET", "/chats", kind=self.kind)["chats"]}
        answer = self.bot.connect(self.user, NAME, **about)
        self.expect(answer.status_code == 200, f"connect answered {answer.status_code}: {answer.text}")
        until = len(known) + 1
        chats = self.world.ask("GET", "/chats", kind=self.kind, until=until, timeout=PATIENCE)["chats"]
        [self.chat] = [chat["id"] for chat in chats if chat["id"] not in known]
        self.received("Esperando un agente")

    def wish(self) -> dict[str, str]:
        return {"provider": "whatsapp"}

    def wait_for_the_agent(self) -> None:
        self.tell("— waiting; what the user says is kept —")
        self.say("¿Hola?")
        self.world.act(self.chat, "accept", name="Luz R.")
        heard = self.world.chat(self.chat, until_heard=3, timeout=PATIENCE)["heard"]
        self.expect(bool(heard) and "Quiero hablar con una persona" in heard[0], f"the agent was told {heard}")
        self.heard(heard[0], f"Hola soy {NAME} y necesito ayuda", "¿Hola?")

    def send_files(self) -> None:
        self.tell("— a photo and a voice note, among words —")
        photo, note = self.files()
        self.say("Te mando una foto")
        self.write(self.caption, media=photo["id"])
        self.say("y te lo cuento de viva voz:")
        self.write(None, media=note["id"])
        self.say("¿Se oye?")
        shown = [IMAGE_ON_CASE, self.caption] if self.caption else [IMAGE_ON_CASE]
        self.heard("Te mando una foto", *shown, "y te lo cuento de viva voz:", VOICE_ON_CASE, "¿Se oye?")

    def files(self) -> tuple[dict[str, str], dict[str, str]]:
        photo = self.world.shelve("IMG_0002.png", "image", "image/png", sample_media.photo())
        return photo, self.world.shelve("PTT-0002.ogg", "voice", "audio/ogg; codecs=opus", sample_media.voice_note())

    def ticks(self) -> set[str]:
        lines = self.world.thread(self.account, self.user)["lines"]
        return {line["tick"] for line in lines if line["by"] == "business"}

    def end(self) -> None:
        super().end()
        until("all that the agent said was read", lambda: self.ticks() == {self.read}, [], PATIENCE)
        twice = self.world.thread(self.account, self.user)["twice"]
        self.expect(twice == [], f"the phone has twice: {twice}")
        ours = [one for one in self.world.ask("GET", "/graph")["refusals"] if self.account in one["path"]]
        self.expect(ours == [], f"Meta refused something: {ours}")
        self.hear_what_belongs_to_no_chat()

    def hear_what_belongs_to_no_chat(self) -> None:
        """The bot is in front mode: its own program hears the talk before and after, and nothing between."""
        wanted = ["Quiero hablar con una persona", "¿sigues ahí, bot?"]
        until("the bot's program hears its own", lambda: len(self.program.texts(self.user)) >= 2, [], PATIENCE)
        heard = self.program.texts(self.user)
        self.expect(heard == wanted, f"the bot's program heard {heard}")
        self.tell("— the bot's own webhook heard what belongs to no chat —")


class PagePlay(CloudPlay):
    """Its bot is told of its chats by webhook."""

    desk = "Messenger Platform, Live Agent"
    slug = META_PAGE
    caption = ""

    def wish(self) -> dict[str, str]:
        return {"provider": "facebook"}

    def write(self, text: str | None, **more: object) -> Json:
        return self.world.write(self.account, self.user, text or None, **more)

    def given_back(self) -> list[str]:
        wanted = ["chat.waiting", "chat.accepted", "chat.ended"]
        until("the bot was told how it ended", lambda: "chat.ended" in self.program.types(self.user), [], PATIENCE)
        told = self.program.types(self.user)
        self.expect(told == wanted, f"the bot was told {told}")
        self.tell(f"— the bot was told: {', '.join(told)} —")
        return [event["data"]["state"] for event in self.program.events if event["type"] == "chat.ended"]

    def hear_what_belongs_to_no_chat(self) -> None:
        """Its bot has a webhook of its own at Meta."""
