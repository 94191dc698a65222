"""After a hand-over: the new server's list of the conversation against ours (section 6, rulings 18 to 20)."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.desks.desk import Sent
from interconnections.desks.live_agent.comparison import difference
from interconnections.desks.live_agent.events import read_event
from interconnections.desks.news import AgentSaid, Event, Queued, SessionData, mark


def compared(*, sent="", flying=None, heard="", users="", agents="", after=(), queued_before=False):
    """Words stand for texts: the server knows `users` and `agents`, we `sent`, `flying` and `heard`."""
    ours = Sent(
        [(str(number), text) for number, text in enumerate(sent.split())],
        None if flying is None else ("flying", flying),
        [mark(text) for text in heard.split()],
    )
    data = SessionData(tuple((text,) for text in users.split()), tuple((text, "Luz") for text in agents.split()))
    events = [Event(type(news).__name__, "{}", news) for news in after]
    return difference(data, ours, events, queued_before=queued_before)


def said(*texts):
    return [AgentSaid(text, "Luz") for text in texts]


@pytest.mark.parametrize(
    ("sent", "flying", "users", "missing", "arrived"),
    [
        ("a b c", None, "a b c", "", ""),
        ("a b c", None, "a b", "c", ""),
        ("a b c", None, "", "a b c", ""),
        ("", None, "", "", ""),
        ("ok ok", None, "ok", "ok", ""),
        ("ok ok", None, "ok ok", "", ""),
        ("a b", "c", "a b c", "", "flying"),
        ("a b", "c", "a b", "", ""),
        ("a b", "c", "a", "b", ""),
        ("ok", "ok", "ok ok", "", "flying"),
        ("ok", "ok", "ok", "", ""),
        ("a b c", None, "b c", "", ""),  # the server keeps only the latest
        ("a b c d", None, "b c", "d", ""),
        ("a b", "c", "b c", "", "flying"),
    ],
)
def test_what_the_user_said_and_the_server_misses_is_sent_again(sent, flying, users, missing, arrived):
    found = compared(sent=sent, flying=flying, users=users)
    assert [text for _, text in found.missing] == missing.split()
    assert found.arrived == arrived
    assert found.sure


@pytest.mark.parametrize(
    ("heard", "agents", "unseen"),
    [
        ("a b", "a b", ""),
        ("a b", "a b c d", "c d"),
        ("", "a b", "a b"),
        ("", "", ""),
        ("ok", "ok ok", "ok"),
        ("a b c", "b c d", "d"),  # the server keeps only the latest
        ("a b", "", ""),
    ],
)
def test_what_the_agent_said_and_we_never_saw_is_delivered(heard, agents, unseen):
    found = compared(heard=heard, agents=agents)
    assert [text for text, _ in found.unseen] == unseen.split()
    assert {name for _, name in found.unseen} <= {"Luz"}
    assert found.sure


@pytest.mark.parametrize(
    "lists", [{"sent": "a b", "users": "x y"}, {"heard": "a b", "agents": "x y"}, {"sent": "a", "users": "a b"}]
)
def test_lists_that_do_not_meet_change_nothing_and_are_told(lists):
    found = compared(**lists)
    assert not found.sure
    assert (found.missing, found.unseen, found.arrived) == ([], [], "")


@pytest.mark.parametrize("theirs", ["a &lt; b", " a < b\n", "a &#60; b"])
def test_a_text_is_recognised_under_entities_and_without_its_outer_spaces(theirs):
    assert mark(theirs) == mark("a < b")


def test_texts_that_differ_are_told_apart():
    assert len({mark(text) for text in ("a", "A", "a b", "a  b", "ab", "á", "", "👩‍🔬")}) == 8


def test_events_that_repeat_what_the_list_told_are_recognised():
    found = compared(heard="a", agents="a pedido-124", after=said("pedido-124", "c"))
    assert [text for text, _ in found.unseen] == ["pedido-124"]
    assert found.replayed == [mark("pedido-124")]


def test_a_whole_replay_from_the_queue_on_is_recognised():
    found = compared(heard="a", agents="a b", after=[Queued(1), *said("a", "b")], queued_before=True)
    assert found.replayed == [mark("a"), mark("b")]


def test_new_texts_are_no_repeat():
    assert compared(heard="a", agents="a", after=said("b")).replayed == []
    assert compared(heard="a", agents="a b", after=said("c")).replayed == []


@pytest.mark.parametrize("word", ["ok", "sí", "gracias"])
def test_who_says_a_small_word_twice_around_a_hand_over_repeats_nothing(word):
    """Once before it and once after: taken for a repeat, the second was lost, and all that followed was suspected."""
    found = compared(heard="a0", agents=f"a0 {word}", after=said(word, "a3"))
    assert ([text for text, _ in found.unseen], found.replayed) == ([word], [])


few = st.lists(st.sampled_from(["a", "b", "ok"]), max_size=8)


@settings(max_examples=150)
@given(few, st.none() | st.sampled_from(["a", "b", "ok"]), st.data())
def test_whatever_the_server_knows_from_the_start_what_it_lacks_is_sent_once(sent, flying, data):
    everything = sent + ([flying] if flying else [])
    reach = data.draw(st.integers(0, len(everything)))
    found = compared(sent=" ".join(sent), flying=flying, users=" ".join(everything[:reach]))
    assert everything[:reach] + [text for _, text in found.missing] == everything[: max(reach, len(sent))]
    assert bool(found.arrived) == (reach > len(sent))


@settings(max_examples=150)
@given(few, few)
def test_whatever_the_agent_said_meanwhile_is_delivered_once(heard, meanwhile):
    found = compared(heard=" ".join(heard), agents=" ".join(heard + meanwhile))
    assert [text for text, _ in found.unseen] == meanwhile


@pytest.mark.parametrize(
    "words", ["usa <br> aquí", "&amp;lt; raro", 'mira <a href="https://x.mx">esto</a>', "a & b", "&copy=1"]
)
@pytest.mark.parametrize("written", [str, html.escape, lambda words: html.escape(words, quote=False)])
def test_what_users_wrote_is_known_again_however_the_desk_writes_it(words, written):
    rows = [{"type": "Chasitor", "content": written(words)}]
    data = read_event({"type": "ChasitorSessionData", "message": {"chatMessages": rows}}).news
    queued = difference(data, Sent([("1", words), ("2", "la segunda")], None, []), (), queued_before=True)
    assert (queued.missing, queued.sure) == ([("2", "la segunda")], True)
    flying = difference(data, Sent([], ("1", words), []), (), queued_before=True)
    assert flying.arrived == "1"


def test_an_address_that_a_desk_made_a_link_of_is_known_again():
    rows = [{"type": "Chasitor", "content": 'ver <a href="https://x.mx/a">https://x.mx/a</a>'}]
    data = read_event({"type": "ChasitorSessionData", "message": {"chatMessages": rows}}).news
    assert difference(data, Sent([], ("1", "ver https://x.mx/a"), []), (), queued_before=True).arrived == "1"
