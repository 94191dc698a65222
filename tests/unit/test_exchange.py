"""How long the exchange that showed an item lasted: not what had to be done before it."""

from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge import exchange
from interconnections.bridge.exchange import Exchange


async def test_an_exchange_that_begins_late_lasted_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    at = 100.0
    monkeypatch.setattr(exchange, "time", SimpleNamespace(monotonic=lambda: at))

    async def goes(*asked: Any) -> str:
        assert asked == ("redis", "hold", "7")
        return "wamid.0"

    monkeypatch.setattr(exchange.lanes, "goes", goes)
    bridge: Any = SimpleNamespace(redis="redis")
    conversation: Any = SimpleNamespace(hold="hold")
    send = Exchange(bridge, conversation, "7", begun=at)
    at = 140.0
    assert send.took == 40_000
    assert await send.begins_late() == "wamid.0"
    at = 140.5
    assert send.took == 500
