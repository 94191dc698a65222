"""The judge is not blind: every way to break the promise is seen in a ledger that shows it."""

from copy import deepcopy
from typing import Any

import pytest

from tests.chaos.ledger import WAITING, WELCOME, Blow, Verdict, judge
from tests.chaos.people import Talk, Word
from tests.chaos.points import Outcome, Point


def a_talk(provider: str = "whatsapp") -> Talk:
    """Two words each way, taken one after the other, and the agent's end."""
    words = [[Word(f"1 {side}{n}", 100 + 20 * n, 110 + 20 * n) for n in range(2)] for side in "ua"]
    return Talk(
        1,
        provider,
        "521",
        "live_agent",
        "chat",
        10,
        20,
        by_user=words[0],
        by_agent=words[1],
        ended="agent",
        whole=True,
    )


LEDGER: dict[str, Any] = {
    "double_polls": 0,
    "chats": [
        {
            "id": "chat", "visitor_name": "Ana 1", "asked": True, "steps": [], "end_reason": "agent",
            "heard": [f"Ana {WELCOME}", "1 u0", "1 u1"], "heard_at": [90, 115, 140], "duplicates": 0, "refusals": [],
            "polled": [[50, 120, "answered", 7], [121, 500, "dropped", 7], [900, 950, "answered", 8]],
        },
    ],
    "users": {
        "521": {
            "texts": [WAITING, "1 a0", "1 a1"], "received_at": [80, 112, 200], "repeated_ids": 0,
            "states": ["from-sf-success"], "states_at": [300],
        }
    },
}  # fmt: skip


@pytest.fixture
def ledger() -> Any:
    return deepcopy(LEDGER)


def judged(ledger: Any, talk: Talk | None = None, *blows: Blow, answers_lost: bool = False) -> Verdict:
    return judge([talk or a_talk()], ledger, list(blows), answers_lost=answers_lost)


def test_a_talk_that_arrived_whole_is_sound(ledger: Any) -> None:
    verdict = judged(ledger)
    assert verdict.sound
    assert verdict.messages == 4


def test_a_word_that_was_taken_and_never_arrived_is_lost(ledger: Any) -> None:
    del ledger["chats"][0]["heard"][1], ledger["chats"][0]["heard_at"][1]
    assert judged(ledger).lost == ["1 u0"]


def test_a_word_that_nobody_answered_for_may_be_missing(ledger: Any) -> None:
    talk = a_talk()
    talk.by_user.append(Word("1 u2", 150))
    assert judged(ledger, talk).sound


def test_a_notice_that_never_came_is_lost(ledger: Any) -> None:
    del ledger["users"]["521"]["texts"][0], ledger["users"]["521"]["received_at"][0]
    assert judged(ledger).lost == [f"Ana 1: {WAITING}"]


@pytest.mark.parametrize(("where", "what"), [("chats", "heard"), ("users", "texts")])
def test_words_in_the_wrong_order_are_seen_on_both_sides(ledger: Any, where: str, what: str) -> None:
    texts = (ledger["chats"][0] if where == "chats" else ledger["users"]["521"])[what]
    texts[1], texts[2] = texts[2], texts[1]
    assert len(judged(ledger).misplaced) == 1


def test_words_that_were_said_at_the_same_time_may_come_in_either_order(ledger: Any) -> None:
    talk = a_talk()
    talk.by_user[0].taken = 200
    texts = ledger["chats"][0]["heard"]
    texts[1], texts[2] = texts[2], texts[1]
    assert judged(ledger, talk).sound


def test_a_word_seen_twice_is_a_duplicate_even_after_a_kill(ledger: Any) -> None:
    ledger["chats"][0]["heard"].append("1 u1")
    ledger["chats"][0]["heard_at"].append(400)
    [duplicate] = judged(ledger, None, Blow("kill -9 worker", 300)).duplicates
    assert duplicate.startswith("1 u1: at ")


BLOWS = {
    "between": (Blow("kill -9 worker", 300), True),
    "after both": (Blow("kill -9 worker", 900), False),
    "a freeze that was over before": (Blow("freeze worker", -1000, back=-500), False),
    "a freeze in which others sent it": (Blow("freeze worker", -1000, back=400), True),
}


@pytest.mark.parametrize("when", BLOWS)
def test_messengers_repeat_is_excused_by_a_blow_between_the_two_only(ledger: Any, when: str) -> None:
    blow, excused = BLOWS[when]
    ledger["users"]["521"]["texts"].append("1 a1")
    ledger["users"]["521"]["received_at"].append(800)
    verdict = judged(ledger, a_talk("messenger"), blow)
    assert verdict.again == (["1 a1"] if excused else [])
    assert len(verdict.duplicates) == (not excused)


