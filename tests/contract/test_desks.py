"""Each desk keeps the contract: two at the simulated Salesforce, the toy at its own server."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from interconnections.desks import DESKS
from interconnections.desks.enhanced_chat import event_text as enhanced_text
from interconnections.desks.enhanced_chat.events import KNOWN
from interconnections.desks.live_agent import event_text as live_agent_text
from interconnections.directory import Org, Route
from interconnections.errors import (
    ChatGone,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    OutOfSequence,
)
from simulator.server import serving
from simulator.world import World
from tests.contract.desks import At, DeskContract
from tests.contract.toy_desk import ToyDesk
from tests.contract.toy_desk.server import ORG, DeskServer
from tests.simulator import enhanced
from tests.simulator.conftest import BUTTON, DEPLOYMENT, Sim
from tests.simulator.conftest import ORG as SALESFORCE_ORG


def org(chat_api: str, url: str, **more: str) -> Org:
    fields = {"organization_id": SALESFORCE_ORG, "deployment_id": DEPLOYMENT} | more
    return Org(name="Acme", chat_api=chat_api, chat_url=url, api_version=58, wrong="", **fields)


@asynccontextmanager
async def simulated(configured: dict[str, str], stranger: Callable[[Org], Org], chat_api: str) -> AsyncIterator[At]:
    """Salesforce as the simulator plays it, and its agents behind the control API."""
    world = World()
    async with serving("127.0.0.1", 0, world) as url, aiohttp.ClientSession() as http:
        sim, whose = Sim(url, world, http), org(chat_api, url, **configured)

        async def count() -> int:
            return len((await sim.do("GET", "/chats"))["chats"])

        async def heard(id: str) -> list[str]:
            return list((await sim.do("GET", f"/chats/{id}"))["heard"])

        yield At(
            org=whose,
            route=Route(BUTTON, "", ""),
            stranger=stranger(whose),
            accept=lambda id: sim.do("POST", f"/chats/{id}/accept", {}),
            say=lambda id, text: sim.do("POST", f"/chats/{id}/say", {"text": text}),
            end=lambda id: sim.do("POST", f"/chats/{id}/end", {}),
            tell=lambda id, type: sim.do("POST", f"/chats/{id}/event", {"type": type, "message": {}}),
            heard=heard,
            count=count,
        )


class TestLiveAgent(DeskContract):
    name = "live_agent"
    statuses = {
        403: ChatGone,
        400: DeskRefused,
        408: DeskUnwell,
        409: OutOfSequence,
        429: DeskUnwell,
        500: DeskUnwell,
        503: HandedOver,
    }
    types = tuple(live_agent_text.WORDS) + tuple(live_agent_text.SILENT)
    telling = frozenset(live_agent_text.WORDS) - frozenset(live_agent_text.SILENT)

    @asynccontextmanager
    async def at(self) -> AsyncIterator[At]:
        async with simulated({}, lambda org: replace(org, chat_url=f"{org.chat_url}/elsewhere"), self.name) as at:
            yield at


class TestEnhancedChat(DeskContract):
    name = "enhanced_chat"
    statuses = {
        400: DeskRefused,
        403: DeskRefused,
        404: ChatGone,
        408: DeskUnwell,
        429: DeskUnwell,
        500: DeskUnwell,
        503: DeskUnwell,
    }
    types = tuple(sorted(KNOWN | enhanced_text.SILENT))
    telling = frozenset({"CONVERSATION_CLOSE_CONVERSATION"})  # of an entry that says nothing else

    @asynccontextmanager
    async def at(self) -> AsyncIterator[At]:
        own = {"es_developer_name": enhanced.CLIENT}
        async with simulated(own, lambda org: replace(org, es_developer_name="Nobody_Made_It"), self.name) as at:
            yield at


class TestToyDesk(DeskContract):
    name = "toy_desk"
    statuses = {400: DeskRefused, 404: ChatGone, 408: DeskUnwell, 429: DeskUnwell, 500: DeskUnwell, 503: DeskUnwell}
    types = ("joined", "said", "ended")
    telling = frozenset({"joined", "ended"})

    @pytest.fixture(autouse=True)
    def its_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(DESKS, "toy_desk", ToyDesk)

    @asynccontextmanager
    async def at(self) -> AsyncIterator[At]:
        with DeskServer() as toy:
            whose = org(self.name, toy.url, organization_id=ORG)

            async def accept(id: str) -> None:
                toy.accept(id)

            async def say(id: str, text: str) -> None:
                toy.say(id, text)

            async def end(id: str) -> None:
                toy.end(id)

            async def tell(id: str, type: str) -> None:
                toy.tell(id, type)

            async def heard(id: str) -> list[str]:
                return list(toy.chats[id].heard)

            async def count() -> int:
                return sum(1 for chat in toy.chats.values() if chat.queued)

            stranger = replace(whose, organization_id="00D0000000000XX")
            yield At(whose, Route("", "", ""), stranger, accept, say, end, tell, heard, count)
