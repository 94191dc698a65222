"""The lean servers of the benchmark carry a conversation without trouble, as the product has it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from benchmarks.desks import DESKS as BENCHED
from benchmarks.fake_servers import Shores
from benchmarks.flow import marked
from interconnections.desks import DESKS
from interconnections.desks.desk import Ref, Visitor
from interconnections.desks.news import AgentJoined, AgentSaid, Echo
from interconnections.directory import Org, Route
from interconnections.transport import new_wire
from tests.contract.desks import FaultyWire, OurHost, OurKeeper, Owned

USER = "5215500000001"


@pytest.fixture(params=BENCHED)
async def shores(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, Shores]]:
    found = BENCHED[request.param].shores()
    await found.open()
    yield request.param, found
    found.close()


async def test_a_conversation_over_each_desk(shores: tuple[str, Shores]) -> None:
    name, server = shores
    wire, route = new_wire(), Route("573000000000001", "", "")
    org = Org(
        "Acme",
        name,
        server.url,
        "00D000000000001",
        "572000000000001",
        58,
        "",
        es_developer_name="Client",
        routing_attributes={"userId": "User_Id"},
    )
    desk = DESKS[name](wire, OurHost())
    assert (await desk.available(org, route)).open is True
    opened = await desk.open(org, route, Visitor(USER, "whatsapp", USER, "es-MX"), "")
    fields = {"sessionId": opened.session_id, "name": USER, **opened.fields}
    keeper = OurKeeper(org, fields, dict(opened.secrets))
    owned = Owned(desk, FaultyWire(wire), keeper, opened.session_id, desk.chat(fields, opened.secrets, org, keeper))
    await owned.chat.start()
    if not desk.waits:
        await owned.chat.send("la bienvenida", Ref("1", 2, first=True))
    await owned.until(AgentJoined)
    listening = asyncio.create_task(owned.until(AgentSaid))
    while not server.listening([USER]):
        await asyncio.sleep(0.01)
    number = server.say(USER)
    assert [said.text for said in await listening] == [marked(number)]
    await owned.chat.send(marked(server.number()), Ref("2", 2))
    assert len(server.to_agent.arrived) == 1
    if not desk.waits:
        await owned.until(Echo, 2)
    await owned.chat.close()
    assert (len(server.to_user.left), dict(server.wrongs)) == (1, {})
    await wire.close()


async def test_the_hourly_look_at_a_number_of_metas_is_no_wrong(shores: tuple[str, Shores]) -> None:
    _, server = shores
    async with ClientSession() as session, session.get(f"{server.url}/v25.0/700100200300", ssl=False) as answer:
        assert (await answer.json(content_type=None))["quality_rating"] == "GREEN"
    assert dict(server.wrongs) == {}