def test_a_bot_that_was_never_told_and_a_bot_that_was_told_twice_are_seen(ledger: Any) -> None:
    user = ledger["users"]["521"]
    user["states"], user["states_at"] = ["from-sf-success"] * 2, [300, 400]
    [duplicate] = judged(ledger).duplicates
    assert duplicate.startswith("Ana 1: state: at ")
    user["states"], user["states_at"] = [], []
    assert judged(ledger).not_told == ["Ana 1"]


def test_a_word_told_as_undelivered_that_arrived_is_doubt_after_a_blow_and_else_a_lie(ledger: Any) -> None:
    user = ledger["users"]["521"]
    user["texts"].append("Este mensaje no llegó al agente: “1 u1”")
    user["received_at"].append(500)
    assert judged(ledger, None, Blow("kill -9 worker", 150)).in_doubt == ["told as undelivered: 1 u1"]
    assert not judged(ledger).sound


def test_a_second_chat_is_seen_unless_a_failed_start_took_it_back(ledger: Any) -> None:
    ledger["chats"].append(ledger["chats"][0] | {"id": "other"})
    assert judged(ledger).second_chats == ["Ana 1: 2 chats"]
    ledger["chats"][1]["end_reason"] = "deleted"
    assert judged(ledger).sound


def refusals(*found: tuple[int, str, float]) -> list[Any]:
    return [{"status": status, "path": f"/chat/rest/{noun}", "at": at} for status, noun, at in found]


def test_a_hand_over_that_both_sides_heard_is_counted(ledger: Any) -> None:
    chat = ledger["chats"][0]
    chat["steps"] += [{"what": "handover", "at": at} for at in (100, 200)]
    chat["refusals"] = refusals(
        (503, "System/Messages", 101), (503, "Chasitor/ChatMessage", 102), (503, "System/Messages", 201)
    )
    verdict = judged(ledger)
    assert (verdict.heard_by_both, verdict.sound) == (1, True)


def test_a_reconnect_that_no_hand_over_asked_for_is_excused_by_a_blow_only(ledger: Any) -> None:
    ledger["chats"][0]["refusals"] = refusals((405, "System/ReconnectSession", 120))
    assert not judged(ledger).sound
    assert judged(ledger, None, Blow("kill -9 worker", 100)).sound


def test_a_second_stream_counts_as_a_second_poll(ledger: Any) -> None:
    ledger["chats"][0]["double_streams"] = 1
    assert judged(ledger).double_polls == 1


def test_something_that_nobody_said_is_seen(ledger: Any) -> None:
    ledger["users"]["521"]["texts"][1] = "9 a9"
    verdict = judged(ledger)
    assert verdict.lost == ["1 a0"]
    assert len(verdict.troubles) == 1


def test_a_kill_counts_what_was_on_its_way_and_how_long_nobody_polled(ledger: Any) -> None:
    verdict = judged(ledger, None, Blow("kill -9 worker", 125, {"chat"}, frozenset({7})))
    assert verdict.in_flight == [2]  # "1 u1" and "1 a1", begun at 120
    assert verdict.take_over == [pytest.approx(0.775)]
    assert judged(ledger, None, Blow("kill -9 Redis", 145)).in_flight == [1]
    assert judged(ledger, None, Blow("kill -9 web", 250)).kills_in_flight == 0


ON_THE_WIRE = ["told as undelivered: 1 u1"]


@pytest.mark.parametrize(
    ("point", "in_doubt", "sound"),
    [
        (Point("worker", "POST ChatMessage#2", "after"), ON_THE_WIRE, True),
        (Point("worker", "POST messages#3", "before"), ON_THE_WIRE, True),  # the other lane's word was on the wire
        (Point("worker", "POST messages#3", "before"), 2 * ON_THE_WIRE, False),  # a lane has one there
        (Point("worker", "POST messages#3", "before", "bot"), ON_THE_WIRE, False),  # its end comes behind the word
        (Point("worker", "news#3", "lost"), ON_THE_WIRE, False),  # it lives, and hears what became of the word
        (Point("web", "hear#3", "after"), ON_THE_WIRE, False),  # the web process has none on the wire
    ],
    ids=str,
)
def test_a_word_is_in_doubt_only_where_its_worker_died(point: Point, in_doubt: list[str], sound: bool) -> None:
    assert Outcome(point, True, Verdict(in_doubt=in_doubt)).sound is sound
