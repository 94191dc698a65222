"""Enhanced Chat in the lean server: sections 3 to 6 of its sheet (tokens, conversations, messages, a stream a token).

Nobody is verified here: who the user is, the routing attribute `User_Id` tells.
"""

import asyncio
import base64
import random
import secrets
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import orjson

from benchmarks.fake_servers import AGENT, AGENT_ID, Shores
from benchmarks.flow import marked, number_of
from benchmarks.http11 import Door

API = b"/iamessage/api/v2"
KEPT = 50  # events of a conversation, for a replay and for the list of entries
PING = b"event: ping\ndata: 0\n\n"
HOURS = b'{"businessHoursInfo":{"isActive":true,"businessHours":[{"startTime":0,"endTime":4102444800000}]}}'
SYSTEM = {"role": "System", "appType": "conversation", "subject": "conversation", "clientIdentifier": "system"}
HUMAN = {"role": "Agent", "appType": "agent", "subject": AGENT_ID, "clientIdentifier": f"agent-{AGENT_ID}"}
USER = {"role": "EndUser", "appType": "iamessage", "subject": "v2/iamessage/ANON/1", "clientIdentifier": "end-user"}


@dataclass
class Chat:
    """`events`: (number, frame, the number of its text); `entries`: (ms, JSON)."""

    id: str = ""
    user: str = ""
    told: int = 0
    events: deque[tuple[int, bytes, int | None]] = field(default_factory=lambda: deque(maxlen=KEPT))
    entries: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=KEPT))
    stream: Door | None = None
    timer: asyncio.TimerHandle | None = None


