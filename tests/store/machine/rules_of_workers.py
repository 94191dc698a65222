"""Rules: workers come, claim and go; polls bring news, and old fences write nothing."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from interconnections.items import Lane
from interconnections.store.lanes import Settled
from interconnections.store.leases import Hold
from tests.store.machine.conversation import SALESFORCE
from tests.store.machine.stage import (
    CHANGES,
    ENDINGS,
    STAGES,
    TALK,
    WORKERS,
    Stage,
    any_lane,
    one_of,
    seldom,
    some_hold,
    workers,
)


class Working(Stage):
    @rule(worker=workers, most=st.sampled_from([9, 1]), capacity=st.sampled_from([9, 2, 0]))
    def a_worker_beats(self, worker: str, most: int, capacity: int) -> None:
        self.both("beat", worker, most, capacity)

    @precondition(lambda self: self.model.workers)
    @rule(data=st.data(), noticed_by=st.sampled_from([*WORKERS, ""]))
    def a_lease_ends(self, data: st.DataObject, noticed_by: str) -> None:
        worker = data.draw(st.sampled_from(sorted(self.model.workers)))
        self.model.lease_ends(worker)
        self.real.lease_ends(worker)
        if noticed_by:
            self.both("beat", noticed_by, 9, 9)

    @precondition(some_hold)
    @rule(data=st.data(), leaving=seldom, some=st.integers(0, 3))
    def a_worker_gives_back(self, data: st.DataObject, leaving: bool, some: int) -> None:
        worker = self.hold(data).worker
        holds = [hold for hold in self.model.holds() if hold.worker == worker][:some]
        self.both("release", worker, holds, leaving)

    @precondition(some_hold)
    @rule(data=st.data(), names=st.lists(one_of(TALK | STAGES), max_size=3), stale=seldom)
    def a_poll_brings_news(self, data: st.DataObject, names: list[str], stale: bool) -> None:
        hold = self.hold(data)
        chat = self.model.chats[hold.id]
        used = (
            (chat.epoch, chat.ack) if not stale else data.draw(st.sampled_from([(0, -1), (1, -1), (chat.epoch, 0)]))
        )
        self.both("news", hold, *used, used[1] + 1, [CHANGES[name] for name in names])

    @precondition(some_hold)
    @rule(data=st.data(), name=one_of(STAGES), twice=st.booleans())
    def something_changes(self, data: st.DataObject, name: str, twice: bool) -> None:
        hold = self.hold(data)
        for _ in range(1 + twice):
            self.both("change", hold, CHANGES[name])

    @precondition(some_hold)
    @rule(data=st.data(), name=one_of(ENDINGS), polled=st.booleans(), twice=st.booleans(), flying=st.booleans())
    def it_ends(self, data: st.DataObject, name: str, polled: bool, twice: bool, flying: bool) -> None:
        """`flying`: with a message to the agent on the wire."""
        hold = self.hold(data)
        chat = self.model.chats[hold.id]
        epoch, ack = chat.epoch, chat.ack
        if flying:
            self.both("take", hold, SALESFORCE, None, ())
        for _ in range(1 + twice):
            if polled:
                self.both("news", hold, epoch, ack, ack + 1, [CHANGES[name], CHANGES["agent said"]])
            else:
                self.both("change", hold, CHANGES[name])

    @precondition(lambda self: self.uncertain())
    @rule(data=st.data(), outcome=st.sampled_from(["delivered", "retry", "dead"]))
    def what_was_on_the_wire_is_answered(self, data: st.DataObject, outcome: str) -> None:
        hold, number = data.draw(st.sampled_from(self.uncertain()))
        self.both("take", hold, SALESFORCE, self.settled(hold, number, outcome), ())

    def uncertain(self) -> list[tuple[Hold, int]]:
        chats = self.model.chats
        return [(hold, flying.number) for hold in self.model.holds() if (flying := chats[hold.id].uncertain)]

    @precondition(some_hold)
    @rule(data=st.data(), way=st.sampled_from(["same", "reset", "switch"]), flying=st.booleans(), noted=st.booleans())
    def another_server_has_it(self, data: st.DataObject, way: str, flying: bool, noted: bool) -> None:
        """Something may be in flight, and news may put a note before what waits, until the servers are compared."""
        hold = self.hold(data)
        if flying:
            self.both("take", hold, SALESFORCE, None, ())
        if way == "switch":
            self.both("switched", hold)
        else:
            self.both("reconnected", hold, way == "reset")
        if noted:
            chat = self.model.chats[hold.id]
            self.both("news", hold, chat.epoch, chat.ack, chat.ack + 1, [CHANGES["not shown"]])

    @precondition(lambda self: self.old)
    @rule(data=st.data(), lane=any_lane, name=one_of(CHANGES))
    def an_old_fence_writes_nothing(self, data: st.DataObject, lane: Lane, name: str) -> None:
        hold = data.draw(st.sampled_from(self.old))
        if hold in self.model.holds():
            return
        before = self.real.everything()
        head = self.model.chats[hold.id].lanes[lane][:1] if hold.id in self.model.chats else []
        self.both("take", hold, lane, Settled(str(head[0].number) if head else "1", "delivered"), ())
        self.both("change", hold, CHANGES[name])
        self.both("news", hold, 0, -1, 0, [CHANGES[name]])
        self.both("reconnected", hold, True)
        self.both("switched", hold)
        self.both("release", hold.worker, [hold], False)
        assert self.real.everything() == before
