"""The store itself, behind the same deeds as the model: plain answers.

Time is Redis' own and cannot be moved; so the few that write times here put them into the past instead.
"""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from interconnections.desks.desk import Rebase
from interconnections.desks.live_agent.chat import switched
from interconnections.desks.live_agent.handover import reconnected
from interconnections.desks.live_agent.reader import Session
from interconnections.errors import LostOwnership
from interconnections.items import Change, Item, Lane
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store import deadletters, hearing, lanes, leases, mending, polls, starts
from interconnections.store.connection import for_pages
from interconnections.store.keys import key
from interconnections.store.lanes import Bucket, Settled, Taken
from interconnections.store.leases import Hold
from tests.desks import rebase
from tests.store.machine.clock import Clock
from tests.store.machine.conversation import CONTEXT_LIMIT, LOST, Answer, Place
from tests.store.machine.keys import HOUR, PAST, Keys

T = TypeVar("T")


def session_fields(place: Place, session: str, provider: str, status: Status) -> dict[str, str]:
    bot, user = place
    return {
        "id": f"{user}-{session}", "userId": user, "sessionId": session, "status": status, "provider": provider,
        "botSlug": bot, "name": "Ana", "email": "ana@example.org", "ack": "-1", "epoch": "0", "sequence": "1",
    }  # fmt: skip


