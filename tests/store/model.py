"""What the store should be, in lists and dicts: small enough to be believed by reading it.

It knows no Redis, no keys, no due lists, no index: `picture()` derives all of these from the conversations, the way
the store's promises say them.  tests/store/real.py has the same deeds for the scripts; tests/store/test_machine.py
does them to both and compares answers and pictures.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from interconnections.items import Change, Item, Kind, Lane, Origin
from interconnections.lifecycle import FINAL, OPEN, Status, ways_to
from interconnections.store.lanes import Bucket, Settled, Whose
from interconnections.store.leases import Hold

SALESFORCE, INTEGRATION = Lane.SALESFORCE, Lane.INTEGRATION
STARTING, FREE, NOBODY = "(starting)", "(free)", "(nobody)"  # who carries it, when no worker does
CONTEXT_LIMIT = 3

Answer = tuple[object, ...]
Place = tuple[str, str]  # bot, user
LOST: Answer = ("lost",)
ELSEWHERE = (Kind.STATE, Kind.FILE)  # these go to another server than the words of their lane


class Fate(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "given up"
    REPLACED = "replaced"  # a file, by the words that tell of it
    DONE = "done"  # an ordered end, where the end came first
    FORGOTTEN = "forgotten"  # its retention ended before anybody took it


@dataclass
class Message:
    number: int
    lane: Lane
    item: Item
    later: bool  # its delay is not over
    fate: Fate = Fate.WAITING
    why: str = ""  # it was given up


@dataclass
class Shore:
    """How a bot's other side fares, in one direction.  `pause`: "" | on | over (one may try for all)."""

    failures: int = 0
    failing: str = ""
    several: bool = False
    pause: str = ""
    taken: bool = False  # not long ago
    probing: bool = False


