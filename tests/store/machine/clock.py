"""Time in the real store, which is Redis' own and cannot be moved: what ends is put into the past."""

from interconnections.items import Lane
from interconnections.store import purge
from interconnections.store.keys import key
from tests.store.machine.conversation import Place
from tests.store.machine.keys import FAR, PAST, Keys


class Clock(Keys):
    def _stop_the_clock_of_pauses(self) -> None:
        """Pauses begin with half a second: they last until the machine ends them."""
        for name in self.keys.scan_iter(key("shore", "*", "*")):
            if int(self.keys.hget(name, "pausedUntil") or PAST) != PAST:
                self.keys.hset(name, "pausedUntil", FAR)

    def lease_ends(self, worker: str) -> None:
        self.keys.zadd(key("workers"), {worker: PAST})

    def reservation_ends(self, place: Place) -> None:
        self.keys.delete(key("reserved", *place))
        self.keys.zadd(key("starts"), {":".join(place): PAST}, xx=True)

    def starter_is_late(self, id: str) -> None:
        self.keys.zadd(key("starting"), {id: PAST})

    def waits_end(self, id: str) -> None:
        owner = self.keys.hget(key("hash", id), "owner")
        for lane in Lane:
            name = key("lane", id, lane)
            for place, entry in enumerate(self.keys.lrange(name, 0, -1)):
                number, _, item = entry.split(" ", 2)
                self.keys.lset(name, place, f"{number} {PAST} {item}")
            self.keys.hdel(key("hash", id), f"retry:{lane}")
            if self.keys.hexists(key("hash", id), f"failing:{lane}"):
                self.keys.hset(key("hash", id), f"failing:{lane}", PAST)
            shore = key("shore", lane, self.keys.hget(key("hash", id), "botSlug"))
            for moment in ("pausedUntil", "takenAt"):
                if self.keys.hexists(shore, moment):
                    self.keys.hset(shore, moment, PAST)
            self.keys.zadd(key("due", lane, owner), {id: PAST}, xx=True)
        if self.keys.hexists(key("hash", id), "endedAt"):
            self.keys.hset(key("hash", id), "endedAt", PAST)
        for name in self.keys.scan_iter(key("bucket", "*")):
            self.keys.delete(name)

    def purge(self, id: str) -> None:
        self.keys.zadd(key("over"), {id: PAST})
        repeated = self.loses  # gone is gone
        assert self.run(purge.purge_due(self.redis)).gone == (not repeated)
