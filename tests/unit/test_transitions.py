"""What the desk's news change: each piece of news, in each status, as a golden table."""

from dataclasses import replace
from typing import get_args

import pytest

from interconnections.bridge.masking import stored
from interconnections.bridge.queue_notices import Told
from interconnections.bridge.transitions import ConversationState, changes_for, ended, failed, lost
from interconnections.desks import news
from interconnections.desks.live_agent import file_request
from interconnections.desks.live_agent.chat import fields_of
from interconnections.desks.live_agent.events import chat_ended, chat_refused
from interconnections.desks.news import mark
from interconnections.items import Change, Item, Kind, Origin
from interconnections.lifecycle import FINAL, Reason, Status, ways_to
from interconnections.secret import Secret
from tests.unit.bots import bot

WAIT = Item(Kind.TEXT, Origin.BRIDGE, "Esperando un agente")
WELCOME = Item(Kind.TEXT, Origin.BRIDGE, "Hola soy Ana y necesito ayuda")
PAST = Item(Kind.TEXT, Origin.BRIDGE, "Contexto:\nCliente […]:hola")
SUCCESS = Item(Kind.STATE, Origin.BRIDGE, "from-sf-success")
TIMEOUT = Item(Kind.STATE, Origin.BRIDGE, "from-sf-timeout", delay=4000)
BLOCKED = Item(Kind.STATE, Origin.BRIDGE, "from-sf-blocked", delay=4000)
CARDS = news.Rule("0GO000000000001", "cards", "[0-9]{16}", "*", "Replace")
LOST = Item(Kind.TEXT, Origin.BRIDGE, "Tus últimos mensajes no llegaron al agente.")
SERVING = {"agentID": "005", "agentName": "Luz", "waitingAgain": "0"}


def told(*items, status=Status.ON_HOLD, whose=..., provider="whatsapp", past=(PAST.text,), **known):
    events = tuple(news.Event(type(item).__name__, "{}", item) for item in items)
    whose = bot() if whose is ... else whose
    changes = changes_for(events, status, whose, ConversationState(provider, "Ana", past, **known))
    for change in changes:
        for moment in ("acceptedAt", "waitingSince"):
            change.fields.pop(moment, None)  # the clock's; they have a test of their own
    return changes


def closing(word, reason, item=SUCCESS):
    return Change(to=Status.CLOSED, reason=reason, fields={"endWord": word}, to_user=(item,), if_lost=(LOST,))


def failing(word, reason, item=TIMEOUT):
    return Change(to=Status.FAILED, reason=reason, fields={"endWord": word}, to_user=(item,), if_lost=(LOST,))


JOIN = Change(to=Status.ACTIVE, fields=SERVING, first_to_agent=(PAST, WELCOME))
EVERY_STATUS = tuple(Status)

