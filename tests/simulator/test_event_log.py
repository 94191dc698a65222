"""Events, acks and offsets (§5)."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulator.bell import Bell
from simulator.desk.chat import Status
from simulator.live_agent import server_handover
from simulator.live_agent.chat import Chat, Handover
from simulator.live_agent.event_log import EventLog
from simulator.protocol_options import Rules


def log_of(count: int, **rules) -> EventLog:
    log = EventLog(Rules(**rules))
    for number in range(count):
        log.append({"type": f"E{number}"})
    return log


def types(answer) -> list[str]:
    return [event["type"] for event in answer["messages"]] if answer else []


def test_the_answer_has_everything_after_the_ack_and_the_number_of_the_last():
    answer = log_of(3).answer(1)
    assert types(answer) == ["E1", "E2"]
    assert answer["sequence"] == 3


def test_there_is_no_answer_when_nothing_is_after_the_ack():
    assert log_of(3).answer(3) is None


def test_an_ack_that_does_not_advance_gets_the_same_again():
    log = log_of(2)
    assert log.answer(-1)["messages"] == log.answer(-1)["messages"]


def test_a_sequence_of_zero_is_a_number_like_any_other():
    log = log_of(1, first_sequence=0)
    assert log.answer(-1)["sequence"] == 0
    assert log.answer(0) is None


def test_numbers_need_not_go_up_by_one():
    log = log_of(3, first_sequence=4, sequence_step=5)
    assert log.answer(-1)["sequence"] == 14
    assert types(log.answer(4)) == ["E1", "E2"]


def test_an_answer_carries_no_more_events_than_the_switch_allows():
    log = log_of(5, events_per_answer=2)
    assert types(log.answer(-1)) == ["E0", "E1"]
    assert types(log.answer(2)) == ["E2", "E3"]


def test_the_offset_is_always_sometimes_or_never_there():
    assert log_of(1).answer(-1)["offset"] > 0
    assert log_of(1, offset="zero").answer(-1)["offset"] == 0
    sometimes = log_of(1, offset="sometimes")
    assert ["offset" in sometimes.answer(-1) for _ in range(3)] == [True, False, True]


def test_confirmed_events_are_replayed_to_an_ack_of_minus_one_unless_the_switch_forgets_them():
    for rule_, expected in (("kept", ["E0", "E1"]), ("forgotten", [])):
        log = log_of(2, confirmed_events=rule_)
        log.answer(-1)
        log.confirm(2)
        assert types(log.answer(-1)) == expected


def test_an_ack_confirms_nothing_that_was_never_handed_out():
    log = log_of(3, confirmed_events="forgotten")
    log.confirm(3)
    assert types(log.answer(-1)) == ["E0", "E1", "E2"]


def test_an_ack_ahead_of_the_log_is_taken_at_its_word_or_replays():
    assert log_of(3).answer(12) is None
    assert types(log_of(3, ack_ahead="replay").answer(12)) == ["E0", "E1", "E2"]


class CarefulClient(RuleBasedStateMachine):
    """A client that follows §5 and §6 against the chat's own rules: answers get lost, servers change.

    What it must see: everything the agents said, once, in order.
    """

    @initialize(
        limit=st.sampled_from([None, 1, 3]),
        first=st.sampled_from([0, 1, 7]),
        step=st.sampled_from([1, 4]),
        confirmed=st.sampled_from(["kept", "forgotten"]),
        after=st.sampled_from(["unseen", "unseen_with_texts", "all", "nothing"]),
        data=st.sampled_from(["first", "second"]),
    )
    def open(self, limit, first, step, confirmed, after, data):
        rules = Rules(
            events_per_answer=limit,
            first_sequence=first,
            sequence_step=step,
            confirmed_events=confirmed,
            after_handover=after,
            session_data=data,
            html_entities="none",
        )
        self.chat = Chat(rules=rules, version=58, origin="http://x", floor_bell=Bell(), tally=Counter())
        self.chat.status = Status.WAITING
        self.chat.acts.accept()
        self.said: list[str] = []
        self.seen: list[str] = []
        self.ack, self.offset = -1, 0
        self.reconciled = True  # since the last hand-over

    @rule()
    def the_agent_speaks(self):
        text = f"text {len(self.said)}"
        self.chat.acts.say(text)
        self.said.append(text)

    @rule()
    def the_agent_types(self):
        self.chat.acts.typing(True)

    @rule(lost=st.booleans())
    def poll(self, lost):
        if self.chat.handover is Handover.MOVED:
            return self.reconnect(lost)
        self.chat.log.confirm(self.ack)
        answer = self.chat.log.answer(self.ack)
        if answer is None or lost:
            return None
        for event in answer["messages"]:
            self.take(event)
        self.ack, self.offset = answer["sequence"], answer["offset"]
        return None

    @rule()
    def the_server_changes(self):
        server_handover.begin(self.chat)
        self.reconciled = False

    def reconnect(self, lost):
        server_handover.reconnect(self.chat, self.offset)
        if lost:
            self.chat.handover = Handover.MOVED  # as if it had to be asked again
            return
        self.chat.handover = Handover.NONE
        self.ack = -1

    def take(self, event):
        if event["type"] == "ChasitorSessionData":
            texts = [one["content"] for one in event["message"]["chatMessages"] if one["type"] == "Agent"]
            self.seen += texts[len(self.seen) :]  # ordered lists: two equal texts are two
            self.reconciled = True
        elif event["type"] == "ChatMessage" and event["message"]["text"] not in self.seen:
            self.seen.append(event["message"]["text"])  # unique texts: a replay is recognised

    @invariant()
    def nothing_is_doubled_or_out_of_order(self):
        assert self.seen == self.said[: len(self.seen)]

    def teardown(self):
        if not hasattr(self, "chat"):
            return
        for _ in range(2 * len(self.said) + 200):
            self.poll(lost=False)
        assert self.reconciled
        assert self.seen == self.said


CarefulClient.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestCarefulClient = CarefulClient.TestCase
