"""Everything that Meta knows: set-up, subscriptions, people, threads, files, and what it refused."""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from collections.abc import Callable

from .. import ids
from ..protocol_options import Json, Rules
from ..yalo.platform import User
from .accounts import Setup
from .courier import Courier
from .files import Files
from .people import People, Person
from .rates import Counted
from .subscriptions import MESSENGER, Destination, Subscriptions
from .thread import Thread


class Graph:
    """The server.  `user`: the phone of whoever is called so, which other platforms write to as well."""

    def __init__(self, rules: Rules, user: Callable[[str], User]) -> None:
        self.rules = rules
        self.user = user
        self.setup = Setup()
        self.subscriptions = Subscriptions()
        self.people = People()
        self.threads: dict[tuple[str, str], Thread] = {}
        self.files = Files()
        self.rates = Counted()
        self.courier = Courier(rules, self._failing)
        self.refusals: deque[Json] = deque(maxlen=1000)
        self.reads: list[Json] = []  # read marks and typing that businesses sent
        self.control: list[Json] = []  # what happened to threads
        self._numbers = itertools.count(1)
        self._world = secrets.token_hex(4)

    def thread(self, account: str, person: Person) -> Thread:
        """What stands between them."""
        return self.threads.setdefault((account, person.id), Thread(account, person.id))

    def new_id(self, prefix: str) -> str:
        """A message id; with all that may be in one (WA, vocabulary)."""
        return f"{prefix}{self._world}{next(self._numbers):06}+/{secrets.token_hex(4)}=="

    def show(self, thread: Thread, record: Json) -> None:
        """The phone shows what a business sent."""
        user = self.user(thread.person_id)
        if record.get("handle") in thread.handles:
            user.repeated_ids += 1
        thread.add(record, by_user=False)
        thread.typing_until = 0.0
        user.received.append(record)
        user.bell.ring()

    def refused(self, path: str, status: int, why: str, person: str | None = None) -> None:
        """Write a refusal down."""
        refusal: Json = {"status": status, "path": path, "why": why, "at": ids.now_ms()}
        (self.user(person).refusals if person else self.refusals).append(refusal)

    def _failing(self, to: Destination, seconds: float) -> None:
        """An hour of failures, and the app is no longer subscribed to the page (FB §2.2)."""
        if to.object == MESSENGER and seconds >= self.rules.page_unsubscribed_after:
            self.subscriptions.pages.get(to.entry, {}).pop(to.app, None)

    def clear(self) -> None:
        """Forget people, threads, files; what a developer set up stays."""
        self.courier.clear()
        self.people.clear()
        self.threads.clear()
        self.files.clear()
        self.rates.clear()
        self.refusals.clear()
        self.reads.clear()
        self.control.clear()
