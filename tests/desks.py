"""Chats at a desk in a test's hands, over whatever stands in for its client."""

from collections.abc import Mapping
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from interconnections.bridge.conversation import Conversation, conversation_from
from interconnections.desks.desk import Rebase
from interconnections.desks.live_agent.desk import LiveAgentDesk
from interconnections.secret import Secret
from interconnections.store import handovers
from interconnections.store.leases import Hold
from interconnections.worker.keeper import ChatKeeper


def live_agent(client: Any) -> dict[str, Any]:
    """As `Bridge.desks`."""
    desk = LiveAgentDesk(*[SimpleNamespace()] * 2)  # type: ignore[list-item]
    desk.client = client
    return {"live_agent": desk}


async def _nothing() -> None: ...


def in_hand(
    hold: Hold, row: Mapping[str, str], tokens: Mapping[str, Secret], bridge: Any = None, client: Any = None
) -> Conversation:
    """Owned by us; nothing polls it and no lane is emptied."""
    desk = bridge.desks["live_agent"] if bridge else live_agent(client)["live_agent"]
    keeper = ChatKeeper(bridge, lambda lane: None, lambda: None, _nothing)
    conversation = conversation_from(hold, row, desk, desk.chat(row, tokens, None, keeper))
    keeper.conversation = conversation
    return conversation


def rebase(redis: Any, hold: Hold, rebase: Rebase, epoch: str = "0") -> Any:
    """As the keeper of a chat does it."""
    return handovers.rebase(redis, hold, epoch, **{each.name: getattr(rebase, each.name) for each in fields(rebase)})
