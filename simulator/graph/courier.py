"""Posts webhooks: signed, in batches, again and again until they are answered 200 (WA §2.2, FB §2.2).

Each POST goes its own way: while one is repeated, later ones overtake it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import aiohttp

from .. import ids
from ..bell import Bell
from ..protocol_options import Json, Rules
from . import events
from .subscriptions import Destination


@dataclass
class Delivery:
    """What became of one event at one destination."""

    app: str = ""
    answers: list[int | None] = field(default_factory=list)  # one for each attempt; None: no answer
    body: object = None  # of the last answer
    done: bool = False
    bell: Bell = field(default_factory=Bell)

    def shown(self) -> Json:
        """As the control API shows one."""
        last = self.answers[-1] if self.answers else None
        more: Json = {"attempts": len(self.answers), "before": self.answers[:-1], "app": self.app}
        return {"status": last, "body": self.body} | more


@dataclass
class Parcel:
    """What goes out in one POST."""

    to: Destination
    entries: list[Json]
    deliveries: list[Delivery]
    whole: Json | None = None  # a body as it is, instead of entries

    def answered(self, status: int | None, body: object, *, done: bool) -> None:
        """Somebody answered, or nobody did."""
        for one in self.deliveries:
            one.answers.append(status)
            one.body, one.done = body, done
            one.bell.ring()


class Courier:
    """One HTTP client for all webhooks."""

    def __init__(self, rules: Rules, given_up: Callable[[Destination, float], None]) -> None:
        """`given_up`: called after each failure with how many seconds there have been failures only."""
        self.rules = rules
        self.posts: list[Json] = []  # the last that went out, for tests
        self._given_up = given_up
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[Destination, Parcel] = {}
        self._failing: dict[tuple[str, str], float] = {}
        self._changed: Callable[[], None] = lambda: None

    def on_change(self, changed: Callable[[], None]) -> None:
        """Called whenever something was answered."""
        self._changed = changed

    def post(self, to: Destination, entry: Json | None, whole: Json | None = None) -> Delivery:
        """Tell this; with others, if the switch wants batches."""
        delivery = Delivery(to.app)
        if whole is not None or entry is None:
            self.spawn(self._deliver(Parcel(to, [], [delivery], whole)))
            return delivery
        waiting = self._waiting.get(to)
        if waiting is None:
            waiting = self._waiting[to] = Parcel(to, [], [])
            if self.rules.meta_batch > 1:
                self.spawn(self._flush_later(to, waiting))
        waiting.entries.append(entry)
        waiting.deliveries.append(delivery)
        if len(waiting.entries) >= self.rules.meta_batch:
            self._flush(to, waiting)
        return delivery

    async def _flush_later(self, to: Destination, parcel: Parcel) -> None:
        await asyncio.sleep(self.rules.meta_batch_seconds)
        self._flush(to, parcel)

    def _flush(self, to: Destination, parcel: Parcel) -> None:
        if self._waiting.get(to) is parcel:
            del self._waiting[to]
            self.spawn(self._deliver(parcel))

    def spawn(self, errand: Coroutine[object, object, None]) -> None:
        """Do it beside everything else."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, parcel: Parcel) -> None:
        rules, loop = self.rules, asyncio.get_running_loop()
        raw = events.escaped(parcel.whole if parcel.whole is not None else self._body(parcel))
        began, pause = loop.time(), rules.meta_retry_pause
        attempt = 0
        while True:
            attempt += 1
            status, body = await self._post(parcel.to, raw, attempt)
            good = status == 200 or (rules.meta_webhook_success == "2xx" and 200 <= (status or 0) < 300)
            over = good or loop.time() - began + pause > rules.meta_retry_for
            parcel.answered(status, body, done=over)
            self._changed()
            self._note(parcel.to, good)
            if good:
                for _ in range(rules.meta_webhook_copies - 1):
                    await self._post(parcel.to, raw, attempt)
            if over:
                return
            if attempt > 1:  # the second attempt comes at once
                await asyncio.sleep(pause)
                pause = min(2 * pause, rules.meta_retry_longest)

    def _body(self, parcel: Parcel) -> Json:
        rules = self.rules
        return events.envelope(
            parcel.to.object,
            parcel.entries,
            merged=rules.meta_batch_shape == "merged",
            backwards=rules.meta_batch_order == "reversed",
        )

    def _note(self, to: Destination, good: bool) -> None:
        now, key = asyncio.get_running_loop().time(), (to.app, to.entry)
        if good:
            self._failing.pop(key, None)
        else:
            self._given_up(to, now - self._failing.setdefault(key, now))

    async def _post(self, to: Destination, raw: bytes, attempt: int) -> tuple[int | None, object]:
        secret = to.secret + ("?" if self.rules.meta_signature == "wrong" else "")
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if self.rules.meta_signature != "missing":
            headers["X-Hub-Signature"] = events.legacy_signature(secret, raw)
            headers["X-Hub-Signature-256"] = events.signature(secret, raw)
        note: Json = {"app": to.app, "url": to.url, "body": raw.decode(), "attempt": attempt, "at": ids.now_ms()}
        self.posts = [*self.posts[-999:], note]
        limit = aiohttp.ClientTimeout(total=self.rules.meta_webhook_timeout)
        try:
            async with self.http.post(
                to.url, data=raw, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                note["status"] = answer.status
                return answer.status, _read(text)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
            note["status"] = None
            return None, f"{type(trouble).__name__}: {trouble}"

    @property
    def http(self) -> aiohttp.ClientSession:
        """The client; made when it is first needed, as that must happen in the loop."""
        if self._http is None:
            # The bridge's server hangs up after five idle seconds, and a webhook just then would get no answer.
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=3.0))
        return self._http

    def clear(self) -> None:
        """Tell nothing more of what was."""
        for task in self._tasks:
            task.cancel()
        self._waiting.clear()
        self._failing.clear()
        self.posts = []

    async def close(self) -> None:
        """Let the connections go."""
        self.clear()
        if self._http is not None:
            await self._http.close()
            self._http = None


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
