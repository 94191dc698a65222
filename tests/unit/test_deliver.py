"""What is done with an item after its shore answered."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge import recipients
from interconnections.bridge.deliver import deliver
from interconnections.bridge.desk_delivery import to_desk
from interconnections.bridge.user_delivery import to_integration
from interconnections.errors import DeskUnwell, PlatformStopped, PlatformUnwell, StoreAway
from interconnections.items import Item, Kind, Lane, Origin
from interconnections.platforms.platform import Recipient
from interconnections.store.lanes import Cause, Taken, Whose
from interconnections.tally import Tally
from tests.unit.bots import bot


@pytest.mark.parametrize(("wait", "whose", "least"), [(7.0, Whose.ASKED, 7000), (0.0, Whose.SHORE, 250)])
async def test_a_platform_that_asks_for_no_pause_gets_ours(wait: float, whose: Whose, least: int) -> None:
    async def say(*what: Any) -> str:
        raise PlatformUnwell("answered 429", wait)

    bridge: Any = SimpleNamespace(
        platforms={"yalo": SimpleNamespace(send=say, wants_recipient=False, shows_within=0.0)}
    )
    conversation: Any = SimpleNamespace(session_id="s", user_id="u")
    taken = Taken("1", Item(Kind.TEXT, Origin.AGENT, "hola"), 0, "", 0, "Active")
    settled = await to_integration(bridge, conversation, bot(), taken)
    assert (settled.outcome, settled.whose) == ("retry", whose)
    assert int(settled.argument) >= least


@pytest.mark.parametrize(("code", "counted"), [("190", "190"), ("", "unknown")])
async def test_a_platform_that_serves_a_bot_no_more_is_told_to_whoever_runs_it(code: str, counted: str) -> None:
    """Everything is kept; the whole bot waits, and an alert says so."""

    async def say(*what: Any) -> str:
        raise PlatformStopped("answered 401", 60.0, code=code)

    tally = Tally()
    platform = SimpleNamespace(send=say, wants_recipient=False, shows_within=0.0)
    bridge: Any = SimpleNamespace(platforms={"yalo": platform}, tally=tally)
    conversation: Any = SimpleNamespace(session_id="s", user_id="u")
    taken = Taken("1", Item(Kind.TEXT, Origin.AGENT, "hola"), 0, "", 0, "Active")
    settled = await to_integration(bridge, conversation, bot(), taken)
    assert (settled.outcome, settled.whose, settled.argument) == ("retry", Whose.ASKED, "60000")
    assert tally.totals == {f"platform stopped:tienda-bot:{counted}": 1}


async def test_a_user_is_remembered_under_the_name_of_the_answer_and_away_or_not_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[tuple[str, ...]] = []

    async def say(settings: Any, to: Recipient, *more: Any) -> str:
        to.named.append("5215587650001")
        return "wamid.1"

    async def same(redis: Any, slug: str, ids: tuple[str, ...]) -> None:
        kept.append(ids)
        raise StoreAway("away")

    monkeypatch.setattr(recipients.people, "same", same)
    platform = SimpleNamespace(send=say, wants_recipient=False, shows_within=0.0)
    bridge: Any = SimpleNamespace(platforms={"yalo": platform}, redis=None)
    conversation: Any = SimpleNamespace(session_id="s", user_id="525587650001")
    taken = Taken("1", Item(Kind.TEXT, Origin.AGENT, "hola"), 0, "", 0, "Active")
    settled = await to_integration(bridge, conversation, bot(), taken)
    assert (settled.outcome, settled.sent_as) == ("delivered", "wamid.1")
    assert kept == [("525587650001", "5215587650001")]


async def test_a_redis_that_is_away_costs_no_message_however_often() -> None:
    """It may have been sent already, so it waits as one whose answer was lost."""

    async def away(*what: Any) -> str:
        raise StoreAway("goes: no answer")

    async def bots() -> Any:
        return {"tienda-bot": bot()}

    platform = SimpleNamespace(send=away, wants_recipient=False, shows_within=0.0)
    bridge: Any = SimpleNamespace(
        platforms={"yalo": platform}, tally=Tally(), directory=SimpleNamespace(bots=bots), redis=None
    )
    conversation: Any = SimpleNamespace(session_id="s", user_id="u", bot_slug="tienda-bot", chat=None)
    often = json.dumps(dict.fromkeys(Cause, 50))
    taken = Taken("1", Item(Kind.TEXT, Origin.AGENT, "hola"), 0, often, 0, "Active")
    settled = await deliver(bridge, conversation, Lane.INTEGRATION, taken)
    assert (settled.outcome, settled.silent, settled.whose) == ("retry", True, Whose.MESSAGE)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.STATE])
async def test_what_found_no_place_on_its_way_is_tried_again_soon_and_blames_nobody(kind: Kind) -> None:
    async def crowded(*what: Any) -> str:
        raise PlatformUnwell("too much is under way", crowded=True)

    platform = SimpleNamespace(send=crowded, wants_recipient=False, shows_within=0.0)
    bridge: Any = SimpleNamespace(
        platforms={"yalo": platform}, state_apis={"": SimpleNamespace(tell=crowded)}, tally=Tally()
    )
    conversation: Any = SimpleNamespace(session_id="s", user_id="u", bot_slug="b", provider="whatsapp", case_id="")
    taken = Taken("1", Item(kind, Origin.AGENT, "hola"), 0, '{"crowded":30}', 0, "Active")
    settled = await to_integration(bridge, conversation, bot(state_api=""), taken)
    assert (settled.outcome, settled.whose, settled.cause) == ("retry", Whose.OURS, Cause.CROWDED)
    assert int(settled.argument) <= 3000
    assert not settled.silent


async def test_what_found_no_place_on_its_way_to_the_desk_blames_nobody_either() -> None:
    async def crowded(*what: Any) -> None:
        raise DeskUnwell("too much is under way", crowded=True)

    conversation: Any = SimpleNamespace(
        chat=SimpleNamespace(send=crowded), masked=lambda text: SimpleNamespace(text=text, slow=())
    )
    bridge: Any = SimpleNamespace(tally=Tally())
    taken = Taken("1", Item(Kind.TEXT, Origin.USER, "hola"), 3, "", 0, "Active")
    settled = await to_desk(bridge, conversation, bot(), taken)
    assert (settled.outcome, settled.whose, settled.cause) == ("retry", Whose.OURS, Cause.CROWDED)
