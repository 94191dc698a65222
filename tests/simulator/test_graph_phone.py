"""The phone page with a business at Meta: what is written goes to Graph, what Graph tells stands on the screen."""

from __future__ import annotations

import pytest_asyncio

from simulator.graph import accounts

from .meta import ANA, SOFIA, business

BOTS = [
    {"slug": "cloud", "provider": "whatsapp", "bot_id": accounts.NUMBER, "account": accounts.NUMBER},
    {"slug": "page", "provider": "facebook", "bot_id": accounts.PAGE, "account": accounts.PAGE},
]


@pytest_asyncio.fixture
async def cloud(sim):
    async with business(sim, accounts.NUMBER, accounts.CLOUD_TOKEN) as one:
        await sim.do("PUT", "/stage", {"bots": BOTS})
        await sim.do("PUT", f"/phones/{ANA}", {"name": "Ana Torres", "bot": "cloud"})
        yield one


@pytest_asyncio.fixture
async def page(sim):
    async with business(sim, accounts.PAGE, accounts.PAGE_TOKEN) as one:
        await sim.do("PUT", "/stage", {"bots": BOTS})
        await sim.do("PUT", f"/phones/{SOFIA}", {"name": "Sofía Luna", "bot": "page", "provider": "facebook"})
        yield one


async def write(sim, user, text, **more):
    return await sim.do("POST", f"/users/{user}/write", {"text": text, **more})


async def test_what_is_written_is_told_by_meta_with_the_persons_name(sim, cloud):
    assert (await write(sim, ANA, "hola"))["status"] == 200
    (value,) = cloud.values
    assert value["messages"][0]["text"]["body"] == "hola"
    assert value["contacts"][0]["profile"]["name"] == "Ana Torres"


async def test_the_screen_shows_ticks_quotes_and_typing(sim, cloud):
    first = (await write(sim, ANA, "hola"))["id"]
    await cloud.send("¿Sí?", context={"message_id": first})
    await cloud.until(lambda: len(cloud.statuses) == 3)
    mark = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": first,
        "typing_indicator": {"type": "text"},
    }
    await cloud.post(mark)
    phone = await sim.do("GET", f"/phones/{ANA}")
    said, received = phone["screen"]
    assert (said["side"], said["tick"], said["status"]) == ("user", "read", "taken")
    assert (received["side"], received["tick"], received["quotes"]["text"]) == ("agent", "read", "hola")
    assert phone["at_meta"] == {"typing": True, "owner": None}
    assert phone["with_bot"] is False


async def test_a_reaction_is_no_bubble(sim, cloud):
    first = (await write(sim, ANA, "hola"))["id"]
    reaction = {"messaging_product": "whatsapp", "to": f"+{ANA}", "type": "reaction"}
    await cloud.post(reaction | {"reaction": {"message_id": first, "emoji": "👍"}})
    (line,) = (await sim.do("GET", f"/phones/{ANA}"))["screen"]
    assert line["reaction"] == "👍"


async def test_the_bot_answers_and_it_is_still_the_bot(sim, cloud):
    await write(sim, ANA, "hola", bot=True)
    phone = await sim.do("GET", f"/phones/{ANA}")
    assert [line["side"] for line in phone["screen"]] == ["user", "bot"] and phone["with_bot"] is True


async def test_whose_thread_it_is_stands_on_top(sim, page):
    await write(sim, SOFIA, "hola")
    await page.send("Soy Leo")
    assert (await sim.do("GET", f"/phones/{SOFIA}"))["at_meta"]["owner"] == "Bridge"
    await page.thread("inbox_takes")
    await page.thread("inbox", text="Le respondo")
    phone = await sim.do("GET", f"/phones/{SOFIA}")
    assert phone["at_meta"]["owner"] == "the page's inbox"
    assert (phone["screen"][-1]["name"], phone["screen"][-1]["text"]) == ("inbox", "Le respondo")


async def test_meta_repeats_by_itself(sim, cloud):
    cloud.answers = [500]
    await sim.rules(meta_retry_pause=0.05)
    first = await write(sim, ANA, "hola")
    await sim.do("POST", f"/users/{ANA}/write", {"again": first["id"]}, expect=409)
    await cloud.until(lambda: len(cloud.raw) == 2)


async def test_who_nobody_is_told_of_is_409(sim):
    await sim.do("PUT", "/stage", {"bots": BOTS})
    await sim.do("PUT", f"/phones/{ANA}", {"name": "Ana", "bot": "cloud"})
    await sim.do("POST", f"/users/{ANA}/write", {"text": "hola"}, expect=409)
