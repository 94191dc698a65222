"""The store's scripts against a model: whatever users, agents, workers and time do, both say the same.

tests/store/model.py is what the store should be, tests/store/real.py the store.  A rule is a deed, done to both;
after each the whole of Redis is read and must be the picture that the model draws, and keep the laws below, which
ask Redis alone.  MACHINE_EXAMPLES=2000 makes it a long run, which also takes the time to make a failure small.
"""

import itertools
import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interconnections.items import Change, File, Item, Kind, Lane, Origin
from interconnections.lifecycle import FINAL, OPEN, Status
from interconnections.store.keys import key
from interconnections.store.lanes import Bucket, Settled, Whose
from interconnections.store.leases import Hold
from tests.store.model import INTEGRATION, SALESFORCE, STARTING, Answer, Chat, Fate, Model, Place
from tests.store.real import HOUR, SETTLING, Real

LONG_RUN = int(os.environ.get("MACHINE_EXAMPLES", "0"))
PROVIDERS = {"tienda": "whatsapp", "banco": "messenger"}
PLACES = [("tienda", "ana"), ("tienda", "leo"), ("banco", "ana")]
WORKERS = ["w1", "w2", "w3"]

places = st.sampled_from(PLACES)
workers = st.sampled_from(WORKERS)
tokens = st.sampled_from(["t1", "t2"])
any_lane = st.sampled_from(list(Lane))
outcomes = st.sampled_from(["delivered", "retry", "dead", "rebind", "replaced", "died"])


def text(words: str, origin: Origin = Origin.BRIDGE, delay: int = 0) -> Item:
    return Item(Kind.TEXT, origin, words, delay)


TOLD_OF_FILE = Change(first_to_agent=(text("la foto"),), to_user=(text("recibida"),))
STATE = Item(Kind.STATE, Origin.BRIDGE, "from-sf-success")
STATE_LATER = Item(Kind.STATE, Origin.BRIDGE, "from-sf-timeout", HOUR)
ENDED = Change(to=Status.CLOSED, reason="agent ended", to_user=(text("adiós"),))
JOINED = Change(to=Status.ACTIVE, fields={"waitingAgain": "0"}, first_to_agent=(text("contexto"), text("bienvenida")))
TALK = {
    "joined": JOINED,
    "agent said": Change(to_user=(text("hola", Origin.AGENT),), agent_said=("mark",)),
    "notices": Change(to_user=(text("un"), text("dos"))),
    "state": Change(to_user=(STATE_LATER,)),
}
STAGES = {  # what may be said twice without harm
    "waits again": Change(fields={"waitingAgain": "1"}),
    "waits no more": Change(fields={"waitingAgain": "0"}),
    "handed over": Change(fields={"handover": "reconnect"}),
    "hand-over done": Change(fields={"handover": ""}),
}
ENDINGS = {
    "ended": ENDED,
    "gone": Change(to=Status.CLOSED, reason="gone", to_user=(text("adiós"), STATE), if_lost=(text("se perdió"),)),
    "silence": Change(to=Status.CLOSED, reason="silence"),
    "lost": Change(to=Status.CLOSED, reason="lost", to_user=(text("perdido"), STATE_LATER), unless_leaving=True),
    "no agent": Change(to=Status.FAILED, reason="no agent", to_user=(text("nadie"), STATE_LATER)),
}
CHANGES = TALK | STAGES | ENDINGS
FEW_TRIES = 6
seldom = st.integers(0, 7).map(lambda n: n == 0)


def one_of(names: dict[str, Change]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(names))


