"""Where a file's host is: looked up once, and connected to there and nowhere else."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from interconnections.files.addresses import Address

AT_ONCE = 16  # fetches of one process; the others wait for their turn
# Strangers choose these names: one that is answered slowly must not hold the threads that others are looked up in.
LOOKING_UP = ThreadPoolExecutor(AT_ONCE, "files")

Spot = tuple[Address, int]  # where to connect
Resolve = Callable[[str, int], Awaitable[list[Spot]]]


async def ask_the_system(host: str, port: int) -> list[Spot]:
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(LOOKING_UP, look_up)
    return [(ip_address(spot[0]), int(spot[1])) for *_, spot in found]


class Pinned(AbstractResolver):
    """Answers with what was checked, whatever the name server would say by now."""

    def __init__(self, spots: list[Spot]) -> None:
        self._spots = spots

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=at,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address, at in self._spots
        ]

    async def close(self) -> None:
        """Nothing is held."""
