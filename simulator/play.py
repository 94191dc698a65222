"""One conversation, played through the real doors and checked at both ends.

Talk with the bot, a wish for a human, texts while waiting, an agent, twenty messages each way, a photo and a voice
note among words, a webhook that comes twice, the agent's goodbye, and the bot has its user back.  Where the org keeps
records there are then one contact, and one case with the order and both files.
"""

import hashlib
import random
from collections.abc import Callable
from typing import Any

from simulator import sample_media
from simulator.configuration import BOT, IMAGE_ON_CASE, ORDER_FIELD, VOICE_ON_CASE
from simulator.script_checks import PATIENCE, Lines, quoted
from simulator.stage import BotCaller, Stage

NAME = "Zoë O’Brien Ñuñez"
EMAIL = "o'brien+soporte@example.org"  # as hard on a query as an address may be
ORDER = "A-77"
AGENT = "Luz R."
TURNS = 20
CAPTION = "Así llegó la caja"

ASKED = (
    "Mi pedido no llegó 📦", "¿Siguen ahí? 👩‍🔬", "Es el A-77", "con dos líneas\nasí", "áéíóú ñ ¿¡", "ok", "ok",
    "<b>no es html</b> & tampoco \"esto\"", "👍🏽", "日本語もどうぞ", "🇲🇽🇲🇽", "fin de mes…",
)  # fmt: skip
ANSWERED = ("Lo reviso 🔎", "Un momento", "ok", "ok", "Sale hoy 🚚", "¿Algo más? 😊", "a < b && c > d", "Claro 👌🏾")


