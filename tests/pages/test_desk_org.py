"""The desk in a real browser: contact, case, custom field and files stand beside the chat."""

from __future__ import annotations

import base64

import requests

from simulator.demo_stage import SeveralBots
from simulator.play import EMAIL, NAME, ORDER, Play
from simulator.sample_media import voice_note
from simulator.stage import World
from tests.pages.browser import Browser
from tests.pages.test_browser import PNG, simulator

HEADERS = {"X-LIVEAGENT-API-VERSION": "58", "X-LIVEAGENT-AFFINITY": "null"}
ENTITY = {"entityName": "Case", "showOnCreate": True, "saveToTranscript": "CaseId"}
MAP = {"fieldName": "Id", "label": "CaseId", "doFind": True, "isExactMatch": True, "doCreate": False}


def case_with_a_photo(world: World) -> str:
    world.ask("PUT", "/org", {"fields": {"Case": ["OrderId__c"]}})
    person = {"FirstName": "Ana", "LastName": "O'Higgins", "Email": "ana+1@example.org"}
    contact = world.ask("POST", "/org/records/Contact", person)["Id"]
    wish = {"Subject": "<b>Pedido</b>", "ContactId": contact, "OrderId__c": "A-17"}
    case = str(world.ask("POST", "/org/records/Case", wish)["Id"])
    for name, content in (("foto.png", PNG), ("nota de voz.ogg", voice_note())):
        data = base64.b64encode(content).decode()
        file = {"PathOnClient": name, "VersionData": data, "FirstPublishLocationId": case}
        world.ask("POST", "/org/records/ContentVersion", file)
    return case


def chat_about(url: str, case: str) -> tuple[str, dict[str, str]]:
    session = requests.get(f"{url}/chat/rest/System/SessionId", headers=HEADERS, timeout=10).json()
    mine = HEADERS | {"X-LIVEAGENT-AFFINITY": session["affinityToken"], "X-LIVEAGENT-SESSION-KEY": session["key"]}
    wish = {
        "organizationId": "00D000000000001", "deploymentId": "572000000000001", "buttonId": "573000000000001",
        "sessionId": session["id"], "userAgent": "", "language": "es-MX", "screenResolution": "",
        "visitorName": "Ana", "receiveQueueUpdates": True, "isPost": True,
        "prechatDetails": [{"label": "CaseId", "value": case, "transcriptFields": ["CaseId"]}],
        "prechatEntities": [ENTITY | {"entityFieldsMaps": [MAP]}],
    }  # fmt: skip
    answer = requests.post(f"{url}/chat/rest/Chasitor/ChasitorInit", json=wish, headers=mine, timeout=10)
    assert answer.status_code == 200, answer.text
    return session["id"], mine


def test_the_agent_sees_contact_case_and_files(browser: Browser) -> None:
    with simulator(0) as url:
        world = World(url)
        chat, _ = chat_about(url, case_with_a_photo(world))
        desk = browser.page(f"{url}/desk")
        desk.press("#waiting button")
        for word in ("00001001", "<b>Pedido</b>", "A-17", "Ana O'Higgins", "ana+1@example.org", "named by the case"):
            desk.shows(word, "#record")
        desk.until("document.querySelector('#record .files img')?.naturalWidth === 1")
        desk.until("document.querySelector('#record .files audio')?.readyState > 0")  # it can be heard

        desk.press("#more")
        desk.press("[data-deed=request_file]")
        desk.press("#more")
        desk.until("document.querySelector('[data-deed=cancel_file]').checkVisibility()")
        desk.press("[data-deed=cancel_file]")
        desk.until("!document.querySelector('[data-deed=request_file]').hidden")
        world.ask("POST", f"/chats/{chat}/end")
        desk.shows("The chat has ended: agent", "#log")
        assert desk.errors() == []
        desk.size(375, 800)
        assert desk.run("document.documentElement.scrollWidth") <= 375


def test_the_demos_story_is_seen_at_the_desk(browser: Browser) -> None:
    with SeveralBots(workers=1) as stage:
        Play(stage, say=lambda line: None).perform()
        desk = browser.page(f"{stage.world.url}/desk")
        desk.press("#ended a")
        for word in (NAME, EMAIL, ORDER, "Así llegó la caja.png", ".ogg"):
            desk.shows(word, "#record")
        desk.until("document.querySelector('#record .files img')?.naturalWidth === 320")
        desk.until("document.querySelector('#record .files audio')?.readyState > 0")
        assert desk.run("document.querySelectorAll('#record .entity[data-entity]').length") == 2
        assert desk.errors() == []
