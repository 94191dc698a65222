"""The floor of Enhanced Chat: the least that carries an agent's message to a user over a stream.

`python -m benchmarks.stream_floor URL REDIS SESSIONS`

A coroutine and an open stream a session: what came of it, one MULTI to Redis (last id and events), one POST a message
in order, and on.  No gaps, no repeats, no token that ends.
"""

import json
import sys
import uuid

from benchmarks.floor import Floor, run

API = "/iamessage/api/v2"


class StreamFloor(Floor):
    async def open(self, user: str) -> dict[str, str]:
        """A conversation in which an agent is found at once; the headers of its stream."""
        headers = {"Content-Type": "application/json"}
        asked = {
            "orgId": "00D000000000001",
            "esDeveloperName": "Floor",
            "capabilitiesVersion": "1",
            "platform": "Web",
        }
        told = json.loads(await self.ask("/authorization/unauthenticated/access-token", asked, headers))
        headers |= {"Authorization": f"Bearer {told['accessToken']}"}
        id = str(uuid.uuid4())
        mine = {"conversationId": id, "esDeveloperName": "Floor", "routingAttributes": {"User_Id": user}}
        await self.ask("/conversation", mine, headers)
        content = {"formatType": "Text", "text": "Hola"}
        message = {"id": str(uuid.uuid4()), "messageType": "StaticContentMessage", "staticContent": content}
        first = {"isNewMessagingSession": True, "routingAttributes": {}, "language": "es_MX"}
        await self.ask(
            f"/conversation/{id}/message", {"message": message, "esDeveloperName": "Floor", **first}, headers
        )
        return {
            "Accept": "text/event-stream",
            "Authorization": headers["Authorization"],
            "X-Org-Id": "00D000000000001",
            "Last-Event-Id": told["lastEventId"],
        }

    async def ask(self, path: str, body: object, headers: dict[str, str]) -> bytes:
        async with self.polls.post(
            f"{self.url}{API}{path}", data=json.dumps(body).encode(), headers=headers
        ) as response:
            return await response.read()

    async def follow(self, user: str, headers: dict[str, str]) -> None:
        async with self.polls.get(f"{self.url}/eventrouter/v1/sse", headers=headers) as response:
            rest = b""
            while piece := await response.content.readany():
                *frames, rest = (rest + piece).split(b"\n\n")
                if told := [frame for frame in frames if frame.startswith(b"id: ")]:
                    await self.tell(user, told)

    async def tell(self, user: str, frames: list[bytes]) -> None:
        last = frames[-1].partition(b"\n")[0][4:].decode()
        async with self.redis.pipeline(transaction=True) as multi:
            multi.hset(f"floor:{user}", mapping={"last": last})
            multi.xadd(f"floor:{user}:events", {"data": b"\n\n".join(frames)}, maxlen=50, approximate=True)
            await multi.execute()
        for frame in frames:
            entry = json.loads(frame[frame.index(b"data: ") + 6 :])["conversationEntry"]
            if entry["entryType"] == "Message" and entry["sender"]["role"] == "Agent":
                message = json.loads(entry["entryPayload"])["abstractMessage"]
                await self.send(user, entry["identifier"], message["staticContent"]["text"])


if __name__ == "__main__":
    run(StreamFloor, sys.argv[1], sys.argv[2], int(sys.argv[3]))