# news -> status -> the change; a status that is not named is as `...` says
TABLE = [
    (
        news.Queued(2, 42, 150000),
        {...: Change(fields={"queuePosition": "2", "window": "150000"}, to_user=(WAIT,))},
    ),
    (news.Queued(), {...: Change(fields={"queuePosition": "0"}, to_user=(WAIT,))}),
    (
        news.Queued(1, rules=(CARDS,)),
        {...: Change(fields={"queuePosition": "1", "sensitiveRules": stored([CARDS])}, to_user=(WAIT,))},
    ),
    (news.QueueMoved(1, 61), {...: Change(fields={"queuePosition": "1", "estimatedWait": "61"})}),
    (news.QueueMoved(0, -1), {...: Change(fields={"queuePosition": "0", "estimatedWait": "-1"})}),
    (news.AgentJoined("005", "Luz"), {Status.ON_HOLD: JOIN, ...: Change(fields=SERVING)}),
    (
        news.AgentJoined(),
        {
            Status.ON_HOLD: Change(
                to=Status.ACTIVE,
                fields={"agentID": "", "agentName": "", "waitingAgain": "0"},
                first_to_agent=(PAST, WELCOME),
            ),
            ...: Change(fields={"agentID": "", "agentName": "", "waitingAgain": "0"}),
        },
    ),
    (news.AgentChanged("005", "Luz"), {...: Change(fields=SERVING)}),
    (
        news.AgentChanged("005", "Luz", news.Idle(60, 90)),
        {...: Change(fields=SERVING | {"idleWarning": "60", "idleEnd": "90"})},
    ),
    (
        news.AgentSaid("Lo reviso", "Luz"),
        {
            ...: Change(
                to_user=(Item(Kind.TEXT, Origin.AGENT, "Lo reviso", name="Luz"),),
                agent_said=(mark("Lo reviso"),),
            )
        },
    ),
    (
        news.AgentShowed("¿Sí?\n• Sí", "Luz"),
        {...: Change(to_user=(Item(Kind.TEXT, Origin.AGENT, "¿Sí?\n• Sí", name="Luz"),))},
    ),
    (news.Masked((CARDS,)), {...: Change(fields={"sensitiveRules": stored([CARDS])})}),
    (news.Masked(()), {...: Change(fields={"sensitiveRules": ""})}),
    (news.FileTransfer("Requested"), {...: None}),
    (
        news.CaughtUp("3", (("4", "¿sigues?"),), (("handover", "resync"),)),
        {
            ...: Change(
                fields={"handover": "resync"},
                arrived="3",
                first_to_agent=(Item(Kind.TEXT, Origin.USER, "¿sigues?"),),
                sent_again=("4",),
            )
        },
    ),
    (news.AgentTyping(True), {...: None}),
    (news.AgentTyping(False), {...: None}),
    (news.AgentRead(7), {...: None}),
    (news.Moved("https://d.example/chat"), {...: None}),
    (news.WaitingAgain(), {Status.ACTIVE: Change(fields={"waitingAgain": "1"}), ...: None}),
    (chat_ended("agent"), {...: closing("agent", Reason.AGENT_ENDED)}),
    (chat_ended("client"), {...: closing("client", Reason.USER_LEFT)}),
    (chat_ended("clientIdleTimeout"), {...: closing("clientIdleTimeout", Reason.USER_SILENT)}),
    (chat_ended("agentsUnavailable"), {...: failing("agentsUnavailable", Reason.NO_AGENT)}),
    (chat_ended("agentPushTimeout"), {...: failing("agentPushTimeout", Reason.NO_AGENT)}),
    (chat_ended("NoPost"), {...: failing("NoPost", Reason.NO_AGENT)}),
    (news.Ended(), {...: closing("unknown", Reason.AGENT_ENDED)}),
    (chat_refused("Unavailable"), {...: failing("Unavailable", Reason.NO_AGENT)}),
    (chat_refused("NoPost"), {...: failing("NoPost", Reason.REFUSED)}),
    (chat_refused("InternalFailure"), {...: failing("InternalFailure", Reason.REFUSED)}),
    (chat_refused("Unknown"), {...: failing("Unknown", Reason.REFUSED)}),
    (chat_refused("Blocked"), {...: failing("Blocked", Reason.BLOCKED, BLOCKED)}),
    (news.SessionData((("hola",),), (("Lo reviso", "Luz"),)), {...: None}),
    (
        news.AgentSentFiles(
            (news.AttachedFile("a.pdf", "application/pdf", "https://x.example/a"),), "la guía", "Luz"
        ),
        {...: Change(to_user=(Item(Kind.TEXT, Origin.AGENT, "la guía\na.pdf\nhttps://x.example/a", name="Luz"),))},
    ),
    (
        news.AgentSentFiles((), "la guía", "Luz", not_shown=1),
        {
            ...: Change(
                to_user=(
                    Item(Kind.TEXT, Origin.AGENT, "la guía", name="Luz"),
                    Item(Kind.TEXT, Origin.BRIDGE, "El agente envió algo que aquí no se puede mostrar."),
                ),
                first_to_agent=(
                    Item(Kind.TEXT, Origin.BRIDGE, "**El usuario no puede ver lo último que se envió**"),
                ),
            )
        },
    ),
    (
        news.Choices("¿Cuál?", "e6", (("o-1", "Uno"),), "Luz"),
        {
            ...: Change(
                fields={"choices": '["e6", [["o-1", "Uno"]]]'},
                to_user=(Item(Kind.TEXT, Origin.AGENT, "¿Cuál?\n1. Uno", name="Luz"),),
            )
        },
    ),
    (
        news.FormShown(),
        {
            ...: Change(
                to_user=(
                    Item(Kind.TEXT, Origin.BRIDGE, "El agente envió un formulario que aquí no se puede mostrar."),
                ),
                first_to_agent=(Item(Kind.TEXT, Origin.BRIDGE, "**El usuario no puede ver el formulario**"),),
            )
        },
    ),
    (
        news.NotShown("Hologram"),
        {
            ...: Change(
                to_user=(Item(Kind.TEXT, Origin.BRIDGE, "El agente envió algo que aquí no se puede mostrar."),),
                first_to_agent=(
                    Item(Kind.TEXT, Origin.BRIDGE, "**El usuario no puede ver lo último que se envió**"),
                ),
            )
        },
    ),
    *(
        (item, {...: None})
        for item in (
            news.AgentLeft("005", "Luz"),
            news.Echo("m-1"),
        )
    ),
    (news.Other(), {...: None}),
]


