"""Faults that can be set on any endpoint of all worlds: which, how, how often.

The rules only; `faulty` does to a socket what they say.  A request meets at most one fault: the first, in the
order in which they were set, that names it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from .graph.refusal import status_of
from .protocol_options import Json

KINDS = {
    "status": "refuse with `status`, without processing",
    "status_after": "process, then answer `status`",
    "drop": "close the socket without processing",
    "drop_after": "process, then close the socket: the answer is lost after acceptance",
    "fails_later": "take a message, tell later that it failed, with `code` (Messenger: nobody sees it)",
    "slow": "process, then answer `seconds` late",
    "truncated": "process, then send half of the body under a longer Content-Length",
    "garbage": "process, then answer 200 with something that is not JSON",
}
WISHES = {
    "on", "kind", "status", "retry_after", "seconds", "times", "every", "key", "code", "message", "fields",
}  # fmt: skip
GROUPS = ("*", "live_agent", "enhanced_chat", "salesforce", "yalo", "graph")


GRAPH_CODE = re.compile(r"\d+(/\d+)?")


class BadFault(ValueError):
    """No such fault can be set."""


@dataclass
class Fault:
    """One fault and how often it has been met."""

    on: str
    kind: str
    status: int = 500
    retry_after: float | None = None  # s, sent as Retry-After
    seconds: float = 2.0
    times: int | None = None  # None: until deleted
    every: int = 1  # each n-th request that it names
    key: str | None = None  # only for this chat id, user id or object
    code: str | None = None  # the errorCode that the data API answers; of Graph `code` or `code/subcode`
    message: str | None = None  # and the message with it
    fields: tuple[str, ...] = ()  # and the fields that it names
    id: int = 0
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    def meets(self, operation: str, group: str, keys: Iterable[str]) -> bool:
        """Count a request; True when this one is to suffer."""
        if self.on not in (operation, group, "*") or (self.key is not None and self.key not in keys):
            return False
        if self.times is not None and self.fired >= self.times:
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.fired += 1
        return True


class Faults:
    """All faults that are set."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, wish: Json, operations: frozenset[str]) -> Fault:
        """Set a fault, if every field of the wish makes sense."""
        fault = read(wish, operations)
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault

    def met(
        self, operation: str, group: str, keys: Iterable[str], kinds: Iterable[str] = tuple(KINDS)
    ) -> Fault | None:
        """The fault that this request meets; a part of a composite knows only some kinds."""
        return next((one for one in self._faults if one.kind in kinds and one.meets(operation, group, keys)), None)

    def delete(self, number: int) -> bool:
        """Take one away."""
        kept = [one for one in self._faults if one.id != number]
        found = len(kept) < len(self._faults)
        self._faults = kept
        return found

    def clear(self) -> None:
        """Take all away."""
        self._faults.clear()

    def shown(self) -> list[Json]:
        """All of them, with how often each was met (`seen`) and fired."""
        return [asdict(one) for one in self._faults]


def read(wish: Json, operations: frozenset[str]) -> Fault:
    """A Fault out of JSON."""
    unknown = wish.keys() - WISHES
    if unknown:
        raise BadFault(f"a fault has no {sorted(unknown)[0]!r}")
    on, kind = wish.get("on"), wish.get("kind")
    if on not in operations and on not in GROUPS:
        raise BadFault(f"on is one of {sorted(operations | set(GROUPS))}, not {on!r}")
    if kind not in KINDS:
        raise BadFault(f"kind is one of {list(KINDS)}, not {kind!r}")
    status = _number(wish, "status", whole=True, least=200)
    if status is not None and status > 599:
        raise BadFault("status is a whole number from 200 to 599")
    if not isinstance(wish.get("key"), (str, type(None))):
        raise BadFault("key is a chat id, a user id or an object")
    if not isinstance(wish.get("code"), (str, type(None))):
        raise BadFault("code is an errorCode of the data API, or `code` or `code/subcode` of Graph")
    if not isinstance(wish.get("message"), (str, type(None))):
        raise BadFault("message is what the data API says with its errorCode")
    named = wish.get("fields", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise BadFault("fields are the API names that the data API says with its errorCode")
    if kind == "fails_later" and not GRAPH_CODE.fullmatch(wish.get("code") or ""):
        raise BadFault("what fails later has a code of Graph")
    seconds = _number(wish, "seconds", least=0)
    return Fault(
        on=str(on),
        kind=str(kind),
        status=_usual(wish.get("code")) if status is None else int(status),
        retry_after=_number(wish, "retry_after", least=0),
        seconds=2.0 if seconds is None else seconds,
        times=None if (times := _number(wish, "times", whole=True, least=1)) is None else int(times),
        every=int(_number(wish, "every", whole=True, least=1) or 1),
        key=wish.get("key"),
        code=wish.get("code"),
        message=wish.get("message"),
        fields=tuple(named),
    )


def _usual(code: str | None) -> int:
    """The status where none is wished for: 500, or what follows from a code of Graph."""
    return status_of(int(code.partition("/")[0])) if code and GRAPH_CODE.fullmatch(code) else 500


def _number(wish: Json, name: str, *, least: int, whole: bool = False) -> float | None:
    value = wish.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or value < least:
        raise BadFault(f"{name} is a {'whole ' if whole else ''}number of at least {least}")
    return float(value) if not whole else value
