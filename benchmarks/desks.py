"""The desks that are measured: who plays them, what the floor beside them is, and the configuration of the bridge."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.fake_enhanced_chat import EnhancedChatShores
from benchmarks.fake_live_agent import LiveAgentShores
from benchmarks.fake_servers import Shores
from simulator.configuration import Row, enhanced_org, org, route

ORGS = 40  # of Enhanced Chat: Salesforce gives an org 200 tokens a minute, and the bridge keeps to that


@dataclass(frozen=True)
class BenchedDesk:
    """`rows(url)`: orgs and routes of the bot; `flows`: which of those routes users ask for in turn, none for one."""

    label: str
    shores: Callable[[], Shores]
    floor: str
    rows: Callable[[str], list[Row]]
    flows: tuple[str, ...] = ()


def _live_agent(url: str) -> list[Row]:
    return [org(url), route(1, 1)]


def _enhanced_chat(url: str) -> list[Row]:
    rows: list[Row] = []
    for place, flow in enumerate(FLOWS, 1):
        one = route(place, 1, "", flow)
        one["fields"] |= {"org": place}  # type: ignore[operator]
        rows += [enhanced_org(url, place, name=f"Org {flow}", organization_id=f"00D{place:012}"), one]
    return rows


FLOWS = tuple(f"flow {place}" for place in range(ORGS))
DESKS = {
    "live_agent": BenchedDesk("Live Agent", LiveAgentShores, "benchmarks.floor", _live_agent),
    "enhanced_chat": BenchedDesk(
        "Enhanced Chat", EnhancedChatShores, "benchmarks.stream_floor", _enhanced_chat, FLOWS
    ),
}
