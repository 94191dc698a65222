"""What is written: where a request goes, and its head.  Pure.

Addresses and heads come out as aiohttp writes them; an address that is not plain is left to yarl, which aiohttp uses.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from yarl import URL

PORTS = {"http": 80, "https": 443}
# What yarl would leave as it is.  A dot at the beginning of a segment may be a step up, which it takes.
PLAIN = re.compile(
    r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::([1-9]\d{0,4}))?((?:/(?!\.)[\w.~=&,:@-]*)+(?:\?[\w.~=&,-]+)?)", re.A
)
BODYLESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # where there is no body, no length is said of it
# What is said where the caller says nothing.  No packing is asked for: most answers are a few hundred bytes.
STANDING = {
    "accept": "Accept: */*",
    "accept-encoding": "Accept-Encoding: identity",
    "user-agent": "User-Agent: bridge/1",
}


class Origin(NamedTuple):
    """Whose connections may be shared."""

    scheme: str
    host: str  # as it is looked up and verified: no brackets
    port: int


class Target(NamedTuple):
    origin: Origin
    host: str  # as the header says it
    path: str
    authorization: str = ""  # of a name and a password in the address


@lru_cache(4096)
def target_of(url: str) -> Target:
    """Raises ValueError, which does not show the address."""
    found = PLAIN.fullmatch(url)
    if not found:
        return _unusual(url)
    scheme, host, port, path = found.groups()
    number = int(port) if port else PORTS[scheme]
    if number > 65_535:
        raise ValueError("not an address")
    return Target(Origin(scheme, host, number), host if number == PORTS[scheme] else f"{host}:{number}", path)


def _unusual(url: str) -> Target:
    try:
        made = URL(url)
        host, port, shown = made.raw_host, made.port, made.host_port_subcomponent
    except (ValueError, TypeError):
        raise ValueError("not an address") from None
    if made.scheme not in PORTS or not host or not port or not shown:
        raise ValueError("not an address")
    authorization = ""
    if made.raw_user or made.raw_password:
        pair = f"{made.user or ''}:{made.password or ''}".encode("latin-1", "replace")
        authorization = f"Basic {b64encode(pair).decode()}"
    return Target(Origin(made.scheme, host, port), shown, made.raw_path_qs, authorization)


def head_of(method: str, target: Target, headers: Mapping[str, str], length: int | None) -> bytes:
    """`length`: of the body, None where there is none.  Raises ValueError for what cannot be written."""
    unsaid = _unsaid(tuple(headers))
    lines = [f"{method} {target.path} HTTP/1.1", f"Host: {target.host}", *unsaid.standing]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if target.authorization:
        if not unsaid.authorization:
            raise ValueError("a password in the address beside another")
        lines.append(f"Authorization: {target.authorization}")
    if length is not None:
        if unsaid.content_type:
            lines.append("Content-Type: application/octet-stream")
        lines.append(f"Content-Length: {length}")
    elif method not in BODYLESS:
        lines.append("Content-Length: 0")
    head = "\r\n".join(lines)
    ends = len(lines) - 1
    if head.count("\r") != ends or head.count("\n") != ends or "\0" in head or not method.isalpha():
        raise ValueError("a header that cannot be written")
    return f"{head}\r\n\r\n".encode()


class _Unsaid(NamedTuple):
    """What the caller's headers leave to us."""

    standing: list[str]
    authorization: bool
    content_type: bool


@lru_cache(128)
def _unsaid(names: tuple[str, ...]) -> _Unsaid:
    said = {name.lower() for name in names}
    standing = [line for name, line in STANDING.items() if name not in said]
    return _Unsaid(standing, "authorization" not in said, "content-type" not in said)