@pytest.mark.parametrize("status", EVERY_STATUS)
@pytest.mark.parametrize(("item", "row"), TABLE, ids=[repr(item) for item, _ in TABLE])
def test_a_piece_of_news_changes_this(item, row, status):
    expected = row.get(status, row[...])
    assert told(item, status=status) == ([] if expected is None else [expected])


def test_an_agents_request_for_a_file_is_kept_sealed():
    asked = news.FileTransfer("Requested", "https://c.example/up", "https://c.example/cdm", Secret("tok-0001"))
    [kept] = fields_of(None, [news.Event("FileTransfer", "{}", asked)], started=True).values()
    assert "tok-0001" not in kept
    assert file_request.read(kept) == replace(asked, cdm_url="")
    assert file_request.read("") is None


@pytest.mark.parametrize("stage", ["Canceled", "Success", "Failure"])
def test_a_request_for_a_file_is_forgotten_when_it_is_withdrawn_or_served(stage):
    assert fields_of(None, [news.Event("FileTransfer", "{}", news.FileTransfer(stage))], started=True) == {
        "fileRequest": ""
    }


def test_where_salesforce_says_that_the_org_is_served_is_kept():
    moved = news.Event("SwitchServer", "{}", news.Moved("https://d.example/chat"))
    assert fields_of(7, [moved], started=False) == {"offset": "7", "switchTo": "https://d.example/chat"}


def test_every_kind_of_news_is_in_the_table():
    assert {type(item) for item, _ in TABLE} == set(get_args(news.News))


def test_news_move_a_life_only_to_where_some_way_leads():
    for item, _ in TABLE:
        for status in EVERY_STATUS:
            for change in told(item, status=status):
                assert change.to is None or ways_to(change.to)


def test_an_end_is_only_for_lives_that_are_open():
    """changes_for asks for it all the same: that somebody was first is for the store's script to see."""
    for to in FINAL:
        assert not ways_to(to) & FINAL


def test_the_moment_of_acceptance_is_noted_in_milliseconds(monkeypatch):
    monkeypatch.setattr("interconnections.clock.now", lambda: 1772000000123.9)
    event = news.Event("ChatEstablished", "{}", news.AgentJoined("005", "Luz"))
    [change] = changes_for((event,), Status.ON_HOLD, bot(), ConversationState("whatsapp", "Ana"))
    assert change.fields["acceptedAt"] == "1772000000123"


def test_a_user_waits_again_since_the_agent_dropped(monkeypatch):
    monkeypatch.setattr("interconnections.clock.now", lambda: 1772000000123.9)
    event = news.Event("AgentDisconnect", "{}", news.WaitingAgain(dropped=True))
    [change] = changes_for((event,), Status.ACTIVE, bot(), ConversationState("whatsapp", "Ana"))
    assert change.fields["waitingSince"] == "1772000000123"


# Several at once


def test_one_answer_is_read_in_its_order_and_the_status_goes_with_it():
    joined, again = news.AgentJoined("005", "Luz"), news.AgentJoined("006", "Eva")
    changes = told(news.QueueMoved(0, 0), joined, news.WaitingAgain(), again, chat_ended("agent"))
    assert changes == [
        Change(fields={"queuePosition": "0", "estimatedWait": "0"}),
        JOIN,
        Change(fields={"waitingAgain": "1"}),
        Change(fields={"agentID": "006", "agentName": "Eva", "waitingAgain": "0"}),
        closing("agent", Reason.AGENT_ENDED),
    ]


