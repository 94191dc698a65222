"""Whose thread it is on Messenger: pass, take, request, release, standby, the page's inbox (FB §5)."""

from __future__ import annotations

import pytest_asyncio

from simulator.graph import accounts

from .meta import SOFIA, Business, business, error

TO = {"recipient": {"id": SOFIA}}


@pytest_asyncio.fixture
async def bot(sim):
    """The default app of the page."""
    await sim.do("PUT", "/graph", {"pages": [{"id": accounts.PAGE, "default_app": accounts.OTHER_APP}]})
    async with business(sim, accounts.PAGE, accounts.OTHER_PAGE_TOKEN, accounts.OTHER_APP) as one:
        yield one


@pytest_asyncio.fixture
async def bridge(sim, bot):
    async with business(sim, accounts.PAGE, accounts.PAGE_TOKEN) as one:
        await one.say("hola")
        yield one


async def edge(who: Business, name: str, **more):
    return await who.call("POST", f"{accounts.PAGE}/{name}", json=TO | more)


async def test_the_default_app_is_told_and_others_stand_by(bot: Business, bridge: Business):
    assert (len(bot.events), len(bot.standby)) == (1, 0)
    assert (len(bridge.events), len(bridge.standby)) == (0, 1)
    await bridge.say("Ventas", type="postback")
    assert bot.events[-1]["postback"]["payload"] == "Ventas"
    assert "payload" not in bridge.standby[-1]["postback"]


async def test_who_stands_by_cannot_write(sim, bot: Business, bridge: Business):
    answer = await bridge.send()
    assert (answer.status, error(answer)) == (403, (10, 2018300))
    await sim.rules(page_not_owner_refusal="taken")
    assert (await bridge.send()).status == 200


async def test_control_is_passed_and_released(bot: Business, bridge: Business):
    answer = await edge(bot, "pass_thread_control", target_app_id=int(accounts.APP), metadata="case=500")
    assert answer.json == {"success": True}
    await bridge.until(lambda: bridge.with_key("pass_thread_control"))
    (told,) = bridge.with_key("pass_thread_control")
    assert told["pass_thread_control"] == {
        "previous_owner_app_id": int(accounts.OTHER_APP),
        "new_owner_app_id": int(accounts.APP),
        "metadata": "case=500",
    }
    await bridge.say("¿sigues?")
    assert (bridge.events[-1]["message"]["text"], bot.standby[-1]["message"]["text"]) == ("¿sigues?", "¿sigues?")
    assert error(await bot.send()) == (10, 2018300)
    assert (await bridge.send()).status == 200
    owner = (await bridge.call("GET", f"{accounts.PAGE}/thread_owner?recipient={SOFIA}")).json["data"]
    assert owner[0]["thread_owner"]["app_id"] == int(accounts.APP) and owner[0]["thread_owner"]["expiration"]
    assert (await edge(bridge, "release_thread_control")).json == {"success": True}
    assert (await bot.send()).status == 200
    owner = (await bridge.call("GET", f"{accounts.PAGE}/thread_owner?recipient={SOFIA}")).json
    assert owner == {"data": []}


async def test_the_default_app_takes_and_the_owner_is_told(bot: Business, bridge: Business):
    await edge(bot, "pass_thread_control", target_app_id=accounts.APP)
    assert error(await edge(bridge, "take_thread_control")) == (10, None)
    assert (await edge(bot, "take_thread_control", metadata="")).status == 200
    await bridge.until(lambda: bridge.with_key("take_thread_control"))
    (told,) = bridge.with_key("take_thread_control")
    assert told["take_thread_control"]["previous_owner_app_id"] == int(accounts.APP)
    assert error(await bridge.send()) == (10, 2018300)


async def test_the_owner_is_asked(bot: Business, bridge: Business):
    await edge(bridge, "request_thread_control", metadata="quiero hablar")
    await bot.until(lambda: bot.with_key("request_thread_control"))
    (told,) = bot.with_key("request_thread_control")
    assert told["request_thread_control"] == {
        "requested_owner_app_id": int(accounts.APP),
        "metadata": "quiero hablar",
    }


async def test_only_the_owner_passes_and_extends(bot: Business, bridge: Business):
    assert error(await edge(bridge, "pass_thread_control", target_app_id=accounts.APP)) == (10, None)
    assert error(await edge(bridge, "extend_thread_control", duration=3600)) == (10, None)
    assert (await edge(bot, "extend_thread_control", duration=3600)).status == 200
    assert error(await edge(bot, "extend_thread_control", duration=8 * 86_400)) == (100, None)
    assert error(await edge(bot, "pass_thread_control", target_app_id="1")) == (100, None)


async def test_control_ends_by_itself(sim, bot: Business, bridge: Business):
    await sim.rules(page_idle_seconds=0.0)
    await edge(bot, "pass_thread_control", target_app_id=accounts.APP)
    await bridge.say("¿hola?")
    assert bot.events[-1]["message"]["text"] == "¿hola?"


async def test_a_send_passes_or_releases_at_once(bot: Business, bridge: Business):
    wish = {"messaging_type": "RESPONSE", "message": {"text": "Te paso"}, **TO}
    answer = await bot.post({**wish, "thread_control": {"control_type": "pass", "app_id": accounts.APP}})
    assert answer.status == 200
    await bridge.until(lambda: bridge.with_key("pass_thread_control"))
    assert (await bridge.post({**wish, "thread_control": {"control_type": "release"}})).status == 200
    assert (await bot.send()).status == 200


async def test_without_a_default_app_all_are_told_and_the_first_to_write_has_it(sim):
    async with (
        business(sim, accounts.PAGE, accounts.PAGE_TOKEN) as one,
        business(sim, accounts.PAGE, accounts.OTHER_PAGE_TOKEN, accounts.OTHER_APP) as two,
    ):
        await one.say("hola")
        assert len(one.events) == len(two.events) == 1
        assert error(await edge(one, "take_thread_control")) == (10, None)
        await one.send()
        await one.until(lambda: one.with_key("read"))
        assert error(await two.send()) == (10, 2018300)
        assert [word for word in ("is_echo",) if two.standby[0]["message"].get(word)]
        await one.say("¿y?")
        assert two.standby[-1]["message"]["text"] == "¿y?"


async def test_a_human_in_the_pages_inbox_takes_the_thread_and_writes(sim, bot: Business, bridge: Business):
    await edge(bot, "pass_thread_control", target_app_id=accounts.APP)
    await bridge.thread("inbox_takes")
    await bridge.thread("inbox", text="Le respondo desde la página")
    await bridge.until(lambda: bridge.with_key("take_thread_control") and bridge.standby)
    (taken,) = bridge.with_key("take_thread_control")
    assert taken["take_thread_control"]["new_owner_app_id"] == 263902037430900
    echo = bridge.standby[-1]["message"]
    assert (echo["is_echo"], echo["app_id"], echo["text"]) == (True, 263902037430900, "Le respondo desde la página")
    assert error(await bridge.send()) == (10, 2018300)
    assert [(line["by"], line["text"]) for line in await bridge.lines()][-1] == (
        "inbox",
        "Le respondo desde la página",
    )


async def test_policy_is_told_of_the_page(sim, bridge: Business):
    event = {"recipient": {"id": accounts.PAGE}, "policy_enforcement": {"action": "warning", "reason": "spam"}}
    await sim.do("POST", f"/graph/accounts/{accounts.PAGE}/tell", {"event": event})
    assert bridge.with_key("policy_enforcement") == [event]
