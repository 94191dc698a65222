"""Deeds of workers: beats, claims, leaving."""

from interconnections.store.leases import Hold
from tests.store.machine.conversation import FREE, STARTING, Answer, Chat
from tests.store.machine.estate import Estate


class Workers(Estate):
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
