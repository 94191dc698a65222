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

import structlog

from interconnections.bells import ring_workers
from interconnections.bridge.bridge import Bridge
from interconnections.bridge.claim import claim_from
from interconnections.errors import StoreAway, Undecipherable
from interconnections.items import Lane
from interconnections.store import lanes, leases, purge
from interconnections.store.leases import Hold
from interconnections.worker.charge import Charge
from interconnections.worker.tower import Tower

LEASE = 4_000  # ms that others wait before they take what a silent worker owns
BEAT = 1.0  # seconds between heartbeats
MARGIN = 1.0  # seconds before the lease's end at which we let go by ourselves
CLAIMS = 250  # interconnections claimed by one heartbeat
LAST_WORDS = 25.0  # seconds that a message in flight may take when we are told to stop
PURGE_EVERY = 60.0  # seconds

log = structlog.get_logger("bridge.worker")


class Worker:
    def __init__(self, bridge: Bridge, *, capacity: int, lease: int = LEASE, beat: float = BEAT) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.bridge, self.capacity, self.lease, self.beat = bridge, capacity, lease, beat
        self.charges: dict[str, Charge] = {}
        self.by_session: dict[str, Charge] = {}
        self._unreadable: set[str] = set()  # owned, but no key opens their tokens
        self.stopping = asyncio.Event()
        self._something_free = asyncio.Event()
        self._renewed = time.monotonic()
        self._purged = time.monotonic()
        self._tower = Tower(self.name, self._rung, self._something_free.set)

    # Living

    async def run(self) -> None:
        """Until `stopping` is set; then everything is handed over."""
        log.info("worker starts", worker=self.name, capacity=self.capacity)
        self._tower.open()
        fence = asyncio.get_running_loop().create_task(self._fence_ourselves())
        try:
            while not self.stopping.is_set():
                await self._one_beat()
                await self._sweep()
                await self._pause()
        finally:
            fence.cancel()
            await self._hand_over()
            await self._tower.close()
            log.info("worker stopped", worker=self.name)

    def stop(self) -> None:
        self.stopping.set()
        self._something_free.set()

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
        asked = time.monotonic()
        try:
            beat = await leases.beat(self.bridge.redis, self.name, self.lease, CLAIMS, self.capacity)
        except StoreAway as trouble:
            log.warning("no heartbeat", worker=self.name, why=str(trouble))
            return
        self._renewed = asked  # the lease runs from before the question, not from the answer
        if not beat.was_alive and self.charges:
            log.warning("declared dead: letting go", worker=self.name, owned=len(self.charges))
            self._drop_all()
        await self._take_charge(list(beat.claims))
        if beat.owned != len(self.charges) + len(self._unreadable):
            await self._reconcile()
        await self._give_surplus(beat)
        if len(beat.claims) == CLAIMS:
            self._something_free.set()  # there may be more
        await self._purge_now_and_then()

    async def _fence_ourselves(self) -> None:
        """Redis is silent: others will take what we own when the lease ends, so let go before."""
        while True:
            await asyncio.sleep(0.25)
            if self.charges and time.monotonic() - self._renewed > self.lease / 1000 - MARGIN * self.lease / LEASE:
                log.warning("lease not renewed: letting go", worker=self.name, owned=len(self.charges))
                self._drop_all()

    # Owning

    async def _take_charge(self, holds: list[Hold]) -> None:
        loaded = await asyncio.gather(*(self._load(hold) for hold in holds))
        for charge in loaded:
            if charge:
                self.charges[charge.claim.id] = charge
                self.by_session[charge.claim.session_id] = charge
                charge.start()

    async def _load(self, hold: Hold) -> Charge | None:
        if hold.id in self.charges:
            self._forget(self.charges[hold.id])  # under an older fence, which is refused from now on
        try:
            fields, tokens = await leases.load(self.bridge.redis, hold.id)
            return Charge(self.bridge, claim_from(hold, fields, tokens), self._forget, self.stopping)
        except StoreAway:
            return None  # it is in our set; reconciled at a later beat
        except (Undecipherable, KeyError, ValueError) as error:
            log.error("cannot be carried", why=f"{type(error).__name__}: {error}")
            self._unreadable.add(hold.id)
            return None

    async def _reconcile(self) -> None:
        """What Redis says that we own, and what we know: they differ after an answer that was lost."""
        try:
            ours = {hold.id: hold for hold in await leases.owned(self.bridge.redis, self.name)}
        except StoreAway:
            return
        for id in set(self.charges) - set(ours):
            self._forget(self.charges[id])
        self._unreadable &= set(ours)
        known = set(self.charges) | self._unreadable
        await self._take_charge([hold for id, hold in ours.items() if id not in known])

    async def _give_surplus(self, beat: leases.Beat) -> None:
        """Above our share: hand the surplus to the workers that have less."""
        surplus = len(self.charges) - beat.share - max(1, beat.share // 50)
        if surplus <= 0 or beat.workers < 2:
            return
        given = list(self.charges.values())[-surplus:]
        log.info("rebalancing", worker=self.name, given=len(given), share=beat.share)
        await self._let_go(given)

    async def _let_go(self, given: list[Charge], *, leaving: bool = False) -> None:
        """Polls end, messages in flight land, then others may have them."""
        polls = [task for charge in given if (task := charge.stop_polling())]
        in_flight = [lane.task for charge in given for lane in charge.lanes.values() if lane.task]
        for charge in given:
            for lane in charge.lanes.values():
                lane.rest()
        await asyncio.gather(*polls, return_exceptions=True)
        if in_flight:
            await asyncio.wait(in_flight, timeout=LAST_WORDS)
        for charge in given:
            self._forget(charge)
        if not given and not leaving:
            return
        try:
            await leases.release(self.bridge.redis, self.name, [c.claim.hold for c in given], leaving=leaving)
        except StoreAway as trouble:
            if given:
                log.warning("not handed over, the lease will end", why=str(trouble), owned=len(given))
            return
        await ring_workers()

    async def _hand_over(self) -> None:
        await self._let_go(list(self.charges.values()), leaving=True)

    def _forget(self, charge: Charge) -> None:
        if self.charges.get(charge.claim.id) is charge:
            del self.charges[charge.claim.id]
        if self.by_session.get(charge.claim.session_id) is charge:
            del self.by_session[charge.claim.session_id]
        charge.drop()

    def _drop_all(self) -> None:
        for charge in list(self.charges.values()):
            self._forget(charge)

    # Waking lanes

    def _rung(self, lane: Lane, session_id: str) -> None:
        charge = self.by_session.get(session_id)
        if charge:
            charge.ring(lane)

    async def _sweep(self) -> None:
        """Bells get lost; what is due does not."""
        try:
            for lane in Lane:
                for id in await lanes.due(self.bridge.redis, self.name, lane):
                    charge = self.charges.get(id)
                    if charge:
                        charge.ring(lane)
        except StoreAway as trouble:
            log.warning("no sweep", worker=self.name, why=str(trouble))

    async def _purge_now_and_then(self) -> None:
        if time.monotonic() - self._purged < PURGE_EVERY:
            return
        self._purged = time.monotonic()
        try:
            gone = await purge.purge_some(self.bridge.redis)
        except StoreAway:
            return
        if gone:
            log.info("purged", interconnections=gone)
