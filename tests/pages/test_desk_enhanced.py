"""The desk in a real browser with a conversation of Enhanced Chat: the same hands, and three more."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import requests

from simulator.stage import World
from tests.pages.browser import Browser
from tests.pages.test_browser import PNG, simulator

API = "/iamessage/api/v2"
CLIENT = "Bridge_Client"


class Guest:
    """An anonymous user."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.id = url, str(uuid.uuid4())
        wish = {"orgId": "00D000000000001", "esDeveloperName": CLIENT, "capabilitiesVersion": "1", "platform": "Web"}
        token = self.post("authorization/unauthenticated/access-token", wish, {})["accessToken"]
        self.headers = {"Authorization": f"Bearer {token}"}
        about = {"routingAttributes": {"_firstName": name, "Nobody": "x"}, "language": "es_MX"}
        self.post("conversation", {"conversationId": self.id, "esDeveloperName": CLIENT} | about, self.headers)

    def post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        answer = requests.post(f"{self.url}{API}/{path}", json=body, headers=headers, timeout=10)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.text else None

    def say(self, text: str) -> None:
        content = {"formatType": "Text", "text": text}
        message = {"id": str(uuid.uuid4()), "messageType": "StaticContentMessage", "staticContent": content}
        first = {"isNewMessagingSession": True, "routingAttributes": {}, "language": "es_MX"}
        body = {"message": message, "esDeveloperName": CLIENT} | first
        self.post(f"conversation/{self.id}/message", body, self.headers)


def test_an_agent_serves_a_conversation_of_enhanced_chat(browser: Browser) -> None:
    with simulator(0) as url:
        world, guest = World(url), Guest(url, "Ana <b>")
        desk = browser.page(f"{url}/desk")
        desk.shows("Nobody waits.")
        guest.say("¿Hola?")
        desk.shows("Ana <b>", "#waiting")
        desk.press("#waiting button")
        desk.shows("by Enhanced Chat", "#about")
        desk.shows("¿Hola?", "#log")
        desk.write("¿En qué ayudo?", "#text")
        assert world.chat(guest.id, until_said=1, timeout=20)["said"] == ["¿En qué ayudo?"]
        desk.press("#log li:has(.who) .answering")  # the first of them
        desk.shows("¿Hola?", "#quoting")
        desk.write("Hola, Ana", "#text")
        said = world.chat(guest.id, until_said=2, timeout=20)["transcript"]
        assert said[-1]["quotes"] == next(line["id"] for line in said if line["text"] == "¿Hola?")
        desk.shows("¿Hola?", "#log .mine .quote")
        desk.until("document.querySelector('#quoting').hidden")
        desk.shows("Messaging Session", "#record")
        for word in ("ROUTED", "Nobody", "v2/iamessage/ANON"):
            desk.shows(word, "#record")

        desk.press("#more")
        desk.until("document.querySelector('[data-deed=request_file]').hidden")
        desk.press("[data-deed=choices]")
        desk.run("document.querySelector('#offer textarea').value = 'Pedidos\\nPagos'")
        desk.write("Elija", "#offer input")
        chat = world.chat(guest.id, until_said=3, timeout=20)
        assert chat["said"] == ["¿En qué ayudo?", "Hola, Ana", "Elija"]

        content = base64.b64encode(PNG).decode()
        world.act(guest.id, "file", name="foto.png", type="image/png", content=content)
        desk.until("document.querySelector('#log .attached img')?.naturalWidth === 1")
        desk.press("#end")
        desk.shows("ended: agent", "#ended")
        assert desk.errors() == []


def test_a_stream_is_troubled_from_the_faults_page(browser: Browser) -> None:
    with simulator(0) as url:
        guest = Guest(url, "Ana")
        guest.say("¿Hola?")
        listening = {"Accept": "text/event-stream", "X-Org-Id": "00D000000000001", "Last-Event-Id": "1"}
        page = browser.page(f"{url}/faults")
        page.shows("Ana (waiting)", "#stream")
        with requests.get(
            f"{url}/eventrouter/v1/sse", headers=guest.headers | listening, stream=True, timeout=20
        ) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith(b"id: ")
            page.run("document.querySelector('#stream [name=trouble]').value = 'expired'")
            page.press("#stream button")
            page.shows("One stream met it.")
            assert list(lines)[-1] == b"Jwt is expired"
        assert page.errors() == []