class Real(Clock, Keys):
    def close(self) -> None:
        self.run(self.redis.aclose())
        self.loop.close()
        self.keys.close()

    def run(self, deed: Awaitable[T]) -> T:
        async def done() -> T:
            return await deed

        with self.limit():
            return self.loop.run(done())

    @contextmanager
    def limit(self) -> Iterator[None]:
        """Around scripts only: what the machine itself writes, to let time pass, is not the store's."""
        if self.full:
            self.keys.config_set("maxmemory", 1)
        try:
            yield
        finally:
            if self.full:
                self.keys.config_set("maxmemory", 0)

    def owners(self, deed: Awaitable[T]) -> T | None:
        try:
            return self.run(deed)
        except LostOwnership:
            return None

    # Starts

    def reserve(self, place: Place, token: str) -> Answer:
        answer = self.run(starts.reserve(self.redis, *place, token))
        return (answer.state, answer.status) if answer.status else (answer.state,)

    def unreserve(self, place: Place, token: str) -> Answer:
        self.run(starts.unreserve(self.redis, *place, token))
        return ()

    def step(self, place: Place, token: str) -> Answer:
        return (self.run(starts.step(self.redis, *place, token, contactId="003")),)

    def take_over(self, token: str) -> Answer:
        taken = self.run(starts.take_over(self.redis, token))
        return (taken.bot, taken.user) if taken else ()

    def store(self, place: Place, token: str, session: str, provider: str, status: Status, *said: Item) -> Answer:
        tokens = {} if status is Status.FAILED else {"sessionKey": Secret("key"), "affinityToken": Secret("affinity")}
        fields = session_fields(place, session, provider, status)
        return (self.run(starts.store(self.redis, token, fields, tokens, {"order": 7}, said)),)

    def started(self, id: str) -> Answer:
        return (self.run(starts.started(self.redis, id)),)

    def end_start(self, id: str, change: Change) -> Answer:
        return (self.run(starts.end_start(self.redis, id, change)),)

    # Users and bots

    def hear(self, place: Place, message: str, origin: str, *said: Item, leaves: str = "") -> Answer:
        receipt = self.run(
            hearing.hear(
                self.redis,
                *place,
                message=message,
                dedupe=3600,
                items=said,
                entry="[]",
                context=(3600, CONTEXT_LIMIT),
                origin=origin,
                leaves=leaves,
            )  # fmt: skip
        )
        whole = (receipt.session_id, receipt.channel)
        parts = {"lane": whole, "left": whole, "held": (receipt.session_id,)}
        return (str(receipt.heard), *parts.get(receipt.heard, ()))

    def hang_up(self, id: str, reason: str) -> Answer:
        word, first, second = self.run(lanes.hang_up(self.redis, id, reason))
        return (word, first, second) if word == "ordered" else (word, first) if first else (word,)

    # Workers

    def beat(self, worker: str, most: int, capacity: int) -> Answer:
        for id in self.keys.zrange(key("free"), 0, -1):
            self.keys.zadd(key("free"), {id: PAST})  # all waited equally long: which millisecond it was is no rule
        beat = self.run(leases.beat(self.redis, worker, HOUR, most, capacity))
        claims = [(hold.id, int(hold.fence)) for hold in beat.claims]
        return (beat.was_alive, beat.owned, beat.share, beat.workers, claims)

    def release(self, worker: str, holds: list[Hold], leaving: bool) -> Answer:
        return (self.run(leases.release(self.redis, worker, holds, leaving=leaving)),)

    # Owners' writes

    def news(
        self,
        hold: Hold,
        epoch: int,
        used: int,
        ack: int,
        changes: list[Change],
        takes: tuple[Bucket, ...] | None = None,
    ) -> Answer:
        events = [("ChatMessage", "{}", "ChatMessage", "")]
        answer = self.owners(
            polls.store_news(
                self.redis,
                hold,
                epoch=str(epoch),
                used=str(used),
                mark=str(ack),
                fields={},
                events=events,
                changes=changes,
                take=None if takes is None else lanes.Terms(takes, HOUR),
            )
        )
        if takes is None or answer is None:
            return told(answer)
        self._stop_the_clock_of_pauses()
        return (*told(answer), as_told(lanes.next_of(answer.head)) if answer.head else ())

    def change(self, hold: Hold, change: Change) -> Answer:
        return told(self.owners(polls.store_change(self.redis, hold, change)))

    def take(self, hold: Hold, lane: Lane, settled: Settled | None, limits: tuple[Bucket, ...]) -> Answer:
        if settled:  # as they were handed out with the item
            attempts = self.keys.hget(key("hash", hold.id), f"attempts:{lane}") or ""
            settled = replace(settled, attempts=attempts)
        taken = self.owners(lanes.take(self.redis, hold, lane, settled, lanes.Terms(limits, HOUR)))
        self._stop_the_clock_of_pauses()
        return LOST if taken is None else as_told(taken)

    def reconnected(self, hold: Hold, reset: bool) -> Answer:
        return self._rebased(hold, reconnected(Secret("new"), reset=reset))

    def switched(self, hold: Hold) -> Answer:
        return self._rebased(hold, switched(Session("w", Secret("new"), Secret("new"), 40), "https://example.org"))

    def _rebased(self, hold: Hold, change: Rebase) -> Answer:
        return told(self.owners(rebase(self.redis, hold, change, self._epoch(hold))))

    def _epoch(self, hold: Hold) -> str:
        return self.keys.hget(key("hash", hold.id), "epoch") or "0"

    # Supervisors

    def resend(self, id: str, number: int) -> Answer:
        [letter] = [one for one in deadletters.letters(for_pages(), id) if one.number == str(number)]
        with self.limit():
            word, session, channel = deadletters.resend(for_pages(), letter.id, id)
        assert (
            word != "resent" or deadletters.resend(for_pages(), letter.id, id)[0] == "no such"
        )  # whoever asks twice
        return (word, session, channel) if word == "resent" else (word,)

    def mend(self) -> Answer:
        self.keys.delete(key("mending"))
        return tuple(sorted(session for session, _ in self.run(mending.mend(self.redis, "w1"))))


def as_told(head: lanes.Next) -> Answer:
    if isinstance(head, Taken):
        return ("item", int(head.number), head.item.text, head.sequence, head.again, head.tried(), head.status)
    return ("empty", head.retired) if head.wait is None else ("wait",)


def told(answer: polls.Stored | None) -> Answer:
    if answer is None:
        return LOST
    waits = [
        "silent" if wait < 0 else "later" if wait else "now" for wait in (answer.to_salesforce, answer.to_integration)
    ]
    f = answer.fields
    known = (f["status"], f.get("leaving") == "1", int(f["ack"]), int(f["epoch"]), f.get("handover", ""))
    return ("stale" if answer.stale else "stored", *waits, answer.retired, *known)
