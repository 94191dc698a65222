"""One exchange with Meta's Graph API, and what its answer means; both of Meta's platforms speak through it.

Codes decide, never words (whatsapp-cloud-api.md section 11, messenger-platform.md section 9): each platform has one
table of them.  A code that it does not know is told by the HTTP status.  No error of ours holds Meta's sentences:
they name people and numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from interconnections.errors import (
    PairLimited,
    PlatformError,
    PlatformRefused,
    PlatformStopped,
    PlatformUnwell,
    WindowClosed,
)
from interconnections.fast_json import dump_bytes, loads
from interconnections.multipart import Form
from interconnections.platforms.usage import Usage
from interconnections.platforms.values import Json, an_object
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

GRAPH = "https://graph.facebook.com"
STOPPED = 60.0  # seconds between two tries while somebody has to mend the token or the account
LATER = frozenset({408, 409, 423, 425, 429})  # without a code: nothing was taken, and it may be soon


class Do(StrEnum):
    """What the sender of a message does about an answer."""

    RETRY = "retry"  # repeat it, with a back-off
    AGAIN = "again"  # repeat it once, at once; the same answer is the last word
    PAUSE = "pause"  # the bot's, or all of the app's: nobody's messages go for a while
    PAIR = "pair"  # only this user had too much at once
    STOP = "stop"  # the token, a permission, the account: keep everything, somebody must mend it
    REFUSE = "refuse"  # this message will never be taken
    WINDOW = "window"  # it would be, had the user written lately
    SILENT = "silent"  # it may have been taken: look before it is sent again


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wait`: seconds; None leaves it to the bridge's own back-off."""

    do: Do
    wait: float | None = None


Outcomes = Mapping[tuple[int, int | None], Outcome]  # by code and subcode; (code, None) for all others of a code


@dataclass(frozen=True, slots=True)
class Access:
    """Where Graph is, in which version, and as whom we ask."""

    url: str
    version: str
    token: Secret


@dataclass(frozen=True, slots=True)
class GraphFault:
    """What an error's body says; zeros where there is none that can be read."""

    code: int = 0
    subcode: int = 0
    coded: bool = False  # code 0 is one of theirs
    transient: bool = False


class Graph:
    """`outcomes`: the platform's table."""

    def __init__(self, wire: Wire, outcomes: Outcomes) -> None:
        self.wire, self.outcomes = wire, outcomes
        self.usage = Usage()

    async def ask(
        self,
        access: Access,
        method: str,
        path: str,
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
        *,
        form: Form | None = None,
    ) -> Json:
        """The answer's object.  `path`: behind the version, already quoted; `form`: instead of a body.

        Raises PlatformRefused, WindowClosed, PlatformUnwell, PairLimited and PlatformStopped, with the code.
        """
        address = f"{access.url}/{access.version}/{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {access.token.reveal()}"}
        content: bytes | Form | None = form
        if form is not None:
            headers["Content-Type"] = form.content_type
        elif body is not None:
            headers["Content-Type"] = "application/json"
            content = dump_bytes(body)
        await self.usage.turn(access.token)
        reply = await self._exchange(method, address, headers, content)
        self.usage.learn(access.token, reply.headers)
        if (outcome := self.outcome(reply)) and outcome.do is Do.AGAIN:
            reply = await self._exchange(method, address, headers, content)
            outcome = self.outcome(reply)
        if outcome:
            raise _raised(outcome, reply, self.code(reply))
        return an_object(_parsed(reply.content))

    def outcome(self, reply: Reply) -> Outcome | None:
        """None where it was done as asked."""
        fault = fault_of(reply)
        if reply.status == 200 and not fault.coded:
            return None if isinstance(_parsed(reply.content), dict) else Outcome(Do.SILENT)
        if fault.coded:
            for key in ((fault.code, fault.subcode), (fault.code, None)):
                if key in self.outcomes:
                    return self.outcomes[key]
            if fault.transient:
                return Outcome(Do.RETRY)
        return _by_status(reply.status, fault.coded)

    def code(self, reply: Reply) -> str:
        """As `failures` and metrics have it: `131047`, or `10/2018278` where the table knows the subcode."""
        fault = fault_of(reply)
        if not fault.coded:
            return ""
        return f"{fault.code}/{fault.subcode}" if (fault.code, fault.subcode) in self.outcomes else str(fault.code)

    async def _exchange(
        self, method: str, address: str, headers: dict[str, str], content: bytes | Form | None
    ) -> Reply:
        try:
            return await self.wire.send(method, address, headers=headers, body=content)
        except Unreachable as trouble:
            raise PlatformUnwell(f"no answer: {trouble}", silent=not trouble.unmet, crowded=trouble.crowded) from None


def fault_of(reply: Reply) -> GraphFault:
    """`error_data` and the sentences are not looked at: they have many shapes, and decide nothing."""
    error = an_object(an_object(_parsed(reply.content)).get("error"))
    code = _number(error.get("code"))
    if code is None:
        return GraphFault()
    return GraphFault(code, _number(error.get("error_subcode")) or 0, True, error.get("is_transient") is True)


def _by_status(status: int, coded: bool) -> Outcome:
    """`coded`: they said why, so that nothing was taken; a bare 5xx may be that of something between us."""
    if status in (401, 403):
        return Outcome(Do.STOP, STOPPED)
    if status in LATER or 300 <= status < 400:
        return Outcome(Do.RETRY)
    if status >= 500:
        return Outcome(Do.RETRY if coded else Do.SILENT)
    return Outcome(Do.REFUSE)


def _raised(outcome: Outcome, reply: Reply, code: str) -> PlatformError:
    why = f"answered {reply.status}" + (f", code {code}" if code else "")
    wait = reply.retry_after if reply.retry_after is not None else outcome.wait
    match outcome.do:
        case Do.REFUSE | Do.AGAIN:
            return PlatformRefused(why, code)
        case Do.WINDOW:
            return WindowClosed(why, code)
        case Do.PAIR:
            return PairLimited(why, wait, code=code)
        case Do.STOP:
            return PlatformStopped(why, wait, code=code)
        case _:
            return PlatformUnwell(why, wait, silent=outcome.do is Do.SILENT, code=code)


def _number(value: object) -> int | None:
    """Codes come as numbers, now and then as strings."""
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parsed(content: bytes) -> object:
    try:
        return loads(content)
    except (ValueError, RecursionError):
        return None
