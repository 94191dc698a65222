"""Where a host is, and a socket to it: the first of its addresses that answers, over TLS where it is asked for."""

import asyncio
import socket
import ssl
from contextlib import suppress
from functools import cached_property

from aiohappyeyeballs import AddrInfoType, start_connection

from interconnections import wire
from interconnections.http11.connection import Connection
from interconnections.wire import Unreachable

REMEMBERED = 60.0  # seconds for which a host's addresses are taken as they were
MOST_HOSTS = 1024  # whose addresses are remembered
NEXT_ADDRESS = 0.25  # seconds after which the next address is tried beside one that is slow


class Dialler:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: for tests, whose authorities nobody else knows."""
        self._tls = tls
        self._known: dict[tuple[str, int], tuple[float, asyncio.Future[list[AddrInfoType]]]] = {}

    async def dial(self, connection: Connection) -> None:
        """Raises Unreachable, which is `unmet`."""
        try:
            async with asyncio.timeout(wire.CONNECT_TIMEOUT):
                await self._connect(connection)
        except socket.gaierror:
            raise Unreachable("its host is not in the DNS", unmet=True) from None
        except TimeoutError:
            raise Unreachable("no connection in time", unmet=True) from None
        except ssl.SSLCertVerificationError:
            raise Unreachable("its certificate is not to be trusted", unmet=True) from None
        except ssl.SSLError:
            raise Unreachable("no TLS", unmet=True) from None
        except (OSError, ValueError) as error:
            raise Unreachable(f"no connection: {type(error).__name__}", unmet=True) from None

    async def _connect(self, connection: Connection) -> None:
        scheme, host, port = connection.origin
        loop = asyncio.get_running_loop()
        made = await start_connection(
            await self._addresses(host, port), happy_eyeballs_delay=NEXT_ADDRESS, interleave=1, loop=loop
        )
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                await loop.create_connection(lambda: connection, sock=made, ssl=self._context, server_hostname=host)
            else:
                await loop.create_connection(lambda: connection, sock=made)
        except BaseException:
            with suppress(OSError):  # where the loop has closed it
                made.close()
            raise

    async def _addresses(self, host: str, port: int) -> list[AddrInfoType]:
        """Asked once, however many wait for it; whoever gives up leaves the others waiting."""
        loop = asyncio.get_running_loop()
        since, asking = self._known.get((host, port), (0.0, None))
        if asking is None or (asking.done() and (loop.time() - since > REMEMBERED or asking.exception())):
            if len(self._known) >= MOST_HOSTS:
                self._known.clear()
            asking = asyncio.ensure_future(_asked(host, port))
            asking.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, though nobody waits
            self._known[host, port] = loop.time(), asking
        return await asyncio.shield(asking)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """One for all connections: it reads the system's authorities, some hundred of them."""
        context = self._tls or ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


async def _asked(host: str, port: int) -> list[AddrInfoType]:
    return [*await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)]
