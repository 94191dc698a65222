"""One interconnection as the model has it: what was said, what waits, who carries it, what its owner knows."""

from dataclasses import dataclass, field
from enum import StrEnum

from interconnections.items import Item, Kind, Lane
from interconnections.lifecycle import FINAL, Status

SALESFORCE, INTEGRATION, BOT = Lane.SALESFORCE, Lane.INTEGRATION, Lane.BOT
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
        if lane is not SALESFORCE:
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
