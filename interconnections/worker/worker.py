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
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import structlog

from interconnections.bridge.services import Bridge
from interconnections.errors import StoreAway
from interconnections.store import leases, schema
from interconnections.store.upgrade import REPORTED
from interconnections.worker.abandoned_starts import Orphans
from interconnections.worker.channel_listeners import ChannelListeners
from interconnections.worker.conversation_runner import ConversationRunner
from interconnections.worker.housekeeping import Housekeeping
from interconnections.worker.owned_conversations import OwnedConversations
from interconnections.worker.pulse import Pulse

LEASE = 4_000  # ms that others wait before they take what a silent worker owns
BEAT = 1.0  # seconds between heartbeats
MARGIN = 0.25  # of the lease, before its end, at which we let go by ourselves
CLAIMS = 250  # interconnections claimed by one heartbeat
BETWEEN_CLAIMS = 0.1  # seconds; the bell for all workers comes in swarms, which are answered together
AT_LEAST = 0.02  # seconds from a bell to its answer, for the rest of its swarm

log = structlog.get_logger("bridge.worker")


class Worker:
    def __init__(
        self,
        bridge: Bridge,
        *,
        capacity: int,
        lease: int = LEASE,
        beat: float = BEAT,
        alive_file: Path | None = None,
    ) -> None:
        """`alive_file` is touched at each turn from the first lease on, for whoever watches this process."""
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self.bridge, self.capacity, self.lease, self.beat = bridge, capacity, lease, beat
        self.stopping = asyncio.Event()
        self._alive_file, self._had_a_lease = alive_file, False
        self.conversations = OwnedConversations(bridge, self.name, self.stopping)
        self._orphans = Orphans(bridge)
        self._something_free = asyncio.Event()
        self._housekeeping = Housekeeping(bridge, self.name)
        self._renewed = self._asked = time.monotonic()
        self._missed = 0  # heartbeats, one after the other
        self._givings: set[asyncio.Task[None]] = set()
        self._incarnation = ""  # of Redis, where it may change under us
        self._pulse = Pulse(self.name, lease, beat)
        self._tower = ChannelListeners(
            self.name, self.conversations.ring, self.conversations.ring_receipts, self._something_free.set
        )

    # Living

    async def run(self) -> None:
        """Until `stopping` is set; then everything is handed over.  Raises WrongSchema where we cannot work."""
        log.info("worker starts", worker=self.name, capacity=self.capacity)
        await self._agree()
        self._tower.open()
        self._pulse.start()
        self._housekeeping.open()
        fence = asyncio.get_running_loop().create_task(self._fence_ourselves())
        try:
            while not self.stopping.is_set():
                beat_at = time.monotonic() + self.beat * random.uniform(0.8, 1.0)
                await self._steadily(self._one_beat)
                await self._steadily(self._show_life)
                await self._steadily(self.conversations.sweep)
                self._orphans.look()
                while await self._rung(beat_at):
                    await self._steadily(self._claim)
        finally:
            await self._orphans.close()
            await self._housekeeping.close()
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
        """As long as a beat, or until we are told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), self.beat)

    async def _rung(self, beat_at: float) -> bool:
        """Something is free; False when the next beat is due, or we are told to stop."""
        try:
            async with asyncio.timeout(beat_at - time.monotonic()):
                await self._something_free.wait()
                await asyncio.sleep(max(AT_LEAST, self._asked + BETWEEN_CLAIMS - time.monotonic()))
        except TimeoutError:
            return False
        self._something_free.clear()
        return not self.stopping.is_set()

    async def _steadily(self, step: Callable[[], Awaitable[object]]) -> None:
        """What is wrong with one step must not end the worker: the next would meet it, and the one after."""
        try:
            await step()
        except Exception:
            log.exception("beat stumbled", worker=self.name)

    async def _show_life(self) -> None:
        """While Redis is away too: who restarts us then would help nobody."""
        if self._alive_file and self._had_a_lease:
            await asyncio.to_thread(self._alive_file.touch)

    async def _one_beat(self) -> None:
        self._something_free.clear()
        gauges = self._gauges() | {REPORTED: schema.SCHEMA}
        beat = await self._claim(self.bridge.tally.taken(), gauges)
        if beat:
            self._had_a_lease = True
            self._give_surplus(beat)

    def _gauges(self) -> dict[str, float]:
        """None where we stumble over them, for whatever conversation: that must not cost the lease of all."""
        try:
            return self.conversations.gauges()
        except Exception:
            log.exception("figures stumbled", worker=self.name)
            self.bridge.tally.count("figures stumbled")
            return {}

    async def _claim(
        self, totals: dict[str, int] | None = None, gauges: dict[str, float] | None = None
    ) -> leases.Beat | None:
        """Renew the lease, and take what is free; None while Redis is away.  A bell asks for this much alone."""
        async with self.conversations.lock:
            beat = await self._heartbeat(totals or {}, gauges or {})
            if beat is None:
                return None
            await self.conversations.take(list(beat.claims))
            await self.conversations.reconcile(beat.owned)
        self._give_what_is_wanted(beat)
        if len(beat.claims) == CLAIMS:
            self._something_free.set()  # there may be more
        return beat

    async def _heartbeat(self, totals: dict[str, int], gauges: dict[str, float]) -> leases.Beat | None:
        """Renew the lease, claim what is free, tell our figures; None while Redis is away."""
        asked = self._asked = time.monotonic()
        try:
            beat = await leases.beat(self.bridge.redis, self.name, self.lease, CLAIMS, self.capacity, totals, gauges)
            failed_over = await self._failed_over()
        except BaseException as error:
            self.bridge.tally.give_back(totals)
            if not isinstance(error, StoreAway):
                raise
            log.warning("no heartbeat", worker=self.name, why=str(error))
            self._missed += 1
            return None
        self._renewed = asked  # the lease runs from before the question, not from the answer
        if self._missed:
            log.warning("Redis answers again", worker=self.name, missed=self._missed)
            self._missed = 0
        if not beat.was_alive and len(self.conversations):
            log.warning("declared dead: letting go", worker=self.name, owned=len(self.conversations))
            self.conversations.drop_all()
        elif failed_over:
            self._give("Redis failed over: claiming anew", self.conversations.kept())
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
            if len(self.conversations) and self.lapsed:
                log.warning("lease not renewed: letting go", worker=self.name, owned=len(self.conversations))
                self.conversations.drop_all()

    @property
    def lapsed(self) -> bool:
        """Nothing has renewed our lease for so long that others may have what we own, or will soon.

        By our own clock, which runs on while the process is frozen.
        """
        silent = time.monotonic() - max(self._renewed, self._pulse.renewed)
        return silent > self.lease / 1000 * (1 - MARGIN)

    # Giving away

    def _give_what_is_wanted(self, beat: leases.Beat) -> None:
        """By a supervisor: some, or all of it."""
        wanted = self.conversations.kept() if beat.drains else self.conversations.named(beat.asked)
        self._give("taken away by hand", wanted)

    def _give_surplus(self, beat: leases.Beat) -> None:
        """Above our share: hand the surplus to the workers that have less."""
        surplus = self.conversations.number_kept - beat.share - max(1, beat.share // 50)
        if surplus > 0 and beat.workers > 1:
            self._give("rebalancing", self.conversations.kept()[-surplus:])

    def _give(self, why: str, given: list[ConversationRunner]) -> None:
        """In a task of its own: the lease is renewed while messages in flight land."""
        if given:
            log.info(why, worker=self.name, given=len(given))
            task = asyncio.get_running_loop().create_task(self.conversations.giving(given))
            self._givings.add(task)
            task.add_done_callback(self._given)

    def _given(self, task: asyncio.Task[None]) -> None:
        self._givings.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("giving away stumbled", worker=self.name, exc_info=error)

    async def _hand_over(self) -> None:
        await self.conversations.depart()
        if self._givings:
            await asyncio.wait(self._givings)
        await self.conversations.giving(self.conversations.kept())
        await self.conversations.leave()
