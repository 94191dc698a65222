"""How fast Enhanced Chat is asked: never faster than an org may (salesforce-enhanced-chat.md section 7)."""

from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.desks.enhanced_chat.client import EnhancedChat
from interconnections.desks.enhanced_chat.desk import EnhancedChatDesk
from interconnections.desks.enhanced_chat.session import EVERY, TOKENS, token_for
from interconnections.errors import DeskUnwell
from tests.unit.test_enhanced_chat_requests import DEPLOYMENT, TOKEN
from tests.unit.wires import ScriptedWire


class Turns:
    """A host that notes who asked for a turn, and how fast its turns come."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble, self.asked = trouble, []

    async def turn(self, name: str, burst: int, seconds: float) -> None:
        self.asked.append((name, burst, seconds))
        if self.trouble:
            raise self.trouble


async def a_token(wire: ScriptedWire, host: Any) -> Any:
    org: Any = SimpleNamespace(user_verification="none")
    return await token_for(EnhancedChat(wire), host, org, DEPLOYMENT, "whatsapp", "5215512345678")


def test_no_minute_of_a_conversation_has_more_than_22_messages() -> None:
    pace = EnhancedChatDesk.pace
    assert pace is not None
    assert pace.burst + 60 / pace.seconds <= 22


async def test_an_orgs_tokens_have_one_pace_whatever_the_deployment_and_the_worker() -> None:
    host = Turns()
    await a_token(ScriptedWire([TOKEN]), host)
    assert host.asked == [(f"tokens:{DEPLOYMENT.org_id}", TOKENS, EVERY)]
    assert TOKENS + 60 / EVERY <= 200


async def test_whose_turn_it_is_not_asks_for_no_token() -> None:
    wire = ScriptedWire([])
    with pytest.raises(DeskUnwell):
        await a_token(wire, Turns(DeskUnwell("no turn was told")))
    assert wire.asked == []
