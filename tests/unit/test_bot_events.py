"""What a bot with a state webhook is told: each event's row, and that no other bot is told so."""

from typing import Any

import pytest

from interconnections.bot_events import AS_LONG_AS_IT_TAKES, BotEvent, EventType, Happened
from interconnections.bridge import transitions
from interconnections.bridge.failure_notices import event_of
from interconnections.bridge.transitions import ConversationState, changes_for
from interconnections.desks import news
from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from tests.unit.bots import bot

PATIENCE = 120_000  # ms: the bot's goodbye_limit
LATER = 4_000  # ms: its state_delay
ON_HOLD, ACTIVE = Status.ON_HOLD, Status.ACTIVE


def whose(**differently: Any) -> Any:
    return bot(state_api="webhook", state_token=Secret("whsec_"), **differently)


def told(*items: news.News, status: Status, of: Any = ..., **known: Any) -> list[BotEvent]:
    events = tuple(news.Event(type(item).__name__, "{}", item) for item in items)
    state = ConversationState("whatsapp", "Ana", (), **known)
    changes = changes_for(events, status, whose() if of is ... else of, state)
    assert not any(item.kind is Kind.STATE for change in changes for item in change.to_user)
    return [event for change in changes for event in change.to_bot]


def ended(state: str, delay: int = 0) -> BotEvent:
    return BotEvent(EventType.ENDED, state, "", delay, PATIENCE)


def failed(state: str = "from-sf-timeout") -> BotEvent:
    return BotEvent(EventType.FAILED, state, "", LATER, PATIENCE)


WAITING, ACCEPTED = BotEvent(EventType.WAITING), BotEvent(EventType.ACCEPTED)

NEWS = [
    ("it waits in the queue", news.Queued(2, 42), ON_HOLD, {}, [WAITING]),
    ("it is told of its place again", news.Queued(1, 40), ON_HOLD, {"queued": True}, []),
    ("the queue moves", news.QueueMoved(1, 20), ON_HOLD, {}, []),
    ("an agent comes", news.AgentJoined("005", "Luz"), ON_HOLD, {}, [ACCEPTED]),
    ("an agent comes after another dropped", news.AgentJoined("005", "Sol"), ACTIVE, {}, [ACCEPTED]),
    ("an agent for another", news.AgentChanged("006", "Sol"), ACTIVE, {}, [BotEvent(EventType.TRANSFERRED)]),
    (
        "an agent drops",
        news.WaitingAgain(dropped=True),
        ACTIVE,
        {},
        [BotEvent(EventType.WAITING, reason="agent dropped")],
    ),
    (
        "an agent gives it back to the queue",
        news.WaitingAgain(dropped=False),
        ACTIVE,
        {},
        [BotEvent(EventType.WAITING, reason="back in the queue")],
    ),
    ("an agent says something", news.AgentSaid("hola", "Luz"), ACTIVE, {}, []),
    ("an agent ends it", news.Ended("agent", reason=Reason.AGENT_ENDED), ACTIVE, {}, [ended("from-sf-success")]),
    ("its user was silent", news.Ended("idle", reason=Reason.USER_SILENT), ACTIVE, {}, [ended("from-sf-success")]),
    ("no agent came", news.NoAgent("NoPost", reason=Reason.NO_AGENT), ON_HOLD, {}, [failed()]),
    ("nobody took it", news.Ended("x", reason=Reason.NO_AGENT), ON_HOLD, {}, [failed()]),
    ("its user is blocked", news.NoAgent("Blocked", reason=Reason.BLOCKED), ON_HOLD, {}, [failed("from-sf-blocked")]),
]
CHANGES = {
    "lost at Salesforce": (lambda b: transitions.lost(b, "x"), ended("from-sf-timeout", LATER)),
    "its identity is lost": (lambda b: transitions.session_lost(b, "x"), ended("from-sf-timeout", LATER)),
    "its start failed": (lambda b: transitions.failed(b, Reason.START_FAILED), failed()),
    "the user left": (lambda b: transitions.ended_by_us(b, Reason.USER_LEFT), ended("from-sf-success")),
    "the bot ended it": (lambda b: transitions.ended_by_us(b, Reason.BOT_FINISHED), ended("from-sf-success")),
    "a supervisor ended it": (lambda b: transitions.ended_by_us(b, Reason.SUPERVISOR), ended("from-sf-success")),
    "the agent was silent": (
        lambda b: transitions.ended_by_us(b, Reason.AGENT_SILENT),
        ended("from-sf-timeout", LATER),
    ),
    "it waited too long": (lambda b: transitions.ended_by_us(b, Reason.NO_AGENT), failed()),
}


@pytest.mark.parametrize(
    ("item", "status", "known", "events"), [row[1:] for row in NEWS], ids=[str(row[0]) for row in NEWS]
)
def test_what_news_tell_the_bot(item: news.News, status: Status, known: Any, events: list[BotEvent]) -> None:
    assert told(item, status=status, **known) == events


@pytest.mark.parametrize("what", CHANGES)
def test_how_ends_are_told(what: str) -> None:
    change, event = CHANGES[what]
    found: Change = change(whose())
    assert found.to_bot == (event,)
    assert not any(item.kind is Kind.STATE for item in found.to_user)


@pytest.mark.parametrize("name", ["botrunner", "studio_ng", ""])
def test_a_bot_with_another_state_api_is_told_as_ever(name: str) -> None:
    other = bot(state_api=name)
    for _, item, status, known, _ in NEWS:
        events = (news.Event("x", "{}", item),)
        for change in changes_for(events, status, other, ConversationState("whatsapp", "Ana", (), **known)):
            assert change.to_bot == ()
    for change, _ in CHANGES.values():
        assert change(other).to_bot == ()
        assert [item.kind for item in change(other).to_user if item.kind is Kind.STATE] == [Kind.STATE] * bool(name)


def test_an_end_is_told_where_the_bot_has_no_name_for_its_state() -> None:
    [event] = transitions.ended(whose(success_state=""), Reason.AGENT_ENDED).to_bot
    assert (event.type, event.state) == (EventType.ENDED, "")


def test_a_goodbye_without_a_limit_is_waited_for_as_long_as_it_takes() -> None:
    [event] = transitions.ended(whose(goodbye_limit=0), Reason.AGENT_ENDED).to_bot
    assert event.patience == AS_LONG_AS_IT_TAKES


@pytest.mark.parametrize(
    ("item", "lane", "events"),
    [
        (
            Item(Kind.TEXT, Origin.AGENT, "hola"),
            Lane.INTEGRATION,
            (BotEvent(EventType.UNDELIVERED, reason="answered 400"),),
        ),
        (Item(Kind.TEXT, Origin.BRIDGE, "Esperando un agente"), Lane.INTEGRATION, ()),
        (Item(Kind.TEXT, Origin.USER, "hola"), Lane.SALESFORCE, ()),
        (Item(Kind.EVENT, Origin.BRIDGE, "chat.ended"), Lane.BOT, ()),
    ],
    ids=["an agent's", "a notice", "a user's", "an event itself"],
)
def test_what_of_what_was_given_up_is_told(item: Item, lane: Lane, events: tuple[BotEvent, ...]) -> None:
    assert event_of(item, lane, whose(), "answered 400") == events


def test_an_event_is_stored_and_read_again_whole() -> None:
    happened = Happened("from-sf-success", "agent ended", "500A", 1772000000123, PATIENCE)
    item = Item(Kind.EVENT, Origin.BRIDGE, EventType.ENDED, name="Luz", event=happened)
    assert Item.decoded(item.encoded()) == item
