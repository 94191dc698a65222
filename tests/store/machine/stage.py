"""The machine's stage: the model and the store, a deed done to both, and who can be asked for."""

import itertools

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from interconnections.bot_events import BotEvent, EventType
from interconnections.errors import StoreAway
from interconnections.items import Change, File, Item, Kind, Lane, Origin
from interconnections.lifecycle import Status
from interconnections.store.leases import Hold
from tests.store.machine.conversation import Answer, Chat
from tests.store.machine.keys import HOUR
from tests.store.machine.model import Model
from tests.store.machine.real import Real

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
    "not shown": Change(first_to_agent=(text("no se le mostró"),), to_user=(text("no se muestra aquí"),)),
    "event": Change(to_bot=(BotEvent(EventType.WAITING), BotEvent(EventType.ACCEPTED))),
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
    "told": Change(to=Status.CLOSED, reason="told", to_user=(text("adiós"),), to_bot=(BotEvent(EventType.ENDED),)),
    "told later": Change(to=Status.FAILED, reason="told", to_bot=(BotEvent(EventType.FAILED, delay=HOUR),)),
    "no agent": Change(to=Status.FAILED, reason="no agent", to_user=(text("nadie"), STATE_LATER)),
}
CHANGES = TALK | STAGES | ENDINGS
FEW_TRIES = 6
seldom = st.integers(0, 7).map(lambda n: n == 0)


def one_of(names: dict[str, Change]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(names))


# Refused while memory is out: they begin something new; who mends takes a lock first.
BEGINNINGS = ("hear", "mend", "resend", "reserve", "take_over")
# Of a repeat; tests/store/test_repeats.py says why nobody is misled.
TOLD_ELSE = ("beat", "hear", "mend", "release", "resend")


class Stage(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model, self.real = Model(), Real()
        self.words = 0
        self.looks = itertools.count()
        self.old: list[Hold] = []  # every hold that somebody ever had

    def teardown(self) -> None:
        self.real.close()

    def both(self, deed: str, *arguments: object, **named: object) -> Answer:
        """The model does it once, whatever becomes of the answer; nothing where Redis refuses it: () then."""
        if self.real.full and deed in BEGINNINGS:
            with pytest.raises(StoreAway):
                getattr(self.real, deed)(*arguments, **named)
            return ()
        repeated = self.real.loses
        expected = getattr(self.model, deed)(*arguments, **named)
        if repeated and deed == "hear":
            self.model.counts["duplicates suppressed"] += 1  # counted, like any that comes twice
        answer = getattr(self.real, deed)(*arguments, **named)
        if repeated and deed == "news":
            answer = (*expected[:2], *answer[2:])  # stale: it is stored already, and the desk's lane is looked at
        if repeated and answer[:1] == ("item",):
            answer = (*answer[:4], expected[4], *answer[5:])  # taken before: it may have been sent
        assert answer == expected or (repeated and deed in TOLD_ELSE), f"{deed}{arguments}"
        return expected

    def read(self) -> None:
        self.there = self.real.everything()
        self.seen = self.real.picture(self.there)

    def said(self, origin: Origin = Origin.USER, pieces: int = 1) -> list[Item]:
        self.words += 1
        return [text(f"{self.words}.{piece}", origin) for piece in range(pieces)]

    def photo(self) -> Item:
        self.words += 1
        return Item(Kind.FILE, Origin.USER, f"{self.words}", file=File("https://c.test/a", "image"))

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


def some_chat(self: "Stage") -> bool:
    return bool(self.model.chats)


def some_hold(self: "Stage") -> bool:
    return bool(self.model.holds())