def test_texts_keep_their_order_and_are_not_joined():
    changes = told(*(news.AgentSaid(str(number)) for number in range(17)), status=Status.ACTIVE)
    assert [change.to_user[0].text for change in changes] == [str(number) for number in range(17)]


def test_what_changes_nothing_leaves_no_change():
    assert told(news.Other(), news.AgentTyping(True), news.Other()) == []


def test_an_agents_long_text_is_cut_by_the_users_platform():
    [change] = told(news.AgentSaid("x" * 4100, "Luz"), provider="messenger")
    assert [len(item.text) for item in change.to_user] == [2000, 2000, 100]
    assert {item.name for item in change.to_user} == {"Luz"}


def test_an_answer_keeps_what_it_answers_where_the_phone_shows_it():
    event = news.Event("CONVERSATION_MESSAGE", "{}", news.AgentSaid("Sí", "Luz"), id="e2", answers="e1")
    for platform, answers in (("whatsapp_cloud", "e1"), ("messenger", "e1"), ("yalo", "")):
        [change] = changes_for((event,), Status.ACTIVE, bot(platform=platform), ConversationState("whatsapp", "Ana"))
        assert change.answers == answers


def test_a_past_of_several_messages_comes_before_the_welcome():
    [change] = told(news.AgentJoined("005", "Luz"), past=("Contexto:\nuno", "dos"))
    assert [item.text for item in change.first_to_agent] == ["Contexto:\nuno", "dos", WELCOME.text]


def test_without_a_past_the_welcome_is_alone():
    [change] = told(news.AgentJoined("005", "Luz"), past=())
    assert change.first_to_agent == (WELCOME,)


def test_the_user_is_told_once_that_they_wait():
    first, second = told(news.Queued(2, 0, 0), news.Queued(1, 0, 0))
    assert first.to_user == (WAIT,)
    assert second == Change(fields={"queuePosition": "1"})
    assert told(news.Queued(1, 0, 0), queued=True) == [second]


# What the bot has words for

SPEAKS = bot(
    words={
        "goodbye": "Adiós",
        "noAgent": "Nadie",
        "blocked": "No",
        "agentJoined": "Te atiende %s",
        "transferred": "Sigue %s",
        "backInQueue": "De vuelta a la fila",
        "agentDropped": "Se cortó",
        "userSilent": "Te quedaste callada",
    }
)
SPOKEN = [
    (news.AgentJoined("005", "Luz"), "Te atiende Luz"),
    (news.AgentJoined(), None),
    (news.AgentChanged("005", "Luz"), "Sigue Luz"),
    (news.AgentChanged(), None),
    (news.WaitingAgain(dropped=True), "Se cortó"),
    (news.WaitingAgain(), "De vuelta a la fila"),
    (chat_ended("agent"), "Adiós"),
    (chat_ended("unknown"), "Adiós"),
    (chat_ended("client"), None),
    (chat_ended("clientIdleTimeout"), "Te quedaste callada"),
    (chat_ended("agentsUnavailable"), "Nadie"),
    (chat_refused("Unavailable"), "Nadie"),
    (chat_refused("InternalFailure"), "Nadie"),
    (chat_refused("Blocked"), "No"),
]


@pytest.mark.parametrize(("item", "words"), SPOKEN, ids=repr)
def test_a_user_is_told_in_the_bots_words(item, words):
    """A place for a name that nobody told is not filled with nothing: the sentence is left out."""
    [change] = told(item, status=Status.ACTIVE, whose=SPEAKS)
    assert [each.text for each in change.to_user if each.kind is Kind.TEXT] == ([words] if words else [])


# The queue, with taste

QUEUES = bot(words={"queuePosition": "Tu lugar: %s", "waitTime": "Faltan unos %s"})


def in_queue(*items, **known):
    """What the user reads of the queue."""
    changes = told(*items, whose=QUEUES, **{"queued": True, **known})
    return [item.text for change in changes for item in change.to_user]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (news.QueueMoved(2, 61), "Tu lugar: 2\nFaltan unos 2 min"),
        (news.QueueMoved(2, -1), "Tu lugar: 2"),
        (news.QueueMoved(2, 0), "Tu lugar: 2"),
        (news.QueueMoved(0, 30), "Faltan unos 1 min"),
        (news.Queued(3, 600), "Tu lugar: 3\nFaltan unos 10 min"),
    ],
)
def test_a_place_and_a_time_are_told_where_they_say_something(item, words):
    assert in_queue(item) == [words]


