"""Rules: bots connect, and starts end or do not."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from interconnections.lifecycle import Status
from tests.store.machine.conversation import STARTING, Place
from tests.store.machine.stage import (
    CHANGES,
    JOINED,
    PLACES,
    PROVIDERS,
    STATE_LATER,
    Stage,
    places,
    some_chat,
    tokens,
)


class Connecting(Stage):
    @initialize()
    def two_are_talking(self) -> None:
        self.connects(PLACES[0])
        self.both("beat", "w1", 9, 9)
        for hold in self.model.holds():
            self.both("change", hold, JOINED)

    @precondition(lambda self: not all(self.model.open_at(place) for place in PLACES))
    @rule(data=st.data())
    def a_user_connects(self, data: st.DataObject) -> None:
        self.connects(data.draw(st.sampled_from([place for place in PLACES if not self.model.open_at(place)])))

    def connects(self, place: Place) -> None:
        """The whole of it, as nearly always."""
        if not self.model.workers:
            self.both("beat", "w1", 0, 0)
        if self.both("reserve", place, "t0") == ("reserved",):
            self.words += 1
            self.both("store", place, "t0", f"s{self.words:03}", PROVIDERS[place[0]], Status.ON_HOLD)
            self.both("started", self.model.latest[place])

    @rule(
        place=places,
        token=tokens,
        then=st.sampled_from(["nothing", "store", "fail", "tell", "give up", "late", "dies"]),
    )
    def a_connect_goes_half_way(self, place: Place, token: str, then: str) -> None:
        self.both("reserve", place, token)
        if then == "give up":
            self.both("unreserve", place, token)
        elif then in ("late", "dies"):
            self.model.reservation_ends(place)
            self.real.reservation_ends(place)
        if then in ("store", "fail", "tell", "late"):
            self.words += 1
            status = Status.FAILED if then in ("fail", "tell") else Status.ON_HOLD
            said = [STATE_LATER] if then == "tell" else []
            for _ in range(2):  # the first answer was lost
                self.both("store", place, token, f"s{self.words:03}", PROVIDERS[place[0]], status, *said)

    @rule(place=places, token=tokens)
    def a_start_does_a_step(self, place: Place, token: str) -> None:
        """Or its starter wakes up, and learns that it is another's."""
        self.both("step", place, token)

    @precondition(lambda self: self.model.unheard)
    @rule()
    def somebody_goes_on_with_dead_starts(self) -> None:
        """Each look is under a token of its own, by which its repeat is known, too."""
        while place := self.both("take_over", token := f"look {next(self.looks)}"):
            assert self.both("take_over", token) == place
            self.both("step", place, token)

    @precondition(some_chat)
    @rule(data=st.data(), how=st.sampled_from(["started", "refused", "late"]))
    def a_start_ends(self, data: st.DataObject, how: str) -> None:
        """Or does not, because somebody did it before."""
        chat = self.chat(data, carrier=STARTING)
        if how == "refused":
            self.both("end_start", chat.id, CHANGES["no agent"])
        elif how == "started":
            self.both("started", chat.id)
        elif chat.carrier == STARTING:
            self.model.starter_is_late(chat.id)
            self.real.starter_is_late(chat.id)
