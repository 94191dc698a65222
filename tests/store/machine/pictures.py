"""What Redis must look like for what the model has."""

from interconnections.items import Lane
from interconnections.lifecycle import FINAL
from tests.store.machine.conversation import FREE, NOBODY, STARTING, Chat, Fate
from tests.store.machine.estate import Estate


class Pictures(Estate):
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
