"""The worker: lives by a lease, claims a fair share, hands everything over when told to stop.

Ownership is Redis' to give.  A worker that cannot renew its lease lets go of everything before others may
take it; one that was declared dead while it was frozen does so when it wakes, and its writes are refused
meanwhile.
"""

import asyncio
import os
import random
import socket
import time
import uuid
from collections.abc import Coroutine

import structlog

from interconnections.bridge.bridge import Bridge
from interconnections.errors import StoreAway
from interconnections.store import leases, mending, purge, schema
from interconnections.worker.holdings import Holdings
from interconnections.worker.orphans import Orphans
from interconnections.worker.pulse import Pulse
from interconnections.worker.tower import Tower

LEASE = 4_000  # ms that others wait before they take what a silent worker owns
BEAT = 1.0  # seconds between heartbeats
MARGIN = 0.25  # of the lease, before its end, at which we let go by ourselves
CLAIMS = 250  # interconnections claimed by one heartbeat
CLEAN_EVERY = 30.0  # seconds

log = structlog.get_logger("bridge.worker")


class Worker:
    def __init__(self, bridge: Bridge, *, capacity: int, lease: int = LEASE, beat: float = BEAT) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.bridge, self.capacity, self.lease, self.beat = bridge, capacity, lease, beat
        self.stopping = asyncio.Event()
        self.holdings = Holdings(bridge, self.name, self.stopping)
        self._orphans = Orphans(bridge)
        self._something_free = asyncio.Event()
        self._renewed = self._cleaned = time.monotonic()
        self._giving: asyncio.Task[None] | None = None
        self._cleaning: asyncio.Task[None] | None = None
        self._incarnation = ""  # of Redis, where it may change under us
        self._pulse = Pulse(self.name, lease, beat)
        self._tower = Tower(self.name, self.holdings.ring, self._something_free.set)

    # Living

    async def run(self) -> None:
        """Until `stopping` is set; then everything is handed over.  Raises WrongSchema where we cannot work."""
        log.info("worker starts", worker=self.name, capacity=self.capacity)
        await self._agree()
        self._tower.open()
        self._pulse.start()
        fence = asyncio.get_running_loop().create_task(self._fence_ourselves())
        try:
            while not self.stopping.is_set():
                await self._one_beat()
                await self.holdings.sweep()
                self._orphans.look()
                await self._pause()
        finally:
            await self._orphans.close()
            await self._hand_over()
            fence.cancel()
            self._pulse.stop()
            await self._tower.close()
            log.info("worker stopped", worker=self.name)

    def stop(self) -> None:
        self.stopping.set()
        self._something_free.set()

    async def _agree(self) -> None:
        """Wait for Redis, and for data that this release understands."""
        while not self.stopping.is_set():
            try:
                await schema.agree(self.bridge.redis)
                return
            except StoreAway as trouble:
                log.warning("Redis is away", worker=self.name, why=str(trouble))
                await self._pause()

    async def _pause(self) -> None:
        """Until the next beat is due, or something is free, or we are told to stop."""
        try:
            await asyncio.wait_for(self._something_free.wait(), self.beat * random.uniform(0.8, 1.0))
        except TimeoutError:
            return
        self._something_free.clear()
        if not self.stopping.is_set():  # bells come in swarms: answer them together
            await asyncio.sleep(0.02)

    async def _one_beat(self) -> None:
        async with self.holdings.lock:
            beat = await self._heartbeat()
            if beat is None:
                return
            await self.holdings.take(list(beat.claims))
            await self.holdings.reconcile(beat.owned)
        self._give_surplus(beat)
        if len(beat.claims) == CLAIMS:
            self._something_free.set()  # there may be more
        self._clean_now_and_then()

    async def _heartbeat(self) -> leases.Beat | None:
        """Renew the lease, claim what is free, tell our figures; None while Redis is away."""
        asked, totals = time.monotonic(), self.bridge.tally.taken()
        try:
            beat = await leases.beat(
                self.bridge.redis, self.name, self.lease, CLAIMS, self.capacity, totals, self.holdings.gauges()
            )
            failed_over = await self._failed_over()
        except StoreAway as trouble:
            self.bridge.tally.give_back(totals)
            log.warning("no heartbeat", worker=self.name, why=str(trouble))
            return None
        self._renewed = asked  # the lease runs from before the question, not from the answer
        if not beat.was_alive and len(self.holdings):
            log.warning("declared dead: letting go", worker=self.name, owned=len(self.holdings))
            self.holdings.drop_all()
        elif failed_over:
            self._give("Redis failed over: claiming anew", len(self.holdings))
        return beat

    async def _failed_over(self) -> bool:
        """Another server answers at the same address: what it did not hear of our claims must be claimed anew."""
        before, self._incarnation = self._incarnation, await leases.incarnation(self.bridge.redis)
        return before not in ("", self._incarnation)

    async def _fence_ourselves(self) -> None:
        """Redis is silent: others will take what we own when the lease ends, so let go before."""
        while True:
            await asyncio.sleep(min(0.25, self.lease / 16_000))
            self._pulse.tick()
            silent = time.monotonic() - max(self._renewed, self._pulse.renewed)
            if len(self.holdings) and silent > self.lease / 1000 * (1 - MARGIN):
                log.warning("lease not renewed: letting go", worker=self.name, owned=len(self.holdings))
                self.holdings.drop_all()

    # Giving away

    def _give_surplus(self, beat: leases.Beat) -> None:
        """Above our share: hand the surplus to the workers that have less."""
        surplus = len(self.holdings) - beat.share - max(1, beat.share // 50)
        if surplus > 0 and beat.workers > 1:
            self._give("rebalancing", surplus)

    def _give(self, why: str, count: int) -> None:
        """In a task of its own: the lease is renewed while messages in flight land."""
        if self._giving is None or self._giving.done():
            log.info(why, worker=self.name, given=count)
            given = list(self.holdings.charges.values())[-count:]
            self._giving = self._task(self.holdings.give(given))

    async def _hand_over(self) -> None:
        if self._cleaning:
            self._cleaning.cancel()
        await self.holdings.depart()
        if self._giving:
            await asyncio.wait([self._giving])
        await self.holdings.give(list(self.holdings.charges.values()))
        await self.holdings.leave()

    # Keeping house

    def _clean_now_and_then(self) -> None:
        if time.monotonic() - self._cleaned > CLEAN_EVERY and (self._cleaning is None or self._cleaning.done()):
            self._cleaned = time.monotonic()
            self._cleaning = self._task(self._clean())

    async def _clean(self) -> None:
        try:
            if gone := await purge.purge_some(self.bridge.redis):
                log.info("purged", interconnections=gone)
            for session, cause in await mending.mend(self.bridge.redis, self.name):
                log.warning("was stuck", session=session, cause=cause)
        except StoreAway as trouble:
            log.info("not cleaned", why=str(trouble))

    def _task(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(_say_what_stumbled)
        return task


def _say_what_stumbled(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("stumbled", exc_info=error)
