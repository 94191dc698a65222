"""Live Agent in the lean server: sections 2 to 5 and 7 (keys, sequence numbers, one poll a session, acks)."""

import asyncio
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from benchmarks.fake_servers import AGENT, AGENT_ID, Shores
from benchmarks.flow import marked, number_of
from benchmarks.http11 import Door

GRACE = 0.25  # seconds
FIRST_OFFSET = 1_574_190_000
GONE = b"Session required but was invalid or not found"
JOINED = {"name": AGENT, "userId": AGENT_ID, "items": [], "sneakPeekEnabled": False}
QUEUED = {"connectionTimeout": 150_000, "queuePosition": 1, "estimatedWaitTime": 1}


@dataclass
class Chat:
    """`events`: (number, JSON, the number of its text) that no ack has confirmed."""

    key: bytes
    user: str = ""
    sequence: int = 0
    said: int = 0
    events: list[tuple[int, bytes, int | None]] = field(default_factory=list)
    poll: Door | None = None
    timer: asyncio.TimerHandle | None = None


class LiveAgentShores(Shores):
    def __init__(self, hold: float = 30.0) -> None:
        super().__init__(hold)
        self.chats: dict[str, Chat] = {}
        self.by_key: dict[bytes, Chat] = {}

    def listening(self, users: list[str]) -> int:
        return sum(1 for user in users if user in self.chats and self.chats[user].poll)

    # What agents do

    def say(self, user: str) -> int:
        number = self.number()
        text = {"text": marked(number), "name": AGENT, "agentId": AGENT_ID}
        self._tell(self.chats[user], "ChatMessage", text, number)
        return number

    def scatter(self) -> None:
        for chat in self.chats.values():
            if chat.poll and chat.timer:
                chat.timer.cancel()
                self._hold(chat, random.uniform(0, self.hold))

    def _tell(self, chat: Chat, kind: str, message: Mapping[str, object], number: int | None = None) -> None:
        chat.said += 1
        event = orjson.dumps({"type": kind, "message": message})
        chat.events.append((chat.said, event, number))
        if chat.poll:
            self._tell_poll(chat, chat.poll)

    # Live Agent's doors

    def desk(self, door: Door) -> None:
        path = door.path
        if path == b"/chat/rest/System/Messages":
            self._poll(door)
        elif path.startswith(b"/chat/rest/Chasitor/"):
            self._post(door, path.rpartition(b"/")[2])
        elif path == b"/chat/rest/System/SessionId":
            self._session(door)
        elif path == b"/chat/rest/Visitor/Availability":
            asked = door.query.rpartition(b"=")[2].decode()
            found = {"results": [{"id": asked, "isAvailable": True}]}
            door.reply(200, orjson.dumps({"messages": [{"type": "Availability", "message": found}]}))
        else:
            self.wrong(door, 404, f"{door.method.decode()} {path.decode()}")

    def _session(self, door: Door) -> None:
        id = str(uuid.uuid4())
        chat = Chat(f"{id}!1780000000123!kQ9zr+8Zt0Y=".encode())
        self.by_key[chat.key] = chat
        body = {"id": id, "key": chat.key.decode(), "affinityToken": "1c2d3e4f", "clientPollTimeout": 40}
        door.reply(200, orjson.dumps(body))

    def _chat(self, door: Door) -> Chat | None:
        chat = self.by_key.get(door.headers.get(b"x-liveagent-session-key", b""))
        if chat is None or door.headers.get(b"x-liveagent-affinity") != b"1c2d3e4f":
            self.wrong(door, 403, "session", GONE)
            return None
        return chat

    def _post(self, door: Door, noun: bytes) -> None:
        chat = self._chat(door)
        if chat is None:
            return
        sent = int(door.headers.get(b"x-liveagent-sequence", b"0"))
        if sent != chat.sequence + 1:
            text = f"Out of sync Ack. Expected {sent}. Actual {chat.sequence}".encode()
            self.wrong(door, 409, "sequence", text)
            return
        chat.sequence = sent
        body = orjson.loads(door.body)
        if noun == b"ChatMessage":
            number = number_of(body["text"])
            if number is not None:
                self.to_agent.arrives(chat.user, number)
        door.reply(200, b"OK", b"text/plain")
        if noun == b"ChasitorInit":
            chat.user = body["visitorName"]
            self.chats[chat.user] = chat
            self._tell(chat, "ChatRequestSuccess", QUEUED)
            self._tell(chat, "ChatEstablished", JOINED)

    def _poll(self, door: Door) -> None:
        chat = self._chat(door)
        if chat is None:
            return
        if chat.poll:  # or its socket was just closed, and we have not heard of it yet
            asyncio.get_running_loop().call_later(GRACE, self._second_poll, chat, door)
            return
        self._hold_or_tell(chat, door)

    def _second_poll(self, chat: Chat, door: Door) -> None:
        if chat.poll:
            self.wrong(door, 409, "second poll", b"Another poll is open on this session")
        elif door.open:
            self._hold_or_tell(chat, door)

    def _hold_or_tell(self, chat: Chat, door: Door) -> None:
        ack = int(door.query[4:].partition(b"&")[0])
        while chat.events and chat.events[0][0] <= ack:
            del chat.events[0]
        if chat.events:
            self._tell_poll(chat, door)
            return
        chat.poll, door.gone = door, lambda: self._let_go(chat)
        self._hold(chat, self.hold)

    def _hold(self, chat: Chat, seconds: float) -> None:
        chat.timer = asyncio.get_running_loop().call_later(seconds, self._silence, chat)

    def _silence(self, chat: Chat) -> None:
        door = chat.poll
        self._let_go(chat)
        self.silences += 1
        if door:
            door.reply(204)

    def _let_go(self, chat: Chat) -> None:
        chat.poll = None
        if chat.timer:
            chat.timer.cancel()

    def _tell_poll(self, chat: Chat, door: Door) -> None:
        self._let_go(chat)
        last = chat.events[-1][0]
        events = b",".join(event for _, event, _ in chat.events)
        door.reply(200, b'{"messages":[%b],"sequence":%d,"offset":%d}' % (events, last, FIRST_OFFSET + last))
        for _, _, number in chat.events:
            if number is not None:
                self.to_user.leaves(number)
