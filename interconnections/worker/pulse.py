"""The pulse: renews the lease from a thread of its own, for as long as the event loop is alive.

A loop with thousands of messages at once may need seconds for a round.  Were the lease to end meanwhile, the worker
would let go of everything, take it all back, and have even more to do: it would drown.  So the lease hangs on
the loop's being alive at all, not on its being quick.
"""

import threading
import time

import structlog

from interconnections.errors import StoreAway
from interconnections.store import leases

STUCK = 10.0  # seconds without a tick after which the loop counts as dead, and others may have what we own

log = structlog.get_logger("bridge.pulse")


class Pulse:
    def __init__(self, worker: str, lease: int, beat: float, stuck: float = STUCK) -> None:
        """`lease`: ms; `beat`, `stuck`: seconds."""
        self.worker, self.lease, self.beat, self.stuck = worker, lease, beat, stuck
        self.renewed = self._ticked = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tick(self) -> None:
        """The loop is alive."""
        self._ticked = time.monotonic()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self.beat):
            asked = time.monotonic()
            if asked - self._ticked > self.stuck:
                continue
            try:
                if leases.renew(self.worker, self.lease):
                    self.renewed = asked  # it runs from before the question, not from the answer
            except StoreAway as trouble:
                log.info("no pulse", worker=self.worker, why=str(trouble))
            except Exception:  # the loop's own heartbeat goes on, and the next pulse may do better
                log.exception("pulse stumbled", worker=self.worker)
