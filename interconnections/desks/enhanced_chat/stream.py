"""The stream of one user's events: opened, read, opened again (section 5)."""

import time

import structlog

from interconnections.backoff import backoff
from interconnections.desks.enhanced_chat.session import Session
from interconnections.desks.enhanced_chat.sse import Frame, Parser
from interconnections.one_by_one import OneByOne
from interconnections.secret import Secret
from interconnections.wire import OpenReply, Unreachable

SILENCE = 90.0  # seconds after which a stream is dead; they ping more often
FIRST, LONGEST = 1.0, 16.0  # seconds before it is opened again

log = structlog.get_logger("bridge.enhanced_chat")


class EventStream:
    """`heard_at`: of time.monotonic, when bytes came last."""

    def __init__(self, session: Session, opening: OneByOne) -> None:
        self.session, self._opening = session, opening
        self.heard_at = time.monotonic()
        self._reply: OpenReply | None = None
        self._parser = Parser()
        self._expired: Secret | None = None  # the token that a stream called so
        self._broken = 0  # streams in a row that brought nothing

    @property
    def is_open(self) -> bool:
        return self._reply is not None

    @property
    def pause(self) -> float:
        """Seconds to wait before it is opened: none for the first; with a jitter, so that many do not come as one."""
        return backoff(self._broken - 1, base=FIRST, cap=LONGEST) if self._broken else 0.0

    async def open(self, last_event_id: str) -> None:
        """Everything after this event.  Raises DeskErrors."""
        client = self.session.client
        self._broken += 1  # until it brings something
        await self._opening.turn()
        if self._expired:
            await self.session.renew(self._expired)
            self._expired = None
        self._reply = await self.session.call(lambda access: client.open_stream(access, last_event_id, time.time()))
        self._parser = Parser()
        self.heard_at = time.monotonic()

    async def read(self, patience: float | None) -> list[Frame]:
        """What came within `patience` seconds, [] for nothing; it may be closed afterwards: then there is a gap."""
        assert self._reply
        left = SILENCE - (time.monotonic() - self.heard_at)
        try:
            piece = await self._reply.read(max(0.01, left if patience is None else min(patience, left)))
        except Unreachable as trouble:
            if not trouble.silent:
                self._lost(str(trouble))
            elif time.monotonic() - self.heard_at >= SILENCE:
                self._lost("silence")
            return []
        if not piece:
            self._lost("its end")
            return []
        self.heard_at, self._broken = time.monotonic(), 0
        frames = self._parser.feed(piece)
        if self._parser.expired:  # renewed when it is opened again: what came before is still to be told
            self._expired = self.session.access.token
            self.close()
        elif self._parser.skipped:
            self._lost("an event too large to be read from it")
        return frames

    def _lost(self, why: str) -> None:
        self._broken = max(1, self._broken)
        self.session.host.count(f"streams lost:{why if why in ('silence', 'its end') else 'broken'}")
        log.info("stream lost", session=self.session.id, why=why)
        self.close()

    def close(self) -> None:
        if self._reply:
            self._reply.close()
            self._reply = None
