"""One exchange with Enhanced Chat: where it lives, what a user's calls carry, what an answer is.

Raises the DeskErrors of reader.py; DeskUnwell when no whole answer came, `undone` when it was never asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from interconnections.desks.enhanced_chat.reader import About, raise_unless_taken, refusal
from interconnections.errors import DeskUnwell
from interconnections.fast_json import dump_bytes
from interconnections.secret import Secret
from interconnections.wire import OpenReply, Reply, Stream, Unreachable, Wire

TIMEOUT = 20.0  # seconds of silence
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where chats are opened (section 1).  `url`: scheme and host of SCRT; `organization_id` as Setup shows it."""

    url: str
    organization_id: str
    name: str

    @property
    def org_id(self) -> str:
        return self.organization_id[:15]

    @property
    def api(self) -> str:
        return f"{self.url}/iamessage/api/v2"


@dataclass(frozen=True, slots=True)
class Access:
    """What a user's calls carry."""

    deployment: Deployment
    token: Secret

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token.reveal()}"}


class Exchange:
    """What every call of client.py is made of."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def call(
        self,
        access: Access,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        about: About = About.CONVERSATION,
        timeout: float = TIMEOUT,
    ) -> Reply:
        """A user's call, with JSON or nothing; returns when it was taken."""
        headers = access.headers if body is None else access.headers | JSON
        content = None if body is None else dump_bytes(body)
        reply = await self.send(method, access.deployment.api + path, headers, content, timeout=timeout)
        raise_unless_taken(reply, about)
        return reply

    async def send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        *,
        timeout: float = TIMEOUT,
    ) -> Reply:
        """Whatever was answered."""
        try:
            return await self.wire.send(method, url, headers=headers, body=body, timeout=timeout)
        except Unreachable as trouble:
            raise _no_answer(trouble) from None

    async def open(self, url: str, headers: dict[str, str]) -> OpenReply:
        """A stream; any other answer is closed and raised."""
        try:
            reply = await self.wire.open("GET", url, headers=headers)
        except Unreachable as trouble:
            raise _no_answer(trouble) from None
        if reply.status == 200:
            return reply
        reply.close()
        raise refusal(reply.status, reply.retry_after, About.USER)


def _no_answer(trouble: Unreachable) -> DeskUnwell:
    return DeskUnwell(f"no answer: {trouble}", undone=trouble.unmet, crowded=trouble.crowded)
