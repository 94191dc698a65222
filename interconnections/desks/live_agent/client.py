"""Talking to Live Agent: one method a request of salesforce-live-agent.md, each one exchange.

Holding, repeating and numbering belong to the caller: sequence numbers come bound, acks come stored.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from interconnections.desks import news
from interconnections.desks.live_agent.reader import (
    Availability,
    Session,
    read_availability,
    read_poll,
    read_post,
    read_reconnect,
    read_session,
)
from interconnections.errors import DeskUnwell
from interconnections.fast_json import dump_bytes
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

PATIENCE = 3.0  # seconds for an answer that we can do without
TIMEOUT = 20.0  # seconds of silence on anything but a poll


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where chats are opened (section 1).  `url`: scheme and host; ids with 15 characters."""

    url: str
    organization_id: str
    deployment_id: str
    api_version: int = 58


@dataclass(frozen=True, slots=True)
class Access:
    """What a session's requests carry (section 2).  `poll_timeout`: seconds."""

    url: str
    api_version: int
    key: Secret
    affinity: Secret
    poll_timeout: int = 30


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Who wants to talk, and to whom (section 4.2)."""

    session_id: str
    button_id: str
    visitor_name: str
    language: str
    details: tuple[dict[str, object], ...] = ()
    entities: tuple[dict[str, object], ...] = ()


class LiveAgent:
    """Raises the DeskErrors of reader.py; DeskUnwell when no whole answer came."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def availability(self, deployment: Deployment, button: str) -> Availability:
        """Section 10: would a chat request be taken now?  No answer is no answer; never raises."""
        query = urlencode(
            {
                "org_id": deployment.organization_id,
                "deployment_id": deployment.deployment_id,
                "Availability.ids": button,
            }
        )
        headers = {"X-LIVEAGENT-API-VERSION": str(deployment.api_version)}
        try:
            reply = await self.wire.send(
                "GET", f"{deployment.url}/chat/rest/Visitor/Availability?{query}", headers=headers, timeout=PATIENCE
            )
        except Unreachable:
            return Availability()
        return read_availability(reply.status, reply.content, button)

    async def open_session(self, deployment: Deployment) -> Session:
        """Section 4.1: a new session, which dies unless ChasitorInit and polls follow soon."""
        headers = {"X-LIVEAGENT-API-VERSION": str(deployment.api_version), "X-LIVEAGENT-AFFINITY": "null"}
        reply = await self._send("GET", f"{deployment.url}/chat/rest/System/SessionId", headers)
        return read_session(reply.status, reply.content, reply.retry_after)

    async def request_chat(self, access: Access, deployment: Deployment, request: ChatRequest) -> None:
        """Section 4.2: always the session's first sequenced POST, so it always carries 1."""
        await self._post(
            access,
            "Chasitor/ChasitorInit",
            {
                "organizationId": deployment.organization_id,
                "deploymentId": deployment.deployment_id,
                "buttonId": request.button_id,
                "sessionId": request.session_id,
                "userAgent": "bridge/1",
                "language": request.language,
                "screenResolution": "1900x1080",
                "visitorName": request.visitor_name,
                "prechatDetails": list(request.details),
                "prechatEntities": list(request.entities),
                "buttonOverrides": [],
                "receiveQueueUpdates": True,
                "isPost": True,
            },
            1,
        )

    async def poll(self, access: Access, ack: int, patience: float | None = None) -> news.Poll | None:
        """Section 5: wait for something to happen; None is silence.  `patience`: seconds, if less than theirs."""
        try:
            reply = await self.wire.send(
                "GET",
                f"{access.url}/chat/rest/System/Messages?ack={ack}",
                headers=_headers(access),
                timeout=access.poll_timeout if patience is None else min(patience, access.poll_timeout),
            )
        except Unreachable as trouble:
            if trouble.silent:
                return None  # nothing within clientPollTimeout: poll again, same ack
            raise DeskUnwell(f"no answer: {trouble}") from None
        return read_poll(reply.status, reply.content)

    async def reconnect(self, access: Access, offset: int) -> tuple[Secret, bool]:
        """Section 6, step 2: (the new affinity, whether sequence numbers start again).  What is asked here twice is
        answered once: the wire must not repeat it unseen.
        """
        headers = _headers(access) | {"X-LIVEAGENT-AFFINITY": "null"}
        path = f"/chat/rest/System/ReconnectSession?ReconnectSession.offset={offset}"
        reply = await self._send("GET", access.url + path, headers, once=True)
        return read_reconnect(reply.status, reply.content)

    async def resync(self, access: Access, organization_id: str) -> None:
        """Section 6, step 6: the only POST without a sequence number."""
        body = dump_bytes({"organizationId": organization_id})
        headers = _headers(access) | {"Content-Type": "application/json"}
        reply = await self._send("POST", f"{access.url}/chat/rest/Chasitor/ChasitorResyncState", headers, body)
        read_post(reply.status, reply.content, reply.retry_after)

    async def say(self, access: Access, text: str, sequence: int) -> None:
        await self._post(access, "Chasitor/ChatMessage", {"text": text}, sequence)

    async def end(self, access: Access, sequence: int) -> None:
        """Section 7: the polite end; raises ChatGone when the agent was first."""
        await self._post(access, "Chasitor/ChatEnd", {"reason": "client"}, sequence)

    async def drop(self, access: Access) -> None:
        """Section 7: drop the session; the only safe end while still in the queue."""
        headers = _headers(access)
        del headers["X-LIVEAGENT-SESSION-KEY"]  # it is in the path
        path = f"/chat/rest/System/SessionId/{quote(access.key.reveal(), safe='')}"
        reply = await self._send("DELETE", access.url + path, headers)
        read_post(reply.status, reply.content, reply.retry_after)

    async def _post(self, access: Access, noun: str, body: dict[str, object], sequence: int) -> None:
        headers = _headers(access) | {
            "X-LIVEAGENT-SEQUENCE": str(sequence),
            "Content-Type": "application/json",
        }
        content = dump_bytes(body)
        reply = await self._send("POST", f"{access.url}/chat/rest/{noun}", headers, content)
        read_post(reply.status, reply.content, reply.retry_after)

    async def _send(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None = None, *, once: bool = False
    ) -> Reply:
        try:
            return await self.wire.send(method, url, headers=headers, body=body, timeout=TIMEOUT, once=once)
        except Unreachable as trouble:
            raise DeskUnwell(f"no answer: {trouble}", crowded=trouble.crowded) from None


def _headers(access: Access) -> dict[str, str]:
    return {
        "X-LIVEAGENT-API-VERSION": str(access.api_version),
        "X-LIVEAGENT-AFFINITY": access.affinity.reveal(),
        "X-LIVEAGENT-SESSION-KEY": access.key.reveal(),
    }
