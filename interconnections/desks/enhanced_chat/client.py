"""Talking to Enhanced Chat: one method a call of salesforce-enhanced-chat.md, section 2, each one exchange.

Repeating, pacing and renewing tokens belong to the caller.  Raises what exchange.py raises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote, urlencode

from interconnections.desks.enhanced_chat.entries import MOST, Listed, Page, read_entries, read_list
from interconnections.desks.enhanced_chat.exchange import JSON, Access, Deployment, Exchange
from interconnections.desks.enhanced_chat.reader import (
    About,
    BusinessHours,
    raise_unless_ended,
    raise_unless_taken,
    read_accepted,
    read_business_hours,
    read_status,
)
from interconnections.desks.enhanced_chat.tokens import Token, read_token
from interconnections.fast_json import dump_bytes
from interconnections.multipart import Form, Part
from interconnections.secret import Secret
from interconnections.wire import OpenReply, Wire

FILE_TIMEOUT = 60.0  # they look at a file before they answer
PATIENCE = 3.0  # seconds for an answer that we can do without
CLIENT = {"appName": "bridge", "clientVersion": "1"}
# What a gap is filled with: all that somebody is told of.
TOLD = ("Message", "ParticipantChanged", "RoutingResult", "SessionStatusChanged")


@dataclass(frozen=True, slots=True)
class Ack:
    """`id`: a new one of ours; `kind`: Delivery | Read; `entry`: the identifier of what came."""

    id: str
    kind: str
    entry: str


class EnhancedChat:
    """Ids are ours and in small letters; the same id again is the same message."""

    def __init__(self, wire: Wire) -> None:
        self.exchange = Exchange(wire)

    async def anonymous_token(self, deployment: Deployment) -> Token:
        """Call 1: a new anonymous user with each token, who is lost with it."""
        return await self._token(deployment, "unauthenticated", {})

    async def verified_token(self, deployment: Deployment, identity: Secret) -> Token:
        """Call 2: the user whom `identity` names (tokens.py), always the same.  Raises VerificationFailed."""
        more: dict[str, object] = {"authorizationType": "JWT", "customerIdentityToken": identity.reveal()}
        return await self._token(deployment, "authenticated", more)

    async def revoke(self, access: Access) -> None:
        """Call 3: a verified user's token is no longer taken."""
        await self.exchange.call(access, "DELETE", "/authorization/authenticated/access-token", about=About.USER)

    async def continuation(self, access: Access) -> Token:
        """Call 4: the same user for another client.  It ends when the first token ends."""
        reply = await self.exchange.call(access, "GET", "/authorization/continuation-access-token", about=About.USER)
        return read_token(reply.content)

    async def create(
        self, access: Access, conversation: str, *, attributes: Mapping[str, str], language: str = ""
    ) -> None:
        """Call 5.  `attributes`: the channel's parameters; `language`: as ours, `es-MX`.

        Raises AlreadyTaken: ask with `routing_status` whether it is there.
        """
        body: dict[str, object] = {
            "conversationId": conversation,
            "esDeveloperName": access.deployment.name,
            "routingAttributes": dict(attributes),
        } | _language(language)
        await self.exchange.call(access, "POST", "/conversation", body, about=About.USER)

    async def routing_status(self, access: Access, conversation: str) -> str:
        """Call 6, section 4.2: INITIAL, NEEDS_ROUTING, ROUTED, TRANSFER, or what else they say."""
        return read_status((await self.exchange.call(access, "GET", _path(conversation))).content)

    async def say(
        self,
        access: Access,
        conversation: str,
        id: str,
        text: str,
        *,
        first: bool = False,
        language: str = "",
        reply_to: str = "",
    ) -> str:
        """Call 7: taken, and not yet delivered; gives the entry's identifier.

        `first`: a session begins with it; without `language` and attributes its routing would fail without a word.
        """
        message: dict[str, object] = {"id": id, "messageType": "StaticContentMessage"}
        if reply_to:
            message["inReplyToMessageId"] = reply_to
        message["staticContent"] = {"formatType": "Text", "text": text}
        return await self._message(access, conversation, message, _session(first, language))

    async def choose(self, access: Access, conversation: str, id: str, *, reply_to: str, option: str) -> str:
        """Call 7: the answer to the ChoicesMessage `reply_to`."""
        message: dict[str, object] = {
            "id": id,
            "messageType": "ChoicesResponseMessage",
            "inReplyToMessageId": reply_to,
            "choicesResponse": {"formatType": "Selections", "selectedOptions": [{"optionIdentifier": option}]},
        }
        return await self._message(access, conversation, message, {})

    async def send_file(
        self,
        access: Access,
        conversation: str,
        id: str,
        *,
        file_id: str,
        name: str,
        mime: str,
        content: IO[bytes],
        text: str = "",
        first: bool = False,
        language: str = "",
    ) -> str:
        """Call 8: gives the entry's identifier.  `text`: a caption.  Raises FileNotTaken."""
        entry = {
            "esDeveloperName": access.deployment.name,
            "message": {"id": id, "fileId": file_id, "text": text},
        } | (_session(first, language) if first else {})
        form = Form(
            [
                Part("messageEntry", "application/json", dump_bytes(entry)),
                Part("fileData", mime or "application/octet-stream", content, name or "file"),
            ]
        )
        reply = await self.exchange.send(
            "POST",
            access.deployment.api + _path(conversation, "/file"),
            access.headers | {"Content-Type": form.content_type},
            form,
            timeout=FILE_TIMEOUT,
        )
        raise_unless_taken(reply, About.FILE)
        return read_accepted(reply.content) or id

    async def acknowledge(self, access: Access, conversation: str, acks: Sequence[Ack]) -> None:
        """Call 10."""
        rows = [{"id": ack.id, "entryType": ack.kind, "conversationEntryId": ack.entry} for ack in acks]
        await self.exchange.call(
            access, "POST", _path(conversation, "/acknowledge-entries"), {"acks": rows}, timeout=PATIENCE
        )

    async def conversations(self, access: Access, *, closed: bool = False) -> tuple[Listed, ...]:
        """Call 11: the user's, the one that began last first; 50 at most."""
        query = urlencode({"inclClosedConvs": "true" if closed else "false", "limit": MOST})
        return read_list(
            (await self.exchange.call(access, "GET", f"/conversation/list?{query}", about=About.USER)).content
        )

    async def entries(
        self,
        access: Access,
        conversation: str,
        *,
        since: int = 0,
        until: int = 0,
        from_end: bool = False,
        types: Sequence[str] = TOLD,
        limit: int = MOST,
    ) -> Page:
        """Call 12: the oldest of the window, with `from_end` the newest.  `since`, `until`: milliseconds, 0: open.

        Page on from `last` less one, and know by their ids what came twice.
        """
        asked: dict[str, object] = {"limit": limit}
        if since > 0:
            asked["startTimestamp"] = since
        if until > 0:
            asked["endTimestamp"] = until
        asked["direction"] = "FromEnd" if from_end else "FromStart"
        if types:
            asked["entryTypeFilter"] = ",".join(types)
        path = _path(conversation, f"/entries?{urlencode(asked, safe=',')}")
        return read_entries((await self.exchange.call(access, "GET", path)).content, from_end=from_end)

    async def end_session(self, access: Access, conversation: str) -> None:
        """Call 13: the conversation stays open.  What has ended is ended."""
        await self._end(access, _path(conversation, "/session"))

    async def close(self, access: Access, conversation: str) -> None:
        """Call 14: nothing can be sent any more.  What is closed is closed."""
        await self._end(access, _path(conversation))

    async def open_stream(self, access: Access, last_event_id: str, now: float) -> OpenReply:
        """Call 16, section 5: everything after the event, of all of the user's conversations, for sse.Parser.

        `now`: seconds since 1970, so that no cache answers.  The caller closes it.
        """
        url = f"{access.deployment.url}/eventrouter/v1/sse?_ts={int(now * 1000)}"
        more = {
            "Accept": "text/event-stream",
            "X-Org-Id": access.deployment.org_id,
            "Last-Event-Id": last_event_id or "0",
        }
        return await self.exchange.open(url, access.headers | more)

    async def business_hours(self, deployment: Deployment) -> BusinessHours:
        """Call 17: without a token."""
        query = urlencode({"orgId": deployment.org_id, "esConfigName": deployment.name})
        url = f"{deployment.url}/embeddedservice/v1/businesshours?{query}"
        reply = await self.exchange.send("GET", url, {}, timeout=PATIENCE)
        if reply.status != 404:  # there are none (U)
            raise_unless_taken(reply, About.USER)
        return read_business_hours(reply.content)

    async def _token(self, deployment: Deployment, kind: str, more: dict[str, object]) -> Token:
        body = {
            "orgId": deployment.org_id,
            "esDeveloperName": deployment.name,
            "capabilitiesVersion": "1",
            "platform": "Web",
            "context": CLIENT,
        } | more
        url = f"{deployment.api}/authorization/{kind}/access-token"
        reply = await self.exchange.send("POST", url, JSON, dump_bytes(body))
        raise_unless_taken(reply, About.IDENTITY)
        return read_token(reply.content, verified=kind == "authenticated")

    async def _message(
        self, access: Access, conversation: str, message: dict[str, object], session: dict[str, object]
    ) -> str:
        body = {"message": message, "esDeveloperName": access.deployment.name} | session
        reply = await self.exchange.call(access, "POST", _path(conversation, "/message"), body)
        return read_accepted(reply.content) or str(message["id"])

    async def _end(self, access: Access, path: str) -> None:
        url = f"{access.deployment.api}{path}?{urlencode({'esDeveloperName': access.deployment.name})}"
        raise_unless_ended(await self.exchange.send("DELETE", url, access.headers))


def _path(conversation: str, rest: str = "") -> str:
    return f"/conversation/{quote(conversation, safe='')}{rest}"


def _language(language: str) -> dict[str, object]:
    """`es_MX` of `es-MX`."""
    return {"language": language.replace("-", "_")} if language else {}


def _session(first: bool, language: str) -> dict[str, object]:
    """Section 4.3: of the message that a session begins with."""
    if not first:
        return {"isNewMessagingSession": False}
    return {"isNewMessagingSession": True, "routingAttributes": {}} | _language(language)
