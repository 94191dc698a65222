"""What is done to the processes while people talk.  Each gives the Blow that the ledger will look for."""

import random
import signal
import time

import redis

from simulator.processes import Process
from tests.chaos.arena import LIVE_AGENT, Arena, ports_of
from tests.chaos.crowd import Crowd
from tests.chaos.ledger import Blow
from tests.chaos.people import now

FROZEN = 15.0  # seconds: longer than any lease
FILLER, ROOM, SMALLEST = "of-somebody-else", 1 << 20, 64  # bytes
FILLS_AGAIN = 0.05  # seconds
BACK_WITHIN = 15.0  # seconds; a chat that is not may be lost, and the ledger will tell
REDIS_AWAY = 1.0  # seconds between the end of one server and the next


class Director:
    """Strikes while words are in flight, and writes down when."""

    def __init__(self, arena: Arena, crowd: Crowd, seed: int) -> None:
        self.arena, self.crowd, self.random = arena, crowd, random.Random(seed)
        self.blows: list[Blow] = []

    def kill_worker(self) -> None:
        """SIGKILL to the worker that owns most; another is started in its place."""
        victim = self._busiest()
        self._everybody_speaks()
        self._struck("kill -9 worker", victim)
        victim.kill()
        self.arena.start_worker()
        self._until_owned(victim)

    def freeze_worker(self, seconds: float = FROZEN) -> None:
        """SIGSTOP, as a machine that hangs: its sockets stay open, its lease runs out, then it wakes."""
        victim = self._busiest()
        self._everybody_speaks()
        self._frozen(victim, self._struck("freeze worker", victim), seconds)

    def freeze_worker_while_nobody_speaks(self) -> None:
        """Its polls stay open all the while: whoever takes over makes a second poll."""
        victim = self._busiest()
        self.crowd.hush(FROZEN + 2)
        time.sleep(2)
        self._frozen(victim, self._struck("freeze idle worker", victim), FROZEN)

    def _frozen(self, victim: Process, blow: Blow, seconds: float) -> None:
        victim.signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            victim.signal(signal.SIGCONT)
            blow.back = now()

    def restart_workers(self) -> None:
        """A deploy: each worker is replaced, one after the other, and must hand over and exit 0."""
        for worker in self.arena.living():
            self.arena.start_worker()
            self.arena.until_ready()
            self._everybody_speaks()
            self._struck("SIGTERM worker", worker)
            code = worker.stop()
            assert code == 0, f"a worker that was told to stop exited {code}:\n{worker.tail()}"
            self._until_owned(worker)

    def kill_redis(self) -> None:
        server = self.arena.redis
        assert server is not None
        self._everybody_speaks()
        blow = self._struck("kill -9 Redis")
        server.kill()
        time.sleep(REDIS_AWAY)
        server.start()
        blow.back = now()
        time.sleep(1)

    def fill_redis(self, seconds: float) -> None:
        """Redis reaches its maxmemory: keys of somebody else take all there is, until they are deleted.

        Nothing that goes amiss is excused by it: it is no Blow.
        """
        with self.arena.redis_client() as client:
            client.config_set("maxmemory", client.info("memory")["used_memory"] + ROOM)
            self.crowd.hurry(seconds)
            deadline, taken = time.monotonic() + seconds, 0
            try:
                while time.monotonic() < deadline:
                    taken = _all_there_is(client, taken)  # what the bridge frees too
                    time.sleep(FILLS_AGAIN)
            finally:
                for start in range(0, taken, 1000):
                    client.delete(*(f"{FILLER}:{n}" for n in range(start, min(start + 1000, taken))))
                client.config_set("maxmemory", 0)

    def kill_web(self) -> None:
        self._everybody_speaks()
        blow = self._struck("kill -9 web")
        self.arena.web.kill()
        time.sleep(0.3)  # callers are refused meanwhile
        self.arena.start_web()
        self.arena.until_ready()
        blow.back = now()

    def hand_over_half(self) -> None:
        """Salesforce moves every second chat of Live Agent to another server."""
        chats = self.arena.world.ask("GET", "/chats", status="active", kind=LIVE_AGENT)["chats"]
        for chat in self.random.sample(chats, (len(chats) + 1) // 2):
            try:
                self.arena.world.ask("POST", "/handover", {"chat": chat["id"]})
            except RuntimeError:
                continue  # it has ended meanwhile

    def hand_over_all(self) -> None:
        """Salesforce moves all of Live Agent at once, with words of both sides on their way; until all are back."""
        self._everybody_speaks()
        self.arena.world.ask("POST", "/handover", {})
        deadline = time.monotonic() + BACK_WITHIN
        while time.monotonic() < deadline:
            chats = self.arena.world.ask("GET", "/chats", status="active", kind=LIVE_AGENT)["chats"]
            if all(chat["handover"] == "none" for chat in chats):
                return
            time.sleep(0.05)

    def burst(self, seconds: float, *faults: dict[str, object]) -> None:
        for fault in faults:
            self.arena.world.ask("POST", "/faults", fault)
        time.sleep(seconds)
        self.arena.world.ask("DELETE", "/faults")

    def _busiest(self) -> Process:
        return max(self.arena.living(), key=lambda worker: len(self.arena.owned_by(worker)))

    def _everybody_speaks(self) -> None:
        """Until something is certainly on its way; the ledger will tell whether it was."""
        self.crowd.hurry(4.0)
        said = self.crowd.said()
        deadline = time.monotonic() + 10
        while self.crowd.said() < said + self.crowd.manner.slots and time.monotonic() < deadline:
            time.sleep(0.002)

    def _struck(self, what: str, worker: Process | None = None) -> Blow:
        """`worker`: the one that is about to be hit; without one it concerns everybody."""
        chats, ports = (self.arena.owned_by(worker), ports_of(worker)) if worker else (None, frozenset[int]())
        blow = Blow(what, now(), chats, ports)
        self.blows.append(blow)
        self.crowd.hurry(0.1)
        return blow

    def _until_owned(self, gone: Process, patience: float = 30) -> None:
        """Until all that it owned is in other hands, so that the next blow finds a whole house."""
        deadline = time.monotonic() + patience
        while not self.arena.all_owned(but_by=gone) and time.monotonic() < deadline:
            time.sleep(0.05)


def _all_there_is(client: redis.Redis, taken: int) -> int:
    """Writes keys until the smallest is refused; returns how many there are now."""
    size = ROOM
    while size >= SMALLEST:
        try:
            client.set(f"{FILLER}:{taken}", bytes(size))
            taken += 1
        except redis.exceptions.OutOfMemoryError:
            size //= 2
    return taken