class Store(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model, self.real = Model(), Real()
        self.words = 0
        self.looks = itertools.count()
        self.old: list[Hold] = []  # every hold that somebody ever had

    def teardown(self) -> None:
        self.real.close()

    def both(self, deed: str, *arguments: object, **named: object) -> Answer:
        expected = getattr(self.model, deed)(*arguments, **named)
        answer = getattr(self.real, deed)(*arguments, **named)
        assert answer == expected, f"{deed}{arguments}"
        return answer

    def read(self) -> None:
        self.there = self.real.everything()
        self.seen = self.real.picture(self.there)

    def said(self, origin: Origin = Origin.USER, pieces: int = 1) -> list[Item]:
        self.words += 1
        return [text(f"{self.words}.{piece}", origin) for piece in range(pieces)]

    def photo(self) -> Item:
        self.words += 1
        return Item(Kind.FILE, Origin.USER, f"{self.words}", file=File("https://c.test/a", "image"))

    # Who can be asked for

    def chat(self, data: st.DataObject, *, carrier: str = "", status: frozenset[Status] = frozenset(Status)) -> Chat:
        """One of those that fit, else any."""
        chats = self.model.chats
        fitting = [id for id, c in chats.items() if carrier in ("", c.carrier) and c.status in status]
        return chats[data.draw(st.sampled_from(fitting or sorted(chats)))]

    def hold(self, data: st.DataObject) -> Hold:
        hold: Hold = data.draw(st.sampled_from(self.model.holds()))
        if hold not in self.old:
            self.old.append(hold)
        return hold

    def ready(self) -> list[tuple[Hold, Lane]]:
        """Lanes whose head may go now, with who may send it."""
        return [(h, lane) for h in self.model.holds() for lane in Lane if self.model.chats[h.id].wait(lane) == "now"]

    def some_chat(self) -> bool:
        return bool(self.model.chats)

    def some_hold(self) -> bool:
        return bool(self.model.holds())

    # Starts

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

    # Users and bots

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

    # Workers

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

    # Owners' writes

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
        if (outcome == "rebind" and (file or lane is INTEGRATION)) or (outcome == "replaced" and not file):
            return
        settled = self.settled(hold, answer[1], outcome, whose)
        if ends:
            self.both("change", hold, ENDINGS[data.draw(one_of(ENDINGS))])
        for _ in range(1 + twice):
            self.both("take", hold, lane, settled, limits)

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
    @rule(data=st.data(), reset=st.booleans(), switch=st.booleans())
    def another_server_has_it(self, data: st.DataObject, reset: bool, switch: bool) -> None:
        hold = self.hold(data)
        if switch:
            self.both("switched", hold)
        else:
            self.both("reconnected", hold, reset)

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

    # Supervisors

    @precondition(lambda self: self.model.letters())
    @rule(data=st.data())
    def a_dead_letter_is_sent_by_hand(self, data: st.DataObject) -> None:
        self.both("resend", *data.draw(st.sampled_from(self.model.letters())))

    @rule()
    def somebody_looks_for_what_is_stuck(self) -> None:
        self.both("mend")

    # Time

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
        assert not [
            name for name, value in self.there.items() if chat.id in f"{name} {value}" and name not in letters
        ]

    # Laws

    @invariant()
    def the_laws_hold(self) -> None:
        self.read()
        self.the_store_is_as_the_model_says()
        self.everything_stored_waits_or_was_delivered_or_is_dead_exactly_once()
        self.what_users_say_keeps_its_order()
        self.a_lane_is_looked_at_when_its_head_may_go()
        self.everybody_who_needs_an_owner_has_one_or_waits_for_one()
        self.tokens_are_gone_when_it_is_over()
        self.nothing_waits_for_an_agent_who_is_gone()
        self.counters_add_up()

    def the_store_is_as_the_model_says(self) -> None:
        expected = self.model.picture()
        for part, there in expected.items():
            assert_same(self.seen[part], there, part)

    def everything_stored_waits_or_was_delivered_or_is_dead_exactly_once(self) -> None:
        letters = [(id, number) for id, _, number, _ in self.seen["dead"]]
        assert len(letters) == len(set(letters))
        for id, chat in self.seen["chats"].items():
            stored, settled = self.record(id)
            fates = dict(settled)
            ends = [number for number, fate in fates.items() if fate == "delivered"]
            dead = [number for number, fate in fates.items() if fate == "given up"]
            replaced = [number for number, fate in fates.items() if fate == "replaced"]
            waiting = [number for lane in Lane for number in chat["lanes"][lane]]
            assert sorted(ends + dead + replaced + waiting) == sorted(stored) == list(range(1, len(stored) + 1))
            assert sorted(number for number, fate in settled if fate == "delivered") == sorted(ends)  # nothing twice
            assert sorted(dead) == sorted(number for of, number in letters if of == id)

    def what_users_say_keeps_its_order(self) -> None:
        for id, chat in self.seen["chats"].items():
            stored, settled = self.record(id)
            apart = {number for number, fate in settled if fate == "sent by hand"}
            if any(entry.get("checkpoint") == "sent again" for entry in self.there.get(key("messages", id), [])):
                continue  # under new numbers, before all else
            line = [number for number, fate in settled if fate == "delivered"] + chat["lanes"][SALESFORCE]
            line = [number for number in line if stored[number].origin is Origin.USER and number not in apart]
            assert line == sorted(line)

    def record(self, id: str) -> tuple[dict[int, Item], list[tuple[int, str]]]:
        """What was stored, by number; and what became of it, in order."""
        record = self.there.get(key("messages", id), [])
        stored = {int(entry["number"]): Item.decoded(entry["item"]) for entry in record if "item" in entry}
        return stored, [(int(e["number"]), e["checkpoint"]) for e in record if e.get("checkpoint") in SETTLING]

    def a_lane_is_looked_at_when_its_head_may_go(self) -> None:
        for chat in self.model.chats.values():
            for lane in Lane:
                if chat.carrier in self.model.workers and not chat.put_off[lane]:
                    assert ((lane, chat.id) in self.seen["due now"]) == (chat.wait(lane) == "now")

    def everybody_who_needs_an_owner_has_one_or_waits_for_one(self) -> None:
        owned = [id for ids in self.seen["owned"].values() for id in ids]
        assert len(owned) == len(set(owned))
        assert {id: name for name, ids in self.seen["owned"].items() for id in ids} == {
            id: chat["owner"] for id, chat in self.seen["chats"].items() if chat["owner"]
        }
        for id, chat in self.seen["chats"].items():
            carried = (id in owned) + (id in self.seen["free"]) + (id in self.seen["starting"])
            over = chat["status"] in FINAL and not any(chat["lanes"].values()) and not chat["uncertain"]
            assert carried <= 1
            assert carried or over

    def tokens_are_gone_when_it_is_over(self) -> None:
        for chat in self.seen["chats"].values():
            assert chat["tokens"] == (chat["status"] not in FINAL)

    def nothing_waits_for_an_agent_who_is_gone(self) -> None:
        for chat in self.seen["chats"].values():
            assert chat["status"] not in FINAL or not chat["lanes"][SALESFORCE]

    def counters_add_up(self) -> None:
        counts, every = self.seen["counters"], [*self.model.chats.values(), *self.model.forgotten]
        for lane in Lane:
            settled = counts.get(f"delivered:{lane}", 0) + counts.get(f"dead:{lane}", 0)
            waiting = sum(len(chat["lanes"][lane]) for chat in self.seen["chats"].values())
            done = sum(m.fate in (Fate.DONE, Fate.REPLACED) for chat in every for m in chat.said if m.lane is lane)
            came = counts.get(f"stored:{lane}", 0) + counts.get(f"sent by hand:{lane}", 0)
            assert came == settled + waiting + done


def assert_same(seen: object, wanted: object, where: str) -> None:
    """Down to the smallest part that differs."""
    if isinstance(seen, dict) and isinstance(wanted, dict) and set(seen) == set(wanted):
        for name in wanted:
            assert_same(seen[name], wanted[name], f"{where}, {name}")
    else:
        assert seen == wanted, where


@pytest.mark.timeout(900)  # making a failure small takes a while
def test_whatever_happens_the_store_does_what_its_model_does() -> None:
    run_state_machine_as_test(
        Store,
        settings=settings(
            max_examples=LONG_RUN or 25,
            stateful_step_count=50,
            deadline=None,
            phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if LONG_RUN else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