class EnhancedChatShores(Shores):
    def __init__(self, hold: float = 30.0) -> None:
        super().__init__(hold)
        self.chats: dict[str, Chat] = {}
        self.by_token: dict[bytes, Chat] = {}

    def listening(self, users: list[str]) -> int:
        return sum(1 for user in users if user in self.chats and self.chats[user].stream)

    # What agents do

    def say(self, user: str) -> int:
        number, id = self.number(), str(uuid.uuid4())
        self._tell(self.chats[user], "Message", _text(id, marked(number)), HUMAN, AGENT, id, number)
        return number

    def scatter(self) -> None:
        for chat in self.chats.values():
            if chat.stream:
                self._ping_in(chat, random.uniform(0, self.hold))

    def _joins(self, chat: Chat) -> None:
        routed = {"recordId": "0Mw000000000001", "routingType": "Initial", "failureType": "None", "failureReason": ""}
        self._tell(chat, "RoutingResult", {**routed, "estimatedWaitTime": {"estimatedWaitTimeInSeconds": 1}})
        joined = {"operation": "add", "participant": HUMAN, "displayName": AGENT}
        self._tell(chat, "ParticipantChanged", {"entries": [joined]})

    def _tell(
        self,
        chat: Chat,
        type: str,
        payload: Mapping[str, object],
        sender: Mapping[str, str] = SYSTEM,
        name: str = "Automated Process",
        id: str = "",
        number: int | None = None,
    ) -> None:
        id, at = id or str(uuid.uuid4()), int(time.time() * 1000)
        entry = {
            "senderDisplayName": name, "identifier": id, "entryType": type, "sender": sender,
            "entryPayload": _json({"entryType": type, "id": id, **payload}), "contextParamMap": {},
            "visibilityStrategy": "", "transcriptedTimestamp": at, "relatedRecords": ["0Mw000000000001"],
            "clientTimestamp": at, "clientDuration": 0,
        }  # fmt: skip
        channel = "6f1d2c3b-0000-4000-8000-000000000001"
        envelope = {
            "channelPlatformKey": channel, "channelType": "embedded_messaging", "channelAddressIdentifier": channel,
            "conversationId": chat.id, "conversationEntry": entry,
        }  # fmt: skip
        chat.told += 1
        frame = f"id: {chat.told}\nevent: {EVENTS[type]}\ndata: {_json(envelope)}\n\n".encode()
        chat.events.append((chat.told, frame, number))
        chat.entries.append((at, _json(entry).encode()))
        if chat.stream:
            self._write(chat, frame, number)

    # Its doors

    def desk(self, door: Door) -> None:
        path, method = door.path, door.method
        if path == b"/eventrouter/v1/sse":
            self._stream(door)
        elif path == API + b"/authorization/unauthenticated/access-token":
            self._token(door)
        elif path.startswith(API + b"/conversation"):
            self._conversation(door, method, path.removeprefix(API + b"/conversation").partition(b"/")[2])
        elif path == b"/embeddedservice/v1/businesshours":
            door.reply(200, HOURS)
        else:
            self.wrong(door, 404, f"{method.decode()} {path.decode()}")

    def _token(self, door: Door) -> None:
        """As long as theirs are: all of a chat's calls and its stream carry it."""
        claims = {"sub": f"v2/iamessage/ANON/{uuid.uuid4()}", "exp": int(time.time()) + 21_600, "orgId": "00D"}
        parts = (_part(b'{"alg":"RS256","typ":"JWT"}'), _part(_json(claims).encode()), secrets.token_urlsafe(256))
        token = ".".join(parts)
        self.by_token[token.encode()] = Chat()
        door.reply(200, _json({"accessToken": token, "lastEventId": "0", "context": {}}).encode())

    def _chat(self, door: Door) -> Chat | None:
        chat = self.by_token.get(door.headers.get(b"authorization", b"").removeprefix(b"Bearer "))
        if chat is None:
            self.wrong(door, 401, "token", b"Unauthorized")
        return chat

    def _conversation(self, door: Door, method: bytes, rest: bytes) -> None:
        chat = self._chat(door)
        if chat is None:
            return
        what = rest.partition(b"/")[2]
        if method == b"POST" and not rest:
            self._create(chat, door)
        elif method == b"POST" and what == b"message":
            self._message(chat, door)
        elif method == b"GET" and what == b"entries":
            self._entries(chat, door)
        elif method == b"DELETE":
            door.reply(204)
        else:
            self.wrong(door, 404, f"{method.decode()} conversation/{what.decode()}")

    def _create(self, chat: Chat, door: Door) -> None:
        body = orjson.loads(door.body)
        chat.id, chat.user = body["conversationId"], body["routingAttributes"]["User_Id"]
        self.chats[chat.user] = chat
        door.reply(201)

    def _message(self, chat: Chat, door: Door) -> None:
        body = orjson.loads(door.body)
        id, text = body["message"]["id"], body["message"]["staticContent"]["text"]
        number = number_of(text)
        if number is not None:
            self.to_agent.arrives(chat.user, number)
        door.reply(202, b'{"conversationEntries":[{"id":"%b","clientTimestamp":1780000000000}]}' % id.encode())
        self._tell(chat, "Message", _text(id, text), USER, "Guest", id)
        if body["isNewMessagingSession"]:
            self._joins(chat)

    def _entries(self, chat: Chat, door: Door) -> None:
        since = int(parse_qs(door.query.decode()).get("startTimestamp", ["0"])[0])
        rows = [entry for at, entry in chat.entries if at >= since]
        door.reply(200, b'{"conversationEntries":[%b]}' % b",".join(rows))

    # The stream

    def _stream(self, door: Door) -> None:
        chat = self._chat(door)
        if chat is None:
            return
        if chat.stream:
            self.wrongs["second stream"] += 1
        chat.stream, door.gone = door, lambda: self._left(chat, door)
        door.begin(b"text/event-stream")
        last = int(door.headers[b"last-event-id"])
        for number, frame, text in list(chat.events):
            if number > last:
                self._write(chat, frame, text)
        self._ping_in(chat, self.hold)

    def _write(self, chat: Chat, frame: bytes, number: int | None = None) -> None:
        assert chat.stream
        chat.stream.piece(frame)
        if number is not None:
            self.to_user.leaves(number)

    def _ping_in(self, chat: Chat, seconds: float) -> None:
        if chat.timer:
            chat.timer.cancel()
        chat.timer = asyncio.get_running_loop().call_later(seconds, self._ping, chat)

    def _ping(self, chat: Chat) -> None:
        if chat.stream:
            self.silences += 1
            self._write(chat, PING)
            self._ping_in(chat, self.hold)

    @staticmethod
    def _left(chat: Chat, door: Door) -> None:
        if chat.stream is door:
            chat.stream = None


EVENTS = {
    "Message": "CONVERSATION_MESSAGE",
    "ParticipantChanged": "CONVERSATION_PARTICIPANT_CHANGED",
    "RoutingResult": "CONVERSATION_ROUTING_RESULT",
}


def _text(id: str, text: str) -> dict[str, object]:
    content = {"formatType": "Text", "text": text}
    message = {"messageType": "StaticContentMessage", "id": id, "references": [], "staticContent": content}
    return {"abstractMessage": message, "messageReason": None}


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
