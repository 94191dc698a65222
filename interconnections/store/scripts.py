"""The Lua scripts are called here by their names: as functions that Redis keeps, or as scripts by their digest.

Of a script Redis makes all that it shares with others anew at each call, and throws it away; of functions it is there
once.  They are the same text, loaded by whoever finds them missing.
"""

import secrets
from collections.abc import Generator
from dataclasses import dataclass

from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    MasterDownError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from interconnections.errors import BridgeError, StoreAway, StoreFault
from interconnections.store import script_text
from interconnections.store.answers import Answer as Answer
from interconnections.store.answers import decoded
from interconnections.store.connection import AsyncRedis, PageRedis

# Answers that pass: the server is loading, full, a replica, or busy.  Every other refusal is a fault that a repeat
# meets again: a script that fails, a key that holds another type, a right that is missing.
PASSING = (BusyLoadingError, ClusterDownError, MasterDownError, OutOfMemoryError, ReadOnlyError, TryAgainError)
PASSING_WORDS = ("BUSY ", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY")

NOT_LOADED = "Function not found"

Argument = str | int | float | bytes
Command = tuple[Argument, ...]


@dataclass
class Functions:
    """`allowed`: no server has refused us functions yet; what it decides holds for the process."""

    allowed: bool = True


as_functions = Functions()


def ticket() -> str:
    """By which a script knows that it is sent again; one for each time that something is meant."""
    return secrets.token_hex(8)


def trouble(name: str, error: RedisError) -> BridgeError:
    """What a refusal or a silence of Redis means to who asked."""
    sentence = f"{name}: {type(error).__name__}: {error}"
    if not isinstance(error, ResponseError) or isinstance(error, PASSING) or str(error).startswith(PASSING_WORDS):
        return StoreAway(sentence)
    return StoreFault(sentence)


def _asked(name: str, arguments: tuple[Argument, ...]) -> Generator[Command, object, object]:
    """What Redis is asked in turn, thrown its refusals.

    A function, which is loaded where it is not there; a script where this server has none, or not for our user.
    """
    function = ("FCALL", script_text.function(name), 0, *arguments)
    if as_functions.allowed:
        try:
            return (yield function)
        except ResponseError as refused:
            if not (unknown := NOT_LOADED in str(refused)) and not _forbidden(refused):
                raise
            as_functions.allowed = unknown
    if as_functions.allowed:
        try:
            yield ("FUNCTION", "LOAD", "REPLACE", script_text.library())
        except ResponseError as refused:  # Redis is full, say, and must go on; the next call tries again
            as_functions.allowed = not _forbidden(refused)
        else:
            return (yield function)
    try:
        return (yield ("EVALSHA", script_text.digest(name), 0, *arguments))
    except NoScriptError:
        return (yield ("EVAL", script_text.source(name), 0, *arguments))


def _forbidden(refused: ResponseError) -> bool:
    return isinstance(refused, NoPermissionError) or "unknown command" in str(refused)


async def run(redis: AsyncRedis, name: str, *arguments: Argument) -> Answer:
    """Run a script; raises StoreAway while Redis does not answer or is full, StoreFault where a repeat is in vain."""
    asked = _asked(name, arguments)
    try:
        command = next(asked)
        while True:
            try:
                answer = await redis.execute_command(*command)
            except ResponseError as refused:
                command = asked.throw(refused)
            else:
                command = asked.send(answer)
    except StopIteration as done:
        return done.value if isinstance(done.value, list) else [done.value]
    except RedisError as error:
        raise trouble(name, error) from error


def run_for_page(redis: PageRedis, name: str, *arguments: Argument) -> Answer:
    """The same from synchronous code; answers are decoded here."""
    asked = _asked(name, arguments)
    try:
        command = next(asked)
        while True:
            try:
                answer = redis.execute_command(*command)
            except ResponseError as refused:
                command = asked.throw(refused)
            else:
                command = asked.send(answer)
    except StopIteration as done:
        parts = done.value if isinstance(done.value, list) else [done.value]
    except RedisError as error:
        raise trouble(name, error) from error
    return [decoded(part) for part in parts]
