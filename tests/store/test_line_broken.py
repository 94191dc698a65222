"""The line's connection breaks anywhere: dialling, a question, an answer, on each of the ways on which it is dialled.

Wherever it breaks, all is done once and told as if nothing had been.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from interconnections.store import address, leases, locks, script_text
from interconnections.store.client import LineClient
from interconnections.store.connection import AsyncRedis
from interconnections.store.keys import key
from interconnections.store.redial import OneQuestion
from tests.store.proxy import DOWN, UP, Proxy, proxy
from tests.story.redis_sentinel import SERVICE, Sentinels

AT_ONCE = 20
SIGNATURES, CLOCKS = 8, 64  # bytes by which two dialogues may differ: in TLS; of a Sentinel, which tells of moments
HEADER = 5  # bytes of a record of TLS, the last two its length


@dataclass
class Way:
    """A server, and how it is dialled; what is cut is what leads to `target`, at bytes so far `apart`."""

    target: str
    apart: int = 1
    tls: str = ""  # the file of its authority
    around: tuple[int, ...] = (0, 1, HEADER - 1, HEADER, HEADER + 1)  # bytes of a record
    sentinels: Sentinels | None = None
    to_the_sentinel: bool = False

    @asynccontextmanager
    async def client(self, cut: Proxy) -> AsyncIterator[LineClient]:
        scheme, options = ("rediss", f"?ssl_ca_certs={self.tls}") if self.tls else ("redis", "")
        url = f"{scheme}://127.0.0.1:{cut.port}/0{options}"
        made = LineClient(address.pool(url, self._sentinels(cut, url), 64))
        if self.sentinels and not self.to_the_sentinel:
            made.connection_pool.sentinel_manager.leads_to = cut.port
        try:
            yield made
        finally:
            await made.aclose()

    def _sentinels(self, cut: Proxy, url: str) -> address.Sentinels | None:
        if self.sentinels is None:
            return None
        port = cut.port if self.to_the_sentinel else self.sentinels.watch
        return address.Sentinels([("127.0.0.1", port)], SERVICE, address.sentinels_own(url, "", "", bool(self.tls)))

    def cuts(self, seen: bytes) -> list[int]:
        """After how many bytes; in TLS also around each record's borders: of a part of one nobody hears anything."""
        found, begins = set(range(1, len(seen), self.apart)), 0
        while self.tls and begins < len(seen):
            ends = begins + HEADER + int.from_bytes(seen[begins + HEADER - 2 : begins + HEADER])
            found |= {begins + part for part in self.around} | {ends - 1}
            begins = ends
        last = len(seen) - (SIGNATURES if self.tls else CLOCKS if self.to_the_sentinel else 0)
        return sorted(after for after in found if 0 < after < last)


class Led(OneQuestion):
    """They say where the master is, and the way there leads through what may be cut."""

    leads_to = 0

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        host, port = await super().discover_master(service_name)
        return host, self.leads_to or port


@pytest.fixture(scope="module")
def over_tls() -> Iterator[Sentinels]:
    with Sentinels(tls=True) as sentinels:
        yield sentinels


@pytest.fixture(scope="module")
def in_plain_text() -> Iterator[Sentinels]:
    with Sentinels() as sentinels:
        yield sentinels


def plain(request: pytest.FixtureRequest) -> Way:
    return Way(os.environ["REDIS_URL"])


def tls(request: pytest.FixtureRequest) -> Way:
    there = request.getfixturevalue("over_tls")
    return Way(f"redis://127.0.0.1:{there.first}", 256, str(there.certificates.authority))


def said_by_sentinels(request: pytest.FixtureRequest) -> Way:
    there = request.getfixturevalue("in_plain_text")
    return Way(f"redis://127.0.0.1:{there.first}", 11, sentinels=there)


def to_the_sentinel(request: pytest.FixtureRequest) -> Way:
    there = request.getfixturevalue("in_plain_text")
    return Way(f"redis://127.0.0.1:{there.watch}", 11, sentinels=there, to_the_sentinel=True)


def tls_said_by_sentinels(request: pytest.FixtureRequest) -> Way:
    there = request.getfixturevalue("over_tls")
    return Way(f"redis://127.0.0.1:{there.first}", 1024, str(there.certificates.authority), (1, HEADER), there)


WAYS = [plain, tls, said_by_sentinels, to_the_sentinel, tls_said_by_sentinels]


@pytest.fixture(params=WAYS, ids=[way.__name__ for way in WAYS])
def way(request: pytest.FixtureRequest, store: AsyncRedis, monkeypatch: pytest.MonkeyPatch) -> Way:
    monkeypatch.setattr(address, "OneQuestion", Led)
    return request.param(request)  # type: ignore[no-any-return]


async def story(redis: AsyncRedis, name: str) -> list[object]:
    """Scripts asked together, one of which would count twice if its repeat were not known."""
    taken, beat = await asyncio.gather(
        locks.take(redis, [name], "one", 60_000), leases.beat(redis, name, 60_000, 0, 10, {name: 3})
    )
    await redis.zrem(key("workers"), name)
    return [taken, beat.was_alive, await redis.hget(key("counters"), name)]


@pytest.mark.parametrize("direction", [UP, DOWN])
async def test_a_connection_may_break_anywhere(direction: str, way: Way) -> None:
    async with proxy(way.target) as whole, way.client(whole) as redis:
        await redis.function_load(script_text.library(), replace=True)  # a hundred thousand bytes, not to be cut at
    run = secrets.token_hex(2)  # of names that are of one length, at a server that other ways lead to as well
    async with proxy(way.target) as whole, way.client(whole) as redis:
        expected = await story(redis, f"{run} {0:05}")
        seen = whole.seen[direction]
    turns = asyncio.Semaphore(AT_ONCE)

    async def broken(after: int) -> None:
        async with turns, proxy(way.target, direction, after) as cut, way.client(cut) as redis:
            assert await story(redis, f"{run} {after:05}") == expected, after
            assert not cut.breaks  # it was cut

    await asyncio.gather(*(broken(after) for after in way.cuts(seen)))
