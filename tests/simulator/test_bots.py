"""Botrunner and Studio NG (Yalo §3.2, §3.3)."""

from __future__ import annotations

import pytest

BODY = {"userId": "5215", "state": "from-sf-timeout", "message": ""}
BEARER = {"Authorization": "Bearer token"}


async def test_botrunner_takes_the_user_back(sim):
    answer = await sim.ask("POST", "/tienda-bot/send-to?jwt=token", json=BODY)
    assert (answer.status, answer.json) == (200, {})
    (state,) = (await sim.do("GET", "/users/5215?until_states=1"))["states"]
    assert (state["state"], state["via"], state["bot"]) == ("from-sf-timeout", "botrunner", "tienda-bot")


@pytest.mark.parametrize("body", [{}, BODY | {"userId": ""}, BODY | {"state": 1}, {"userId": "1", "state": "x"}])
async def test_botrunner_needs_user_state_and_message(sim, body):
    assert (await sim.ask("POST", "/tienda-bot/send-to", json=body)).status == 400


async def test_botrunner_may_want_its_token(sim):
    await sim.do("PUT", "/platform", {"botrunner_token": "token"})
    assert (await sim.ask("POST", "/tienda-bot/send-to", json=BODY)).status == 401
    assert (await sim.ask("POST", "/tienda-bot/send-to?jwt=token", json=BODY)).status == 200


async def test_studio_ng_takes_the_user_back(sim):
    path = "/v1/triggers/from-sf-success/webhook"
    assert (await sim.ask("POST", path, json={"userId": "5215"}, headers=BEARER)).status == 200
    (state,) = (await sim.do("GET", "/users/5215"))["states"]
    assert (state["state"], state["via"]) == ("from-sf-success", "studio_ng")


async def test_studio_ng_needs_a_bearer_and_a_user(sim):
    path = "/v1/triggers/from-sf-success/webhook"
    assert (await sim.ask("POST", path, json={"userId": "5215"})).status == 401
    assert (await sim.ask("POST", path, json={}, headers=BEARER)).status == 400
    await sim.do("PUT", "/platform", {"studio_token": "other"})
    assert (await sim.ask("POST", path, json={"userId": "5215"}, headers=BEARER)).status == 401
