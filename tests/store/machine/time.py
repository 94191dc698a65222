"""Time, as the machine lets it pass."""

from interconnections.items import Lane
from interconnections.lifecycle import FINAL
from tests.store.machine.conversation import Fate, Place, Shore
from tests.store.machine.estate import Estate


class Time(Estate):
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
