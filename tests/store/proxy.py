"""A way to Redis that breaks after so many bytes in one direction; after that it holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

UP, DOWN = "up", "down"


@dataclass
class Proxy:
    target: str  # an address of Redis
    breaks: str = ""  # in this direction
    after: int = 0  # bytes
    silent: bool = False  # nothing comes back
    passed: dict[str, int] = field(default_factory=lambda: {UP: 0, DOWN: 0})
    seen: dict[str, bytes] = field(default_factory=lambda: {UP: b"", DOWN: b""})  # what passed
    url: str = ""  # of the way itself, in plain text
    port: int = 0
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(self.target)
        if parts.scheme == "unix":
            upstream, out = await asyncio.open_unix_connection(parts.path)
        else:
            upstream, out = await asyncio.open_connection(parts.hostname, parts.port)
        both = [writer, out]
        self._writers += both
        tasks = [
            asyncio.create_task(self._pass(UP, reader, out, both)),
            asyncio.create_task(self._pass(DOWN, upstream, writer, both)),
        ]
        await asyncio.gather(*tasks)

    async def _pass(
        self,
        way: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        both: list[asyncio.StreamWriter],
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if way == DOWN and self.silent:
                    continue
                if self.breaks == way and self.passed[way] + len(data) >= self.after:
                    data = data[: self.after - self.passed[way]]
                    self.breaks = ""
                    writer.write(data)
                    break
                self.passed[way] += len(data)
                self.seen[way] += data
                writer.write(data)
        for each in both:
            each.close()

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


@asynccontextmanager
async def proxy(url: str, breaks: str = "", after: int = 0) -> AsyncIterator[Proxy]:
    made = Proxy(url, breaks, after)
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    made.url = f"redis://127.0.0.1:{made.port}"
    try:
        yield made
    finally:
        server.close()
        made.hang_up()