@dataclass
class Chat:
    """One interconnection.  `said`: everything that was ever stored, by number."""

    id: str
    place: Place
    session: str
    provider: str
    status: Status
    carrier: str
    said: list[Message] = field(default_factory=list)
    lanes: dict[Lane, list[Message]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    tries: dict[Lane, int] = field(default_factory=lambda: dict.fromkeys(Lane, 0))
    resting: dict[Lane, bool] = field(default_factory=lambda: dict.fromkeys(Lane, False))
    failing: dict[Lane, str] = field(default_factory=lambda: dict.fromkeys(Lane, ""))  # "" | "now" | "long"
    put_off: dict[Lane, bool] = field(default_factory=lambda: dict.fromkeys(Lane, False))  # by its shore or a pace
    fields: dict[str, str] = field(default_factory=dict)
    fence: int = 0
    ack: int = -1
    epoch: int = 0
    sequence: int = 1
    bound: tuple[int, int] | None = None  # number of the message, its sequence number
    unsent: bool = False
    file_in_hand: int = 0  # number of the file that somebody has begun to bring
    flying: int = 0  # number of the message to the agent that is on the wire
    long_over: bool = False
    uncertain: Message | None = None  # it was on the wire as the chat ended
    if_lost: tuple[Item, ...] = ()  # for its sender, should nobody ever tell
    late: bool = False  # its starter had its time
    leaving: str = ""  # the reason, once it was ordered
    unread: int = 0  # words of the user that were buried as it was
    begun: bool = False  # its ChasitorInit was taken
    reason: str = ""

    def pop(self, lane: Lane) -> Message:
        self.rest(lane, tries=0)
        return self.lanes[lane].pop(0)

    def rest(self, lane: Lane, *, tries: int, resting: bool = False) -> None:
        self.tries[lane], self.resting[lane] = tries, resting
        if not tries:
            self.failing[lane] = ""

    def silent(self, lane: Lane) -> bool:
        """Nothing may be taken, now or later, until something happens."""
        if not self.lanes[lane]:
            return True
        if lane is INTEGRATION:
            return False
        talking = self.status is Status.ACTIVE and self.fields.get("waitingAgain") != "1"
        moving = self.fields.get("handover") or self.fields.get("switchTo")
        return bool(moving) or not (talking or self.leaving)

    def later(self, lane: Lane) -> bool:
        return self.lanes[lane][0].later or self.resting[lane]

    def wait(self, lane: Lane) -> str:
        return "silent" if self.silent(lane) else "later" if self.later(lane) else "now"

    def over(self) -> bool:
        return self.status in FINAL and not any(self.lanes.values()) and not self.uncertain

    def retire(self) -> bool:
        if self.over():
            self.carrier = NOBODY
        return self.over()

    def told(self) -> Answer:
        """What a writer of news or of a change is answered."""
        waits = (self.wait(SALESFORCE), self.wait(INTEGRATION))
        return ("stored", *waits, self.retire(), *self.followed())

    def followed(self) -> Answer:
        """What an owner learns with every answer."""
        return (self.status, bool(self.leaving), self.ack, self.epoch, self.fields.get("handover", ""))


class Model:
    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.forgotten: list[Chat] = []
        self.reserved: dict[Place, str] = {}
        self.holders: dict[Place, str] = {}  # who may still store, though the reservation ran out
        self.unheard: set[Place] = set()  # starts that others may go on with
        self.taken_over: dict[str, Place] = {}  # by whom, last
        self.latest: dict[Place, str] = {}
        self.context: dict[Place, int] = {}
        self.seen: set[tuple[str, str]] = set()
        self.workers: dict[str, bool] = {}  # does the lease still run?
        self.shores: dict[tuple[Lane, str], Shore] = {}
        self.buckets: dict[str, int] = {}  # tokens taken
        self.counts: Counter[str] = Counter()

    def open_at(self, place: Place) -> Chat | None:
        """The one whom `place` talks with: open, and not on its way out."""
        found = [c for c in self.chats.values() if c.place == place and c.status in OPEN and not c.leaving]
        assert len(found) <= 1
        return found[0] if found else None

    def owned(self, hold: Hold) -> Chat | None:
        chat = self.chats.get(hold.id)
        return chat if chat and (chat.carrier, str(chat.fence)) == (hold.worker, hold.fence) else None

    def holds(self) -> list[Hold]:
        """All that are good now."""
        return [Hold(c.id, c.carrier, str(c.fence)) for c in self.chats.values() if c.carrier in self.workers]

    def push(self, chat: Chat, lane: Lane, items: tuple[Item, ...], *, first: bool = False) -> None:
        new = [Message(len(chat.said) + n, lane, item, item.delay > 0) for n, item in enumerate(items, 1)]
        chat.said += new
        chat.lanes[lane] = new + chat.lanes[lane] if first else chat.lanes[lane] + new
        self.counts[f"stored:{lane}"] += len(new)

    def deliver(self, message: Message) -> None:
        message.fate = Fate.DELIVERED
        self.counts[f"delivered:{message.lane}"] += 1

    def give_up(self, message: Message, why: str) -> None:
        message.fate, message.why = Fate.DEAD, why
        self.counts[f"dead:{message.lane}"] += 1

    def tell_sender(self, chat: Chat, lane: Lane, words: tuple[Item, ...]) -> None:
        """In the other lane, where somebody still reads it."""
        if lane is INTEGRATION and (chat.status in FINAL or chat.leaving):
            return
        self.push(chat, INTEGRATION if lane is SALESFORCE else SALESFORCE, words)
        self.counts["notices"] += len(words)

    def bury(self, chat: Chat, why: str) -> tuple[int, bool]:
        """Nobody will read what waits for the agent; how many of the user's words are lost, is one in doubt?"""
        lost, doubted = 0, False
        while chat.lanes[SALESFORCE]:
            message = chat.pop(SALESFORCE)
            if message.item.kind is Kind.END:
                message.fate = Fate.DONE
                continue
            self.give_up(message, why)
            if message.number == chat.flying:
                chat.uncertain, doubted = message, message.item.origin is Origin.USER
            else:
                lost += message.item.origin is Origin.USER
        chat.rest(SALESFORCE, tries=0)
        chat.bound, chat.unsent, chat.flying = None, False, 0
        return lost, doubted

    def no_longer_uncertain(self, chat: Chat) -> None:
        """Who could have told is gone."""
        if chat.uncertain and chat.if_lost:
            self.tell_sender(chat, SALESFORCE, chat.if_lost)
        chat.uncertain, chat.if_lost = None, ()

    # Starts

    def reserve(self, place: Place, token: str) -> Answer:
        if chat := self.open_at(place):
            return ("open", chat.status)
        if self.reserved.get(place, token) != token:
            return ("starting",)
        if not any(self.workers.values()):
            return ("no worker",)
        self._hold(place, token)
        return ("reserved",)

    def _hold(self, place: Place, token: str) -> None:
        self.reserved[place] = self.holders[place] = token
        self.unheard.discard(place)

    def step(self, place: Place, token: str) -> Answer:
        if self.holders.get(place) != token:
            return (False,)
        self._hold(place, token)
        return (True,)

    def take_over(self, token: str) -> Answer:
        """A start whose starter is not heard of; asked again under the same token, the same."""
        if (before := self.taken_over.get(token)) and self.holders.get(before) == token:
            return before
        for place in sorted(self.unheard & set(self.holders)):
            self._hold(place, token)
            self.taken_over[token] = place
            return place
        return ()

    def unreserve(self, place: Place, token: str) -> Answer:
        if self.holders.get(place) == token:
            self.reserved.pop(place, None)
            del self.holders[place]
        return ()

    def store(self, place: Place, token: str, session: str, provider: str, status: Status, *said: Item) -> Answer:
        id = f"{place[1]}-{session}"
        if id in self.chats:
            return (True,)
        if self.holders.get(place) != token:
            return (False,)
        self.reserved.pop(place, None)
        del self.holders[place]
        chat = Chat(id, place, session, provider, status, STARTING)
        if status is Status.FAILED:
            self.push(chat, INTEGRATION, said)
            chat.carrier = FREE if said else NOBODY
        self.chats[id] = chat
        self.latest[place] = id
        self.counts[f"became:{status}"] += 1
        return (True,)

    def started(self, id: str) -> Answer:
        chat = self.chats.get(id)
        if not chat or chat.carrier != STARTING:
            return (bool(chat and chat.begun and chat.status in OPEN),)
        chat.carrier, chat.begun = FREE, True
        return (True,)

    def end_start(self, id: str, change: Change) -> Answer:
        chat = self.chats.get(id)
        if not chat or chat.carrier != STARTING:
            return (False,)
        chat.carrier = FREE
        self._apply(chat, change)
        chat.retire()
        return (True,)

    # Users and bots

    def hear(self, place: Place, message: str, origin: str, *said: Item, leaves: str = "") -> Answer:
        if message:
            if (place[0], message) in self.seen:
                self.counts["duplicates suppressed"] += 1
                return ("repeat",)
            self.seen.add((place[0], message))
        chat = self.open_at(place)
        left = self.hang_up(chat.id, leaves) if chat and leaves else ("nothing",)
        if not chat or origin != "user" or leaves:
            self.context[place] = min(CONTEXT_LIMIT, self.context.get(place, 0) + 1)
            return ("left", *left[1:]) if left[0] == "ordered" else ("context",)
        self.push(chat, SALESFORCE, said)
        if chat.silent(SALESFORCE):
            return ("held", chat.session)
        return ("lane", chat.session, f"salesforce.{chat.carrier}" if chat.carrier in self.workers else "")

    def hang_up(self, id: str, reason: str) -> Answer:
        chat = self.chats.get(id)
        if not chat:
            return ("no such",)
        if chat.status in FINAL:
            return ("over", chat.status)
        if chat.leaving:
            return ("leaving",)
        if chat.status is Status.ON_HOLD:
            chat.unread, _ = self.bury(chat, reason)
        chat.leaving = reason
        self.push(chat, SALESFORCE, (Item(Kind.END, Origin.BRIDGE, reason),))
        return ("ordered", chat.session, f"salesforce.{chat.carrier}" if chat.carrier in self.workers else "")

    # Workers

    def beat(self, worker: str, most: int, capacity: int) -> Answer:
        waited = sorted(chat.id for chat in self._carried_by(FREE))
        was = worker in self.workers
        self.workers[worker] = True
        for dead in [name for name, alive in self.workers.items() if not alive]:
            self._leave(dead)
            self.counts["workers lost"] += 1
        for chat in self._carried_by(STARTING):
            chat.carrier = FREE if chat.late else STARTING
        free = waited + sorted(chat.id for chat in self._carried_by(FREE) if chat.id not in waited)
        share = -(-(len(free) + sum(len(self._carried_by(name)) for name in self.workers)) // len(self.workers))
        owned = len(self._carried_by(worker))
        claimed = [self.chats[id] for id in free[: max(0, min(most, share - owned, capacity - owned))]]
        for chat in claimed:
            chat.carrier, chat.fence = worker, chat.fence + 1
            chat.flying = 0
            self.no_longer_uncertain(chat)
        return (was, owned + len(claimed), share, len(self.workers), [(chat.id, chat.fence) for chat in claimed])

    def release(self, worker: str, holds: list[Hold], leaving: bool) -> Answer:
        given = [chat for hold in holds if (chat := self.owned(hold)) and hold.worker == worker]
        for chat in given:
            chat.carrier = FREE
        if leaving and worker in self.workers:
            self._leave(worker)
        return (len(given),)

    def _leave(self, worker: str) -> None:
        for chat in self._carried_by(worker):
            chat.carrier = FREE
        del self.workers[worker]

    def _carried_by(self, carrier: str) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.carrier == carrier]

    # Owners' writes

    def news(self, hold: Hold, epoch: int, used: int, ack: int, changes: list[Change]) -> Answer:
        chat = self.owned(hold)
        if not chat:
            return LOST
        if (chat.ack, chat.epoch) != (used, epoch):
            return ("stale", *chat.told()[1:])
        chat.ack = ack
        self.counts["event:ChatMessage"] += 1
        for change in changes:
            self._apply(chat, change)
        return chat.told()

    def change(self, hold: Hold, change: Change) -> Answer:
        chat = self.owned(hold)
        if not chat:
            return LOST
        self._apply(chat, change)
        return chat.told()

    def take(self, hold: Hold, lane: Lane, settled: Settled | None, limits: tuple[Bucket, ...]) -> Answer:
        chat = self.owned(hold)
        if not chat:
            return LOST
        if settled and lane is SALESFORCE:
            chat.flying = 0
        if settled and chat.lanes[lane] and str(chat.lanes[lane][0].number) == settled.number:
            self._settle(chat, lane, settled)
        elif settled and chat.uncertain and str(chat.uncertain.number) == settled.number:
            self._settle_uncertain(chat, lane, settled)
        if chat.silent(lane):
            return ("empty", chat.retire())
        goes, paced = self._head_goes(chat, lane, limits)
        shore = self.shores.get((lane, chat.place[0]), Shore())
        tired = lane is INTEGRATION and chat.long_over and not shore.taken
        if not goes and not paced and tired and chat.lanes[lane][0].item.kind not in ELSEWHERE:
            self._state_first(chat)
            if chat.lanes[lane][0].item.kind is Kind.STATE:
                goes, _ = self._head_goes(chat, lane, limits)
        if not goes:
            return ("wait",)
        head, sequence, again = chat.lanes[lane][0], 0, False
        if head.item.kind is Kind.FILE:
            again = chat.file_in_hand == head.number
            chat.file_in_hand = chat.flying = head.number
        elif lane is SALESFORCE:
            if chat.bound and chat.bound[0] == head.number:
                again = not chat.unsent
            else:
                chat.sequence += 1
                chat.bound = (head.number, chat.sequence)
            chat.unsent, chat.flying = False, head.number
            sequence = chat.bound[1]
        return ("item", head.number, head.item.text, sequence, again, chat.tries[lane], chat.status)

    def _head_goes(self, chat: Chat, lane: Lane, limits: tuple[Bucket, ...]) -> tuple[bool, bool]:
        """Now? And if not, is it for a pace?"""
        chat.put_off[lane] = False
        if chat.later(lane):
            return False, False
        if chat.lanes[lane][0].item.kind in ELSEWHERE:
            return True, False
        shore = self.shores.setdefault((lane, chat.place[0]), Shore())
        well = shore.pause != "on"
        goes = well and self._pace_lets_go(limits)
        if goes and shore.pause:
            shore.pause, shore.probing = "on", True  # for the others, while this one tries for all
        chat.put_off[lane] = not goes
        return goes, well and not goes

    def _settle(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        message = chat.lanes[lane][0]
        refused = settled.outcome in ("dead", "rebind") or (settled.outcome, settled.whose) == (
            "retry",
            Whose.MESSAGE,
        )
        shore = self.shores.get((lane, chat.place[0]), Shore())
        if refused and shore.probing and message.item.kind not in ELSEWHERE:
            self.shores[lane, chat.place[0]] = Shore(taken=shore.taken)
        match settled.outcome:
            case "retry":
                self._retry(chat, lane, settled)
            case "rebind":
                chat.tries[lane] += 1
                chat.sequence, chat.unsent = int(settled.argument), True
                chat.bound = (chat.bound[0], chat.sequence) if chat.bound else None
            case "dead":
                self._dead(chat, lane, settled, settled.argument)
            case "delivered":
                self.deliver(chat.pop(lane))
                if message.item.kind not in ELSEWHERE:
                    self.shores[lane, chat.place[0]] = Shore(taken=True)
            case "replaced":
                chat.pop(lane).fate = Fate.REPLACED
        if settled.change and message.fate is not Fate.WAITING:
            self._apply(chat, settled.change)

    def _dead(self, chat: Chat, lane: Lane, settled: Settled, why: str) -> None:
        self.give_up(chat.pop(lane), why)
        self.tell_sender(chat, lane, settled.told)

    def _retry(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        self.counts[f"retries:{lane}"] += 1
        chat.failing[lane] = chat.failing[lane] or "now"
        chat.tries[lane] += 1
        if settled.whose is not Whose.MESSAGE:
            self._shore_refused(chat, lane, asked=settled.whose is Whose.ASKED)
        if settled.delivery_limit and chat.failing[lane] == "long":
            return self._dead(chat, lane, settled, f"not taken for too long: {settled.why}")
        chat.resting[lane] = True
        if lane is INTEGRATION and settled.goodbye_limit and chat.failing[lane] == "long" and chat.status in FINAL:
            self._state_first(chat)
        return None

    def _state_first(self, chat: Chat) -> None:
        """The bot must not wait for its user behind a goodbye, nor the user for words behind the bot's state."""
        head, rest = chat.lanes[INTEGRATION][0], chat.lanes[INTEGRATION][1:]
        if head.item.kind is Kind.STATE:
            line = [*rest, head]
        else:
            state = next((message for message in rest if message.item.kind is Kind.STATE), None)
            line = [state, head, *(m for m in rest if m is not state)] if state else [head, *rest]
        if line != chat.lanes[INTEGRATION]:
            chat.lanes[INTEGRATION] = line
            chat.rest(INTEGRATION, tries=0)

    def _settle_uncertain(self, chat: Chat, lane: Lane, settled: Settled) -> None:
        assert chat.uncertain
        if settled.outcome == "delivered":
            chat.uncertain.fate = Fate.DELIVERED  # counted as dead already
        else:
            self.tell_sender(chat, lane, settled.told)
        chat.uncertain, chat.if_lost = None, ()

    def _shore_refused(self, chat: Chat, lane: Lane, *, asked: bool) -> None:
        shore = self.shores.setdefault((lane, chat.place[0]), Shore())
        shore.failing = shore.failing or chat.id
        shore.several = shore.several or shore.failing != chat.id
        shore.failures += 1
        if asked or (shore.several and shore.failures >= 3):
            shore.pause, shore.probing = "on", False
            self.counts[f"pauses:{lane}"] += 1

    def _pace_lets_go(self, limits: tuple[Bucket, ...]) -> bool:
        empty = [limit for limit in limits if self.buckets.get(limit.name, 0) >= limit.burst]
        for limit in empty[:1]:
            self.counts[f"throttled:{limit.scope}"] += 1
        for limit in limits if not empty else ():
            self.buckets[limit.name] = self.buckets.get(limit.name, 0) + 1
        return not empty

    def _apply(self, chat: Chat, change: Change) -> None:
        if change.to and chat.status not in ways_to(change.to):
            return
        if change.unless_leaving and chat.leaving:
            return
        if chat.lanes[SALESFORCE] and str(chat.lanes[SALESFORCE][0].number) == change.arrived:
            self.deliver(chat.pop(SALESFORCE))
        self.counts["sent again"] += len(change.sent_again)
        chat.fields |= change.fields
        self.push(chat, SALESFORCE, change.first_to_agent, first=True)
        if chat.status in FINAL and change.first_to_agent:
            self.bury(chat, chat.reason)
        if change.to:
            chat.status = change.to
            self.counts[f"became:{change.to}"] += 1
            if change.to in FINAL:
                chat.reason = chat.leaving or change.reason
                lost, doubted = self.bury(chat, chat.reason)
                if lost + chat.unread:
                    self.tell_sender(chat, SALESFORCE, change.if_lost)
                elif doubted:
                    chat.if_lost = change.if_lost
        self.push(chat, INTEGRATION, change.to_user)

    def reconnected(self, hold: Hold, reset: bool) -> Answer:
        chat = self.owned(hold)
        if not chat or chat.status in FINAL:
            return LOST
        if chat.bound and not chat.unsent:
            chat.fields["inFlight"] = str(chat.bound[0])
        if reset:
            chat.sequence, chat.bound, chat.unsent = 0, None, False
        chat.ack, chat.epoch, chat.resting[SALESFORCE] = -1, chat.epoch + 1, False
        chat.fields["handover"] = "data"
        self.counts["hand-overs"] += 1
        return chat.told()

    def switched(self, hold: Hold) -> Answer:
        chat = self.owned(hold)
        if not chat or chat.status in FINAL:
            return LOST
        chat.sequence, chat.bound, chat.unsent = 1, None, False
        chat.ack, chat.epoch, chat.resting[SALESFORCE] = -1, chat.epoch + 1, False
        chat.fields |= {"handover": "", "switchTo": ""}
        chat.begun = False
        if chat.status is Status.ACTIVE:
            chat.fields["waitingAgain"] = "1"
        self.counts["switches"] += 1
        return chat.told()

    # Supervisors

    def resend(self, id: str, number: int) -> Answer:
        """A dead letter."""
        chat = self.chats.get(id)
        if not chat:
            return ("gone",)
        message = chat.said[number - 1]
        if message.lane is SALESFORCE and (chat.status in FINAL or chat.leaving):
            return ("over",)
        message.fate = Fate.WAITING
        chat.lanes[message.lane].append(message)
        if chat.bound and chat.bound[0] == number:
            chat.bound, chat.unsent = None, False
        if chat.carrier == NOBODY:
            chat.carrier = FREE
        self.counts[f"sent by hand:{message.lane}"] += 1
        return ("resent", chat.session, f"{message.lane}.{chat.carrier}" if chat.carrier in self.workers else "")

    def letters(self) -> list[tuple[str, int]]:
        every = [*self.forgotten, *self.chats.values()]
        return [(chat.id, m.number) for chat in every for m in chat.said if m.fate is Fate.DEAD]

    def mend(self) -> Answer:
        """Nothing is ever stuck; only who took over a chat that is over may not have looked at it yet."""
        found = [chat for chat in self.chats.values() if chat.over() and chat.carrier in self.workers]
        for chat in found:
            chat.retire()
        self.counts["mended:owned although it is over"] += len(found)
        return tuple(sorted(chat.session for chat in found))

    # Time, as the machine lets it pass

    def lease_ends(self, worker: str) -> None:
        self.workers[worker] = False

    def reservation_ends(self, place: Place) -> None:
        self.reserved.pop(place, None)
        self.unheard.add(place)

    def starter_is_late(self, id: str) -> None:
        self.chats[id].late = True

    def waits_end(self, id: str) -> None:
        """Delays and pauses of this conversation are over, and those of its bot's shores."""
        chat = self.chats[id]
        chat.resting, chat.put_off = dict.fromkeys(Lane, False), dict.fromkeys(Lane, False)
        chat.failing = {lane: "long" if since else "" for lane, since in chat.failing.items()}
        self.buckets.clear()
        for lane in Lane:
            shore = self.shores.get((lane, chat.place[0]), Shore())
            shore.pause, shore.taken = "over" if shore.pause else "", False
        chat.long_over = chat.status in FINAL
        for message in chat.said:
            message.later = False

    def purge(self, id: str) -> None:
        """Its retention ended."""
        chat = self.chats.pop(id)
        self.forgotten.append(chat)
        for message in (m for lane in Lane for m in chat.lanes[lane]):
            message.fate = Fate.FORGOTTEN
            self.counts[f"dead:{message.lane}"] += 1
        if self.latest.get(chat.place) == id:
            del self.latest[chat.place]

    # What Redis must then look like

    def picture(self) -> dict[str, object]:
        chats = self.chats.values()
        return {
            "chats": {chat.id: row(chat) for chat in chats},
            "workers": dict(self.workers),
            "owned": {name: {c.id for c in chats if c.carrier == name} for name in self.workers},
            "free": {chat.id for chat in chats if chat.carrier == FREE},
            "starting": {chat.id for chat in chats if chat.carrier == STARTING},
            "over": {chat.id for chat in chats if chat.status in FINAL},
            "due": {
                (lane, chat.carrier, chat.id)
                for chat in chats
                for lane in Lane
                if chat.carrier in self.workers and not chat.silent(lane)
            },
            "waiting": {(lane, chat.id) for chat in chats for lane in Lane if not chat.silent(lane)},
            "depth": {lane: n for lane in Lane if (n := sum(len(chat.lanes[lane]) for chat in chats))},
            "paused": {place for place, shore in self.shores.items() if shore.pause == "on"},
            "index": index(list(chats)),
            "users": {place: c.id for place in {c.place for c in chats} if (c := self.open_at(place))},
            "reserved": self.reserved,
            "holders": self.holders,
            "starts": set(self.holders),
            "last": self.latest,
            "ids": {chat.session: chat.id for chat in chats},
            "context": self.context,
            "seen": self.seen,
            "dead": sorted(
                (chat.id, m.lane, m.number, m.why)
                for chat in [*self.forgotten, *chats]
                for m in chat.said
                if m.fate is Fate.DEAD
            ),
            "counters": {name: n for name, n in self.counts.items() if n},
        }


def row(chat: Chat) -> dict[str, object]:
    """One conversation as the store shows it."""
    return {
        "status": chat.status,
        "owner": "" if chat.carrier in (STARTING, FREE, NOBODY) else chat.carrier,
        "fence": chat.fence,
        "reason": chat.reason,
        "leaving": bool(chat.leaving),
        "waitingAgain": chat.fields.get("waitingAgain") == "1",
        "handover": chat.fields.get("handover", ""),
        "inFlight": chat.fields.get("inFlight", ""),
        "ack": chat.ack,
        "epoch": chat.epoch,
        "bound": chat.bound and (*chat.bound, chat.unsent),
        "uncertain": chat.uncertain.number if chat.uncertain else 0,
        "tokens": chat.status not in FINAL,
        "tries": chat.tries,
        "failing": chat.failing,
        "lanes": {lane: [m.number for m in chat.lanes[lane]] for lane in Lane},
        "said": {m.number: (m.lane, m.item.text, m.fate is Fate.WAITING) for m in chat.said},
    }


def index(chats: list[Chat]) -> dict[tuple[str, str, str], set[str]]:
    cells: dict[tuple[str, str, str], set[str]] = {}
    for chat in chats:
        for status in (chat.status, "*"):
            for provider in (chat.provider, "*"):
                for bot in (chat.place[0], "*"):
                    cells.setdefault((status, provider, bot), set()).add(chat.id)
    return cells
