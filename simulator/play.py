"""One conversation, played through the real doors and checked at both ends.

Talk with the bot, a wish for a human, texts while waiting, an agent, twenty messages each way, a webhook that
comes twice, the agent's goodbye, and the bot has its user back.
"""

import random
from collections.abc import Callable
from typing import Any

from simulator.configuration import ORDER_FIELD
from simulator.stage import BotCaller, Stage

NAME = "Zoë Ñuñez"
EMAIL = "zoe.o'hara+tienda@example.org"  # as hard on a query as an address may be
ORDER = "A-77"
AGENT = "Luz R."
TURNS = 20
PATIENCE = 20  # seconds that anything may take to arrive

ASKED = (
    "Mi pedido no llegó 📦", "¿Siguen ahí? 👩‍🔬", "Es el A-77", "con dos líneas\nasí", "áéíóú ñ ¿¡", "ok", "ok",
    "<b>no es html</b> & tampoco \"esto\"", "👍🏽", "日本語もどうぞ", "🇲🇽🇲🇽", "fin de mes…",
)  # fmt: skip
ANSWERED = ("Lo reviso 🔎", "Un momento", "ok", "ok", "Sale hoy 🚚", "¿Algo más? 😊", "a < b && c > d", "Claro 👌🏾")


class PlayFailed(AssertionError):
    """What was said at one end is not what arrived at the other."""


class Play:
    def __init__(self, stage: Stage, say: Callable[[str], None]) -> None:
        self.world, self.bot, self.tell = stage.world, BotCaller(stage.url), say
        self.keeps_records = stage.keeps_records
        self.user = f"52155{random.randrange(10**8):08}"  # a stage may stand on a Redis that others used
        self.to_agent: list[str] = []
        self.to_user: list[str] = []
        self.states: list[str] = []
        self._shown_to_agent = self._shown_to_user = 0

    def summary(self) -> str:
        return f"{len(self.to_agent)} texts to the agent, {len(self.to_user)} to the user, state {self.states[0]}"

    def perform(self) -> None:
        self.before()
        self.ask_for_a_human()
        self.wait_for_the_agent()
        self.talk()
        self.end()

    def before(self) -> None:
        self.tell("— the user talks with the bot —")
        self.say("Quiero hablar con una persona")
        self.hear("Claro, te paso con un asesor 🤝")

    def ask_for_a_human(self) -> None:
        self.tell("— the bot asks for a human —")
        about = {"email": EMAIL, "phoneNumber": self.user, "extraData": {"order_id": ORDER}}
        answer = self.bot.connect(self.user, NAME, **about)
        self.expect(answer.status_code == 200, f"connect answered {answer.status_code}: {answer.text}")
        again = self.bot.connect(self.user, NAME, **about)
        self.expect(again.status_code == 409, f"a second connect answered {again.status_code}, not 409")
        chats = self.world.ask("GET", "/chats", until=1, timeout=PATIENCE)["chats"]
        self.expect(len(chats) == 1, f"there are {len(chats)} chats at Salesforce, not one")
        self.chat = chats[0]["id"]
        if self.keeps_records:
            self.find_contact_and_case(chats[0])
        self.received("Esperando un agente")

    def find_contact_and_case(self, chat: dict[str, list[dict[str, str]]]) -> None:
        self.tell("— Salesforce has a contact and a case, and the chat is tied to both —")
        contacts, cases = (self.world.ask("GET", f"/org/records/{kind}")["records"] for kind in ("Contact", "Case"))
        self.expect(len(contacts) == len(cases) == 1, f"there are {len(contacts)} contacts and {len(cases)} cases")
        [contact], [case] = contacts, cases
        self.tell(f"  contact {contact['Id']}: {contact['LastName']}, {contact['Email']}, {contact['MobilePhone']}")
        self.tell(f"  case {case['CaseNumber']} {case['Id']}: {case['Subject']!r}, order {case[ORDER_FIELD]}")
        self.expect((contact["LastName"], contact["Email"]) == (NAME, EMAIL), f"the contact is {contact}")
        self.expect((case["ContactId"], case[ORDER_FIELD]) == (contact["Id"], ORDER), f"the case is {case}")
        tied = {detail["label"]: detail["value"] for detail in chat["prechat_details"]}
        self.expect(tied == {"ContactId": contact["Id"], "CaseId": case["Id"]}, f"the chat is tied to {tied}")

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
            self.say(f"{turn + 1}. {ASKED[turn % len(ASKED)]}" if turn % 3 else ASKED[turn % len(ASKED)])
            self.to_agent.append(self.last_said)
            answer = ANSWERED[turn % len(ANSWERED)]
            self.tell(f"  {AGENT}: {answer!r}")
            self.world.act(self.chat, "say", text=answer)
            self.to_user.append(answer)
        self.tell("— the platform sends one webhook twice —")
        answers = self.say("esto llega dos veces", repeat=2)["answers"]
        self.expect([a["status"] for a in answers] == [200, 200], f"a repeated webhook was answered {answers}")
        self.to_agent.append(self.last_said)
        self.heard()
        self.received()

    def end(self) -> None:
        self.tell(f"— {AGENT} says goodbye and ends the chat —")
        self.world.act(self.chat, "say", text="¡Hasta luego! 👋")
        self.to_user.append("¡Hasta luego! 👋")
        self.world.act(self.chat, "end")
        user = self.world.user(self.user, until_states=1, timeout=PATIENCE)
        self.states = [state["state"] for state in user["states"]]
        self.expect(self.states == ["from-sf-success"], f"the bot was told {self.states}")
        self.tell(f"— the bot has its user back at {self.states[0]} —")
        self.received()
        self.heard()
        chat = self.world.chat(self.chat)
        self.expect(chat["polls"]["double"] == 0, "the session was polled twice at once")
        self.expect(chat["refusals"] == [], f"Salesforce refused something: {chat['refusals']}")
        answer = self.say("¿sigues ahí, bot?")
        self.expect(answer["answers"][0]["status"] == 200, "the bot's talk after the chat was refused")
        self.heard()

    # One line of the script each

    def say(self, text: str, **more: object) -> Any:
        self.last_said = text
        self.tell(f"  user: {text!r}")
        return self.world.say(self.user, text, **more)

    def hear(self, text: str) -> None:
        self.tell(f"  bot: {text!r}")
        self.world.ask("POST", f"/users/{self.user}/hear", {"text": text})

    def received(self, *more: str) -> None:
        self.to_user += more
        texts = self.world.user(self.user, until_received=len(self.to_user), timeout=PATIENCE)["texts"]
        self.show("to the user", texts, "_shown_to_user")
        self.compare("the user", texts, self.to_user)

    def heard(self) -> None:
        heard = self.world.chat(self.chat, until_heard=len(self.to_agent), timeout=PATIENCE)["heard"]
        self.show("to the agent", heard, "_shown_to_agent")
        self.compare("the agent", heard, self.to_agent)

    def show(self, where: str, texts: list[str], seen: str) -> None:
        for text in texts[getattr(self, seen) :]:
            self.tell(f"      arrived {where}: {text!r}")
        setattr(self, seen, len(texts))

    def compare(self, who: str, got: list[str], wanted: list[str]) -> None:
        for place, (had, should) in enumerate(zip(got, wanted, strict=False)):
            self.expect(had == should, f"{who} got {had!r} as number {place + 1} instead of {should!r}")
        self.expect(len(got) == len(wanted), f"{who} got {len(got)} texts instead of {len(wanted)}")

    def expect(self, so: bool, otherwise: str) -> None:
        if not so:
            raise PlayFailed(otherwise)
