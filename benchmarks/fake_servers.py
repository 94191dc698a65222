"""The platform and a desk in one lean server: no faults, no pages, and an agent for everybody at once.

Here is what both desks share, and the sends of Yalo (section 3.1) and of the Cloud API (section 7); each desk keeps
to its wire as far as a conversation without trouble goes.  What a client does wrong is answered as the simulator
would, and counted in `wrongs`.
"""

import asyncio
import re
import ssl
from abc import ABC, abstractmethod
from collections import Counter

import orjson

from benchmarks.flow import Road, number_of
from benchmarks.http11 import Door

NUMBER = re.compile(rb"/v\d+\.\d+/\d+")  # at Meta, looked at once an hour
AGENT, AGENT_ID = "Luz R.", "005000000000001"


class Shores(ABC):
    """`hold`: seconds after which somebody who waits for news is told that there are none; `silences` counts that.

    Chats go by their user: whom the floor and the bridge name when they ask for an agent, and in posts.
    """

    def __init__(self, hold: float = 30.0) -> None:
        self.hold = hold
        self.to_user, self.to_agent = Road(), Road()
        self.silences = self.notices = 0
        self.wrongs: Counter[str] = Counter()
        self._numbers = 0
        self.url = ""

    async def open(self, tls: ssl.SSLContext | None = None) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Door(self._answer), "127.0.0.1", 0, backlog=4096, ssl=tls)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._server.close()

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    @abstractmethod
    def listening(self, users: list[str]) -> int:
        """For how many of them somebody waits for news."""

    @abstractmethod
    def say(self, user: str) -> int:
        """The user's agent says something; gives its number."""

    @abstractmethod
    def scatter(self) -> None:
        """Spread the silences over one hold, as they are after a while in which nobody spoke."""

    @abstractmethod
    def desk(self, door: Door) -> None:
        """A request to the desk."""

    def wrong(self, door: Door, status: int, why: str, text: bytes = b"Not Found") -> None:
        self.wrongs[f"{status} {why}"] += 1
        door.reply(status, text, b"text/plain")

    def _answer(self, door: Door) -> None:
        if door.path.endswith(b"/messages"):
            self._platform(door)
        elif door.path.endswith(b"/send-to"):
            door.reply(200, b"{}")
        elif door.method == b"GET" and NUMBER.fullmatch(door.path):
            door.reply(200, b'{"quality_rating":"GREEN","id":"700100200300"}')
        else:
            self.desk(door)

    def _platform(self, door: Door) -> None:
        body = orjson.loads(door.body)
        number = number_of(body["text"]["body"])
        door.reply(200, b'{"messages":[{"id":"out-1"}]}')
        if number is None:
            self.notices += 1
        else:
            self.to_user.arrives(body["userId"] if "userId" in body else body["to"].removeprefix("+"), number)
