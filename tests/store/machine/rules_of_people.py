"""Rules: users, bots and supervisors, and the time that passes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from interconnections.items import Lane
from interconnections.lifecycle import FINAL, OPEN
from interconnections.store.keys import key
from tests.store.machine.conversation import Place
from tests.store.machine.stage import CHANGES, Stage, places, some_chat, some_hold


class Talking(Stage):
    @rule(
        place=places,
        origin=st.sampled_from(["user", "user", "user", "bot"]),
        message=st.integers(0, 9),
        pieces=st.sampled_from([1, 2, 0]),
    )
    def something_is_heard(self, place: Place, origin: str, message: int, pieces: int) -> None:
        """Message 0 carries no id; any other may be a repeat."""
        self.both("hear", place, f"m{message}" if message else "", origin, *self.said(pieces=pieces))

    @rule(place=places, message=st.integers(1, 9), times=st.integers(1, 2))
    def a_user_leaves_by_a_word(self, place: Place, message: int, times: int) -> None:
        """A repeat leaves nothing, whatever was opened meanwhile."""
        for _ in range(times):
            self.both("hear", place, f"m{message}", "user", *self.said(), leaves="user left")

    @precondition(some_hold)
    @rule(data=st.data(), pieces=st.integers(1, 3), photo=st.booleans())
    def the_two_talk(self, data: st.DataObject, pieces: int, photo: bool) -> None:
        """As nearly always: an agent is there, and both say something."""
        hold = self.hold(data)
        chat = self.model.chats[hold.id]
        changes = [CHANGES["joined"], CHANGES["waits no more"], CHANGES["hand-over done"], CHANGES["agent said"]]
        self.both("news", hold, chat.epoch, chat.ack, chat.ack + 1, changes)
        self.both("hear", chat.place, "", "user", *([self.photo()] if photo else []), *self.said(pieces=pieces))

    @precondition(some_chat)
    @rule(data=st.data())
    def somebody_hangs_up(self, data: st.DataObject) -> None:
        self.both("hang_up", self.chat(data, status=OPEN).id, "user left")

    @precondition(lambda self: self.model.letters())
    @rule(data=st.data())
    def a_dead_letter_is_sent_by_hand(self, data: st.DataObject) -> None:
        self.both("resend", *data.draw(st.sampled_from(self.model.letters())))

    @rule()
    def somebody_looks_for_what_is_stuck(self) -> None:
        self.both("mend")

    @precondition(lambda self: any(c.wait(lane) == "later" for c in self.model.chats.values() for lane in Lane))
    @rule(data=st.data())
    def time_passes(self, data: st.DataObject) -> None:
        self.passes(self.chat(data).id)

    def passes(self, id: str) -> None:
        self.model.waits_end(id)
        self.real.waits_end(id)

    @precondition(lambda self: any(c.status in FINAL for c in self.model.chats.values()))
    @rule(data=st.data())
    def a_retention_ends(self, data: st.DataObject) -> None:
        chat = self.chat(data, status=FINAL)
        self.model.purge(chat.id)
        self.real.purge(chat.id)
        self.read()
        letters = {key("dead")}  # they stay, for whoever has to know
        left = {n: v for n, v in self.there.items() if chat.id in f"{n} {v}" and n not in letters}
        turns = (key("queue", ""), key("turns", ""))  # who does not come for a turn loses it, see shared/shore.lua
        assert not {name: value for name, value in left.items() if not name.startswith(turns)}
