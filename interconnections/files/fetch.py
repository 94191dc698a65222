"""Fetching a user's file from wherever the platform says that it lies.

The address comes from a webhook: it may point into our own network, at another address a moment later, to something
endless, or to something else than it says.  Each connection goes to an address that was checked, and to no other.
"""

import asyncio
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from tempfile import SpooledTemporaryFile
from typing import IO, Self

import aiohttp
from yarl import URL

from interconnections.errors import FileRefused, FileUnwell
from interconnections.files.addresses import Address, is_public
from interconnections.files.file_type import FileType, plain_mime
from interconnections.files.resolve import AT_ONCE, Pinned, Resolve, Spot, ask_the_system
from interconnections.files.sniff import HEAD, sniff
from interconnections.files.url_policy import beyond, is_listed, place
from interconnections.secret import Secret
from interconnections.wire import MOST_IN_A_LINE, MOST_LINES, retry_after

MOVED = frozenset({301, 302, 303, 307, 308})
PLAIN = frozenset({"", "identity", "aws-chunked"})  # the last is what S3 keeps of how a file was uploaded
LATER = frozenset({408, 425, 429})  # and all of 5xx
IN_MEMORY = 1024 * 1024  # bytes of one file; the rest of it goes to the disk


@dataclass(frozen=True, slots=True)
class Limits:
    """`size`: bytes, what Salesforce takes of a file by any of its routes (salesforce-data-api.md section 6); of what
    users send only documents can be larger.  The others in seconds.
    """

    size: int = 37_500_000
    whole: float = 60.0
    connect: float = 10.0
    stall: float = 10.0
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """Headers with secrets, for these hosts alone: whoever one of them leads to sees nothing of them."""

    headers: Mapping[str, Secret]
    hosts: Collection[str]

    def to(self, url: URL) -> dict[str, str]:
        if not is_listed(url, self.hosts):
            return {}
        return {name: secret.reveal() for name, secret in self.headers.items()}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is here: read it from the beginning, then close it; nothing of it stays."""

    content: IO[bytes]
    size: int
    type: FileType

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.content.close()


class Fetcher:
    """What is given at making is for tests, whose internet is smaller than the real one."""

    def __init__(
        self,
        resolve: Resolve = ask_the_system,
        public: Callable[[Address], bool] = is_public,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._resolve, self._public, self._tls = resolve, public, tls
        self._limits = limits or Limits()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def fetch(
        self,
        url: str,
        *,
        listed: Collection[str] = (),
        declared: str = "",
        name: str = "",
        shown: Shown | None = None,
    ) -> Fetched:
        """`listed`: the bot's media_hosts, which alone may lie in our own network; `declared`: a MIME type; `name`:
        what the file was called; `shown`: what opens it.

        Raises FileRefused or FileUnwell.  No error names the address: it may hold a signature.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._limits.whole):
                    return await self._follow(place(url, listed), listed, declared, name, shown)
            except TimeoutError:
                raise FileUnwell("it did not come in time") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise FileUnwell(f"no whole answer: {type(error).__name__}") from None

    async def _follow(
        self, url: URL, listed: Collection[str], declared: str, name: str, shown: Shown | None
    ) -> Fetched:
        limits = aiohttp.ClientTimeout(sock_connect=self._limits.connect, sock_read=self._limits.stall)
        for _ in range(self._limits.redirects + 1):
            pinned = Pinned(await self._spots(url, is_listed(url, listed)))
            async with aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=pinned, use_dns_cache=False, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"User-Agent": "bridge/1", "Accept": "*/*", "Accept-Encoding": "identity"},
                max_line_size=MOST_IN_A_LINE,
                max_field_size=MOST_IN_A_LINE,
                max_headers=MOST_LINES,
            ) as session:
                async with session.get(
                    url,
                    timeout=limits,
                    allow_redirects=False,
                    ssl=self._tls or True,
                    headers=shown.to(url) if shown else None,
                ) as response:
                    if response.status not in MOVED:
                        return await self._keep(response, declared, name or url.name)
                    url = beyond(url, response.headers.get("Location", ""), listed)
        raise FileRefused(f"more than {self._limits.redirects} redirects")

    async def _spots(self, url: URL, listed: bool) -> list[Spot]:
        """Where its host is, asked once; raises FileRefused when any of it is not for us."""
        host, port = url.raw_host or "", url.port or 443
        try:
            found = [(ip_address(host), port)]
        except ValueError:
            found = await self._resolve(host, port)
        if not found:
            raise FileUnwell("its host has no address")
        if not listed and not all(self._public(address) for address, _ in found):
            raise FileRefused("its host is not on the public internet")
        return found

    async def _keep(self, response: aiohttp.ClientResponse, declared: str, name: str) -> Fetched:
        if response.status != 200:
            if response.status in LATER or response.status >= 500:
                pause = retry_after(response.headers.get("Retry-After", ""))
                raise FileUnwell(f"its host answered {response.status}", pause)
            raise FileRefused(f"its host answered {response.status}")
        if response.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
            raise FileRefused("it came compressed, which nobody asked for")
        if (response.content_length or 0) > self._limits.size:
            raise FileRefused("it is too large")
        # Closed by whoever gets it, or below.
        content: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            size, kind = await self._read(response, content, declared, name)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return Fetched(content, size, kind)

    async def _read(
        self, response: aiohttp.ClientResponse, content: IO[bytes], declared: str, name: str
    ) -> tuple[int, FileType]:
        size, waiting, kind = 0, bytearray(), None
        if not plain_mime(declared):
            declared = response.headers.get("Content-Type", "") or declared
        async for piece in response.content.iter_any():
            size += len(piece)
            waiting += piece
            if size > self._limits.size:
                raise FileRefused("it is too large")
            if kind is None and size >= HEAD:
                kind = _known(bytes(waiting[:HEAD]), declared, name)
            if kind and len(waiting) >= IN_MEMORY:
                await asyncio.to_thread(content.write, waiting)  # the disk may be slow: not on the loop
                waiting = bytearray()
        if size == 0:
            raise FileRefused("it is empty")
        kind = kind or _known(bytes(waiting), declared, name)
        content.write(waiting)
        return size, kind


def _known(head: bytes, declared: str, name: str) -> FileType:
    kind = sniff(head, declared, name)
    if kind is None:
        raise FileRefused("it is of no type that is passed on")
    return kind