class Play(Lines):
    """Over Live Agent; what another desk does otherwise its play says (`play_enhanced_chat`)."""

    desk, kind = "Live Agent", "live_agent"
    slug = BOT
    user_speaks_every = 1  # turn of the talk

    def __init__(self, stage: Stage, say: Callable[[str], None]) -> None:
        # A stage may stand on a Redis that others used.
        super().__init__(stage.world, f"52155{random.randrange(10**8):08}", self.webhook_on(stage), say)
        self.bot, self.keeps_records = BotCaller(stage.url), self.finds_records(stage)
        self.states: list[str] = []

    # What depends on the desk

    def webhook_on(self, stage: Stage) -> str:
        return stage.webhook

    def finds_records(self, stage: Stage) -> bool:
        return stage.keeps_records

    def check_listening(self, chat: Any) -> None:
        """That nobody listened twice, and nothing that we sent was wrong."""
        self.expect(chat["polls"]["double"] == 0, "the session was polled twice at once")
        self.expect(chat["refusals"] == [], f"Salesforce refused something: {chat['refusals']}")

    # The scenes

    def summary(self) -> str:
        words = f"{self.desk}: {len(self.to_agent)} texts to the agent, {len(self.to_user)} to the user"
        words += f", state {self.states[0]}"
        return words + ("; one contact, one case with two files" if self.keeps_records else "")

    def perform(self) -> None:
        self.before()
        self.ask_for_a_human()
        self.wait_for_the_agent()
        self.talk()
        self.send_files()
        self.end()
        if self.keeps_records:
            self.find_contact_and_case(self.world.chat(self.chat), files=2)

    def before(self) -> None:
        self.tell("— the user talks with the bot —")
        self.say("Quiero hablar con una persona")
        self.hear("Claro, te paso con un asesor 🤝")

    def ask_for_a_human(self) -> None:
        self.tell("— the bot asks for a human —")
        about = {"email": EMAIL, "phoneNumber": self.user, "extraData": {"order_id": ORDER}}
        about["botSlug"] = self.slug
        answer = self.bot.connect(self.user, NAME, **about)
        self.expect(answer.status_code == 200, f"connect answered {answer.status_code}: {answer.text}")
        again = self.bot.connect(self.user, NAME, **about)
        self.expect(again.status_code == 409, f"a second connect answered {again.status_code}, not 409")
        chats = self.world.ask("GET", "/chats", kind=self.kind, until=1, timeout=PATIENCE)["chats"]
        self.expect(len(chats) == 1, f"there are {len(chats)} chats at Salesforce, not one")
        self.chat = chats[0]["id"]
        if self.keeps_records:
            self.find_contact_and_case(chats[0], files=0)
        self.received("Esperando un agente")

    def find_contact_and_case(self, chat: dict[str, list[dict[str, str]]], files: int) -> None:
        self.tell("— Salesforce has one contact and one case, and the chat is tied to both —")
        contacts, cases = (self.world.ask("GET", f"/org/records/{kind}")["records"] for kind in ("Contact", "Case"))
        self.expect(len(contacts) == len(cases) == 1, f"there are {len(contacts)} contacts and {len(cases)} cases")
        [contact], [case] = contacts, cases
        self.tell(f"  contact {contact['Id']}: {contact['LastName']}, {contact['Email']}, {contact['MobilePhone']}")
        self.tell(f"  case {case['CaseNumber']} {case['Id']}: {quoted(case['Subject'])}, order {case[ORDER_FIELD]}")
        self.expect((contact["LastName"], contact["Email"]) == (NAME, EMAIL), f"the contact is {contact}")
        self.expect((case["ContactId"], case[ORDER_FIELD]) == (contact["Id"], ORDER), f"the case is {case}")
        tied = {detail["label"]: detail["value"] for detail in chat["prechat_details"]}
        self.expect(tied == {"ContactId": contact["Id"], "CaseId": case["Id"]}, f"the chat is tied to {tied}")
        self.find_files(case["Id"], files)

    def find_files(self, case: str, count: int) -> None:
        """All that there are in the org, in the order in which they were sent."""
        found = self.world.ask("GET", "/org/files")["files"]
        for file in found:
            self.tell(f"  file {file['document']} on the case: {file['name']}, {file['size']} bytes")
            self.expect(case in file["linked_to"], f"the file {file['name']} is linked to {file['linked_to']}")
        got = [file["sha256"] for file in found]
        wanted = [
            hashlib.sha256(content).hexdigest() for content in (sample_media.photo(), sample_media.voice_note())
        ]
        self.expect(got == wanted[:count], f"there are {len(got)} files, or they are not what was sent")

    def wait_for_the_agent(self) -> None:
        self.tell("— waiting; what the user says is kept —")
        waiting = ["¿Hola?", "Tengo prisa 🙏"]
        for text in waiting:
            self.say(text)
        self.tell(f"— {AGENT} accepts —")
        self.world.act(self.chat, "accept", name=AGENT)
        heard = self.world.chat(self.chat, until_heard=4, timeout=PATIENCE)["heard"]
        self.expect(len(heard) >= 1 and heard[0].startswith("Contexto:\n"), "the agent was not told the past first")
        self.expect("Quiero hablar con una persona" in heard[0], "the user's words to the bot are missing")
        self.expect("te paso con un asesor 🤝" in heard[0], "the bot's words are missing")
        self.to_agent += [heard[0], f"Hola soy {NAME} y necesito ayuda", *waiting]
        self.heard()

    def talk(self) -> None:
        self.tell("— they talk —")
        for turn in range(TURNS):
            if turn % self.user_speaks_every == 0:
                self.say(f"{turn + 1}. {ASKED[turn % len(ASKED)]}" if turn % 3 else ASKED[turn % len(ASKED)])
                self.to_agent.append(self.last_said)
            answer = ANSWERED[turn % len(ANSWERED)]
            self.tell(f"  {AGENT}: {quoted(answer)}")
            self.world.act(self.chat, "say", text=answer)
            self.to_user.append(answer)
        self.tell("— the platform sends one webhook twice —")
        answers = self.say("esto llega dos veces", repeat=2)["answers"]
        self.expect([a["status"] for a in answers] == [200, 200], f"a repeated webhook was answered {answers}")
        self.to_agent.append(self.last_said)
        self.heard()
        self.received()

    def send_files(self) -> None:
        """Each is told of, or its link is said, where it stood among the words."""
        self.tell("— a photo and a voice note, among words —")
        photo, note = self.files()
        self.say("Te mando una foto")
        self.send(photo, CAPTION)
        self.say("y te lo cuento de viva voz:")
        self.send(note)
        self.say("¿Se oye?")
        shown = [IMAGE_ON_CASE, CAPTION] if self.keeps_records else [f"[imagen] {CAPTION}\n{photo['url']}"]
        told = VOICE_ON_CASE if self.keeps_records else f"[nota de voz]\n{note['url']}"
        self.heard("Te mando una foto", *shown, "y te lo cuento de viva voz:", told, "¿Se oye?")

    def files(self) -> tuple[dict[str, str], dict[str, str]]:
        """A photo and a voice note, where the platform keeps what its users send."""
        photo = self.world.shelve("IMG_0001.png", "image", "image/png", sample_media.photo())
        return photo, self.world.shelve("PTT-0001.ogg", "voice", "audio/ogg", sample_media.voice_note())

    def given_back(self) -> list[str]:
        """The states at which the bot was told that it has its user back, once there is one."""
        user = self.world.user(self.user, until_states=1, timeout=PATIENCE)
        return [state["state"] for state in user["states"]]

    def end(self) -> None:
        self.tell(f"— {AGENT} says goodbye and ends the chat —")
        self.world.act(self.chat, "say", text="¡Hasta luego! 👋")
        self.to_user.append("¡Hasta luego! 👋")
        self.world.act(self.chat, "end")
        self.states = self.given_back()
        self.expect(self.states == ["from-sf-success"], f"the bot was told {self.states}")
        self.tell(f"— the bot has its user back at {self.states[0]} —")
        self.received()
        self.heard()
        self.check_listening(self.world.chat(self.chat))
        answer = self.say("¿sigues ahí, bot?")
        self.expect(answer["answers"][0]["status"] == 200, "the bot's talk after the chat was refused")
        self.heard()