@pytest.mark.parametrize(
    "item", [news.QueueMoved(0, -1), news.QueueMoved(0, 0), news.QueueMoved(-1, -1), news.Queued()]
)
def test_a_queue_that_says_nothing_is_not_told(item):
    assert in_queue(item) == []


def test_a_queue_is_told_on_change_and_not_too_often(monkeypatch):
    clock = iter([0, 1, 59.9, 60, 200, 201, 262])
    monkeypatch.setattr("interconnections.clock.now", lambda: (1772000000 + next(clock)) * 1000)
    places = [9, 8, 7, 6, 6, 5, 5]
    assert in_queue(*(news.QueueMoved(place) for place in places)) == [
        "Tu lugar: 9",
        "Tu lugar: 6",
        "Tu lugar: 5",
    ]


def test_another_worker_goes_on_with_what_was_told(monkeypatch):
    monkeypatch.setattr("interconnections.clock.now", lambda: 1772000060_000)
    told_before = {"queue_told": Told("Tu lugar: 4", 1772000000_000)}
    assert in_queue(news.QueueMoved(4), **told_before) == []
    assert in_queue(news.QueueMoved(3), **told_before) == ["Tu lugar: 3"]
    [change] = told(news.QueueMoved(3), whose=QUEUES, **told_before)
    assert change.fields["queueTold"] == "Tu lugar: 3"
    assert change.fields["queueToldAt"] == "1772000060000"


def test_a_user_whom_an_agent_serves_hears_nothing_of_queues():
    assert in_queue(news.QueueMoved(2), status=Status.ACTIVE) == []
    assert in_queue(news.QueueMoved(2), status=Status.ACTIVE, waiting_again=True) == ["Tu lugar: 2"]
    assert in_queue(news.WaitingAgain(), news.QueueMoved(2), status=Status.ACTIVE) == ["Tu lugar: 2"]


# What the bot's configuration leaves out


def test_empty_templates_are_not_said():
    silent = bot(words={"waitAgent": "", "welcomeTemplate": ""})
    assert told(news.Queued(1, 5, 0), whose=silent) == [Change(fields={"queuePosition": "1"})]
    [joined] = told(news.AgentJoined("005", "Luz"), whose=silent, past=())
    assert joined == Change(to=Status.ACTIVE, fields=SERVING)


def test_a_bot_without_an_address_for_states_gets_none():
    [change] = told(chat_ended("agent"), whose=bot(state_api=""))
    assert change == Change(to=Status.CLOSED, reason=Reason.AGENT_ENDED, fields={"endWord": "agent"}, if_lost=(LOST,))


@pytest.mark.parametrize("status", EVERY_STATUS)
@pytest.mark.parametrize("item", [item for item, _ in TABLE], ids=repr)
def test_without_its_bot_a_chat_goes_on_and_ends(item, status):
    with_bot, without = told(item, status=status), told(item, status=status, whose=None)
    assert [change.to for change in without if change.to] == [change.to for change in with_bot if change.to]
    said = [words for change in without for words in (*change.to_user, *change.first_to_agent)]
    assert all(words.origin in (Origin.AGENT, Origin.USER) or words == PAST for words in said)


# Ends that no event tells


def test_an_end_goes_on_at_the_success_state_at_once():
    assert ended(bot(), Reason.BOT_FINISHED, "client") == closing("client", Reason.BOT_FINISHED)


def test_a_chat_that_salesforce_lost_goes_on_at_the_timeout_state_unless_the_user_is_leaving():
    assert lost(bot(), "session gone") == Change(
        to=Status.CLOSED,
        reason=Reason.LOST,
        fields={"endWord": "session gone"},
        to_user=(TIMEOUT,),
        if_lost=(LOST,),
        unless_leaving=True,
    )


def test_a_failure_goes_on_at_the_timeout_state():
    assert failed(bot(), Reason.START_FAILED, "x") == Change(
        to=Status.FAILED,
        reason=Reason.START_FAILED,
        fields={"endWord": "x"},
        to_user=(TIMEOUT,),
        if_lost=(LOST,),
    )


@pytest.mark.parametrize("make", [ended, lost, failed])
def test_an_end_without_a_bot_tells_nobody(make):
    assert make(None, "x").to_user == ()
