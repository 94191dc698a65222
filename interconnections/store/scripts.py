"""The Lua scripts, by name: loaded from files, sent once, called by their digest.

An answer may be lost on its way, and the client then sends the script again; so each one recognises its repeat, and
the table says by what.  A test runs each of them twice.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from interconnections.errors import BridgeError, StoreAway, StoreFault
from interconnections.histograms import SECONDS
from interconnections.items import Lane
from interconnections.lifecycle import FINAL, LEFT
from interconnections.store.connection import AsyncRedis, PageRedis
from interconnections.store.fields import FOLLOWED
from interconnections.store.keys import as_lua
from interconnections.store.script_text import needed

HERE = Path(__file__).parent / "scripts"
SHARED = ("common", "lane", "shore", "board", "life", "people", "sent")  # in this order; each builds on those before


@dataclass(frozen=True, slots=True)
class Script:
    """`repeat`: by what it knows that it is sent again; `when_full`: it runs although Redis is out of memory;
    `reads`: it writes nothing.

    What carries on, ends or forgets what is there must run, or a full Redis would never empty itself; what begins
    something new must not, and is refused before it begins.  What a webhook brought is new: its platform repeats it.
    """

    repeat: str
    when_full: bool
    reads: bool = False


SCRIPTS = {
    "attempt": Script("the token of the try", when_full=True),
    "attempted": Script("the token of the try is not there any more", when_full=True),
    "block": Script("the ticket that is kept with the conversation", when_full=True),
    "board": Script("it writes nothing", when_full=True, reads=True),
    "change": Script("the ticket of the change that was applied last", when_full=True),
    "end_start": Script("the ticket that is kept with the end", when_full=True),
    "hang_up": Script("the ticket that is kept with the order", when_full=True),
    "hear": Script("the message's id", when_full=False),
    "heartbeat": Script("the ticket of the worker's last beat; whom it claimed is in its set", when_full=True),
    "lock": Script("the token of the holder", when_full=False),
    "mend": Script("nothing is stuck any more", when_full=True),
    "news": Script("the mark that was used, or the names of the events", when_full=True),
    "open": Script("the interconnection is there", when_full=True),
    "purge": Script("the interconnection is gone", when_full=True),
    "put_off": Script("it is not ours any more, or was ended so", when_full=True),
    "rebase": Script("the epoch that it ends", when_full=True),
    "release": Script("it is not ours any more", when_full=True),
    "renew": Script("a lease is set, not added to", when_full=True),
    "resend": Script("the ticket that is kept with the conversation", when_full=False),
    "reserve": Script("the token of the reservation", when_full=False),
    "sample": Script("the slot has its point", when_full=True),
    "say": Script("the ticket of the call, kept with the form's", when_full=False),
    "started": Script("it has started and is claimed or wanted", when_full=True),
    "status": Script("a status never goes back", when_full=False),
    "step": Script("a step is set, not added to", when_full=True),
    "take": Script("the number at the head, how often it was tried, the ticket of its first take", when_full=True),
    "take_over": Script("the token of the reservation", when_full=False),
    "turn": Script("the ticket that took from the bucket last", when_full=False),
    "unlock": Script("the token is not there any more", when_full=True),
    "unreserve": Script("the token is not there any more", when_full=True),
    "unsent": Script("nothing is in hand any more", when_full=True),
}

# Answers that pass: the server is loading, full, a replica, or busy.  Every other refusal is a fault that a repeat
# meets again: a script that fails, a key that holds another type, a right that is missing.
PASSING = (BusyLoadingError, ClusterDownError, MasterDownError, OutOfMemoryError, ReadOnlyError, TryAgainError)
PASSING_WORDS = ("BUSY ", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY")

Argument = str | int | float
# A script answers with a list of words and numbers; each caller knows its script's shapes.
Answer = list[str | int | list[str]]


@lru_cache(maxsize=64)
def source(name: str) -> str:
    """The whole text of a script.

    The first line makes it a script with flags: while Redis is out of memory it runs whole or is refused before it
    begins, where a plain one would fail at its first write and leave the half before.
    """
    script = SCRIPTS[name]
    first = "#!lua flags=no-writes" if script.reads else "#!lua flags=allow-oom" if script.when_full else "#!lua"
    fields = ",".join(f"'{field}'" for field in FOLLOWED)
    final = ",".join(f"['{status}']=true" for status in sorted(FINAL))
    lanes = ",".join(f"'{lane}'" for lane in Lane)
    left = ",".join(f"['{reason}']=true" for reason in sorted(LEFT))
    seconds = ",".join(map(str, SECONDS))
    tables = "\n".join(
        f"local {name} = {{{values}}}"
        for name, values in (
            ("FOLLOWED", fields), ("FINAL", final), ("LEFT", left), ("LANES", lanes), ("SECONDS", seconds)
        )
    )  # fmt: skip
    shared = [(HERE / "shared" / f"{part}.lua").read_text() for part in SHARED]
    lines = needed([tables, *shared], (HERE / f"{name}.lua").read_text())
    return "\n".join([first, *as_lua("\n".join(lines))])


@lru_cache(maxsize=64)
def digest(name: str) -> str:
    return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()


def ticket() -> str:
    """By which a script knows that it is sent again; one for each time that something is meant."""
    return secrets.token_hex(8)


def trouble(name: str, error: RedisError) -> BridgeError:
    """What a refusal or a silence of Redis means to who asked."""
    sentence = f"{name}: {type(error).__name__}: {error}"
    if not isinstance(error, ResponseError) or isinstance(error, PASSING) or str(error).startswith(PASSING_WORDS):
        return StoreAway(sentence)
    return StoreFault(sentence)


async def run(redis: AsyncRedis, name: str, *arguments: Argument) -> Answer:
    """Run a script; raises StoreAway while Redis does not answer or is full, StoreFault where a repeat is in vain."""
    try:
        try:
            answer = await redis.evalsha(digest(name), 0, *arguments)
        except NoScriptError:
            answer = await redis.eval(source(name), 0, *arguments)
    except RedisError as error:
        raise trouble(name, error) from error
    return answer if isinstance(answer, list) else [answer]


def run_for_page(redis: PageRedis, name: str, *arguments: Argument) -> Answer:
    """The same from synchronous code; answers are decoded here."""
    try:
        try:
            answer = redis.evalsha(digest(name), 0, *arguments)
        except NoScriptError:
            answer = redis.eval(source(name), 0, *arguments)
    except RedisError as error:
        raise trouble(name, error) from error
    parts = answer if isinstance(answer, list) else [answer]
    return [part.decode() if isinstance(part, bytes) else part for part in parts]
