"""The floor of Enhanced Chat: the least, and the fastest, that carries an agent's message to a user over a stream.

`python -m benchmarks.stream_floor URL REDIS SESSIONS`

A coroutine and an open stream a session: what came of it, one MULTI to Redis (last id and events), one POST a message
in order, and on.  No gaps, no repeats, no token that ends.
"""

import asyncio
import sys
import uuid

import orjson

from benchmarks.floor import Floor, run
from benchmarks.http11 import Line, Lines, Stream, dial

API = "/iamessage/api/v2"
ORG = "00D000000000001"


class StreamFloor(Floor):
    async def open(self, user: str) -> tuple[Line, bytes]:
        """A conversation in which an agent is found at once; a connection for its stream, and its headers."""
        asked = {"orgId": ORG, "esDeveloperName": "Floor", "capabilitiesVersion": "1", "platform": "Web"}
        calls = Lines(self.host, self.port, tls=self.tls)
        told = orjson.loads(await self.ask(calls, "/authorization/unauthenticated/access-token", asked))
        token = f"Bearer {told['accessToken']}"
        id = str(uuid.uuid4())
        mine = {"conversationId": id, "esDeveloperName": "Floor", "routingAttributes": {"User_Id": user}}
        await self.ask(calls, "/conversation", mine, token)
        content = {"formatType": "Text", "text": "Hola"}
        message = {"id": str(uuid.uuid4()), "messageType": "StaticContentMessage", "staticContent": content}
        first = {"isNewMessagingSession": True, "routingAttributes": {}, "language": "es_MX"}
        said = {"message": message, "esDeveloperName": "Floor", **first}
        await self.ask(calls, f"/conversation/{id}/message", said, token)
        calls.close()
        shown = {"Accept": "text/event-stream", "Authorization": token, "X-Org-Id": ORG}
        headers = self.headers(**shown, **{"Last-Event-Id": told["lastEventId"]})
        return await dial(Stream, self.host, self.port, self.tls), headers

    async def ask(self, calls: Lines, path: str, body: object, token: str = "") -> bytes:
        shown = f"Authorization: {token}\r\n".encode() if token else b""
        return (await calls.post(f"{API}{path}".encode(), orjson.dumps(body), shown)).body

    async def follow(self, user: str, line: Line, headers: bytes) -> None:
        assert isinstance(line, Stream)
        pieces: asyncio.Queue[bytes] = asyncio.Queue()
        line.listen(b"GET /eventrouter/v1/sse HTTP/1.1\r\n%b\r\n" % headers, pieces.put_nowait)
        rest = b""
        while True:
            *frames, rest = (rest + await pieces.get()).split(b"\n\n")
            if told := [frame for frame in frames if frame.startswith(b"id: ")]:
                await self.tell(user, told)

    async def tell(self, user: str, frames: list[bytes]) -> None:
        last = frames[-1].partition(b"\n")[0][4:]
        await self.redis.transaction(
            ("HSET", f"floor:{user}", "last", last),
            ("XADD", f"floor:{user}:events", "MAXLEN", "~", 50, "*", "data", b"\n\n".join(frames)),
        )
        for frame in frames:
            entry = orjson.loads(frame[frame.index(b"data: ") + 6 :])["conversationEntry"]
            if entry["entryType"] == "Message" and entry["sender"]["role"] == "Agent":
                message = orjson.loads(entry["entryPayload"])["abstractMessage"]
                await self.send(user, entry["identifier"], message["staticContent"]["text"])


if __name__ == "__main__":
    run(StreamFloor, sys.argv[1], sys.argv[2], int(sys.argv[3]))
