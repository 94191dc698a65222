"""Availability and its neighbours (§10)."""

from __future__ import annotations

import pytest

from .conftest import BUTTON, DEPLOYMENT, ORG

VERSION = {"X-LIVEAGENT-API-VERSION": "58"}
WHO = f"org_id={ORG}&deployment_id={DEPLOYMENT}"


async def ask(sim, path, headers=VERSION):
    return await sim.ask("GET", f"/chat/rest/Visitor/{path}", headers=headers)


async def available(sim, more="", headers=VERSION):
    answer = await ask(sim, f"Availability?{WHO}&Availability.ids={BUTTON}{more}", headers)
    assert answer.types == ["Availability"]
    return answer.first["results"]


async def test_an_open_button_is_available(sim):
    assert await available(sim) == [{"id": BUTTON, "isAvailable": True}]


async def test_a_closed_button_lacks_the_word_or_by_switch_says_false(sim):
    await sim.rules(closed_buttons=["*"])
    assert await available(sim) == [{"id": BUTTON}]
    await sim.rules(unavailable_as="false")
    assert await available(sim) == [{"id": BUTTON, "isAvailable": False}]


async def test_wait_times_come_when_asked_for_from_version_47_on(sim):
    more = "&Availability.needEstimatedWaitTime=1"
    assert (await available(sim, more))[0]["estimatedWaitTime"] == 42
    assert "estimatedWaitTime" not in (await available(sim, more, {"X-LIVEAGENT-API-VERSION": "46"}))[0]


async def test_several_ids_with_or_without_brackets(sim):
    agent = "005000000000001"
    answer = await ask(sim, f"Availability?{WHO}&Availability.ids=[{BUTTON},{agent}]")
    assert [one["id"] for one in answer.first["results"]] == [BUTTON, agent]


@pytest.mark.parametrize(
    "query",
    [
        f"deployment_id={DEPLOYMENT}&Availability.ids={BUTTON}",
        f"org_id={ORG}&Availability.ids={BUTTON}",
        WHO,
        f"{WHO}&Availability.ids={BUTTON}AAA",
        f"{WHO}&Availability.ids=005000000000001_{BUTTON}",
        f"org_id={ORG}AAA&deployment_id={DEPLOYMENT}&Availability.ids={BUTTON}",
    ],
)
async def test_parameters_are_required_and_ids_have_15_characters(sim, query):
    assert (await ask(sim, f"Availability?{query}")).status == 400


async def test_a_version_is_required(sim):
    assert (await ask(sim, f"VisitorId?{WHO}", headers={})).status == 400


@pytest.mark.parametrize("path", [f"Availability?{WHO}&Availability.ids={BUTTON}", f"Settings?{WHO}"])
async def test_an_org_that_lives_elsewhere_says_so(sim, path):
    url = "https://d.la4-c1.salesforceliveagent.com/chat"
    await sim.rules(switch_server=url)
    assert (await ask(sim, path)).json == {"messages": [{"type": "SwitchServer", "message": {"newUrl": url}}]}


async def test_settings_visitor_id_and_breadcrumb(sim):
    settings = await ask(sim, f"Settings?{WHO}&Settings.buttonIds=[{BUTTON}]&Settings.needEstimatedWaitTime=1")
    assert set(settings.first) == {"pingRate", "contentServerUrl", "buttons"}
    assert settings.first["buttons"][0]["isAvailable"]
    assert (await ask(sim, f"VisitorId?{WHO}")).first["sessionId"]
    await sim.rules(visitor_id_as="bare", ping_rate="pingrate")
    assert set((await ask(sim, f"VisitorId?{WHO}")).json) == {"sessionId"}
    assert "pingrate" in (await ask(sim, f"Settings?{WHO}")).first
    path = "/chat/rest/Visitor/Breadcrumb"
    right = await sim.ask("POST", path, headers=VERSION, json={"location": "https://example.org"})
    assert right.status == 200
    assert (await sim.ask("POST", path, headers=VERSION, json={})).status == 400
