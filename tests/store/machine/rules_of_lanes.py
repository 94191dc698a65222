"""Rules: messages are sent, refused, compared after a hand-over."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from interconnections.items import Change, Kind, Lane, Origin
from interconnections.store.lanes import Bucket, Settled, Whose
from interconnections.store.leases import Hold
from tests.store.machine.conversation import INTEGRATION, SALESFORCE
from tests.store.machine.keys import HOUR
from tests.store.machine.stage import (
    CHANGES,
    ENDED,
    ENDINGS,
    FEW_TRIES,
    TALK,
    TOLD_OF_FILE,
    Stage,
    any_lane,
    one_of,
    outcomes,
    seldom,
    some_hold,
    text,
)


class Sending(Stage):
    @precondition(lambda self: self.ready())
    @rule(
        data=st.data(), outcome=outcomes, whose=st.sampled_from(list(Whose)), twice=seldom, paced=seldom, ends=seldom
    )
    def a_message_is_sent(
        self, data: st.DataObject, outcome: str, whose: Whose, twice: bool, paced: bool, ends: bool
    ) -> None:
        """Taken, and settled with an outcome, unless its sender dies in between.

        `ends`: the chat does while this is on the wire; `twice`: the answer to settling was lost.
        """
        hold, lane = data.draw(st.sampled_from(self.ready()))
        limits = (Bucket("pair", "pair", 2, HOUR), Bucket("bot", "bot", 3, HOUR)) if paced else ()
        answer = self.both("take", hold, lane, None, limits)
        if answer[0] != "item" or outcome == "died":
            return
        file = self.model.chats[hold.id].said[answer[1] - 1].item.kind is Kind.FILE
        if (outcome == "rebind" and (file or lane is not SALESFORCE)) or (outcome == "replaced" and not file):
            return
        settled = self.settled(hold, answer[1], outcome, whose)
        if ends:
            self.both("change", hold, ENDINGS[data.draw(one_of(ENDINGS))])
        for _ in range(1 + twice):
            self.both("take", hold, lane, settled, limits)

    @precondition(some_hold)
    @rule(
        data=st.data(),
        name=one_of(TALK),
        outcome=st.sampled_from(["delivered", "retry", "dead", "died"]),
        paced=seldom,
    )
    def what_a_poll_brings_is_sent_at_once(self, data: st.DataObject, name: str, outcome: str, paced: bool) -> None:
        """By the worker that brings it: taken as it is stored."""
        hold = self.hold(data)
        chat = self.model.chats[hold.id]
        limits = (Bucket("pair", "pair", 2, HOUR), Bucket("bot", "bot", 3, HOUR)) if paced else ()
        told = self.both("news", hold, chat.epoch, chat.ack, chat.ack + 1, [CHANGES[name]], takes=limits)
        if (head := told[-1])[:1] == ("item",) and outcome != "died":
            self.both("take", hold, INTEGRATION, self.settled(hold, head[1], outcome), limits)

    def settled(self, hold: Hold, number: int, outcome: str, whose: Whose = Whose.MESSAGE) -> Settled:
        chat = self.model.chats[hold.id]
        message = chat.said[number - 1]
        if chat.tries[message.lane] >= FEW_TRIES:
            whose = Whose.MESSAGE  # what is refused alone, often, is given up by the clock: see test_shores.py
        return Settled(
            str(number),
            outcome,
            {"retry": str(HOUR), "dead": "answered 400", "rebind": str(chat.sequence + 2)}.get(outcome, ""),
            ENDED if message.item.kind is Kind.END else TOLD_OF_FILE if message.item.kind is Kind.FILE else None,
            why="answered 503",
            whose=whose,
            told=(text("no llegó"),) if message.item.origin in (Origin.USER, Origin.AGENT) else (),
            delivery_limit=HOUR if number % 2 else 0,
            goodbye_limit=HOUR,
        )

    @precondition(some_hold)
    @rule(data=st.data(), arrived=st.booleans(), missing=st.integers(0, 2))
    def the_servers_are_compared(self, data: st.DataObject, arrived: bool, missing: int) -> None:
        """After a hand-over: what was in flight arrived or not, what is missing goes again, before all else."""
        hold = self.hold(data)
        chat = self.model.chats[hold.id]
        sent = [str(m.number) for m in chat.said if m.lane is SALESFORCE and m.fate == "delivered"][-missing:]
        change = Change(
            fields={"handover": "resync", "inFlight": ""},
            arrived=chat.fields.get("inFlight", "") if arrived else "",
            first_to_agent=tuple(self.said()[0] for _ in sent[:missing]),
            sent_again=tuple(sent[:missing]),
        )
        self.both("news", hold, chat.epoch, chat.ack, chat.ack + 1, [change])

    @precondition(some_hold)
    @rule(data=st.data(), lane=any_lane)
    def a_lane_is_emptied(self, data: st.DataObject, lane: Lane) -> None:
        """As workers do when all is well."""
        hold = self.hold(data)
        answer = self.both("take", hold, lane, None, ())
        while answer[0] == "item":
            answer = self.both("take", hold, lane, self.settled(hold, answer[1], "delivered"), ())

    @precondition(lambda self: self.ready())
    @rule(data=st.data(), better=st.booleans())
    def a_shore_is_unwell_for_a_while(self, data: st.DataObject, better: bool) -> None:
        """It asks for a pause, all keep it, one tries for all."""
        hold, lane = data.draw(st.sampled_from(self.ready()))
        answer = self.both("take", hold, lane, None, ())
        if answer[0] == "item":
            self.both("take", hold, lane, self.settled(hold, answer[1], "retry", Whose.ASKED), ())
        for other in self.model.holds():
            self.both("take", other, lane, None, ())
        self.passes(hold.id)
        answer = self.both("take", hold, lane, None, ())
        if answer[0] == "item":
            self.both("take", hold, lane, self.settled(hold, answer[1], "delivered" if better else "retry"), ())
