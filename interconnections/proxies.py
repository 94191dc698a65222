"""From which address does a request come, where proxies stand in front?

X-Forwarded-For is a claim: each proxy appends whom it heard.  It is read from its end, and only as far as the proxies
are ours (TRUSTED_PROXIES); what a client wrote into it himself is never reached.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SOCKET = "unix"  # in TRUSTED_PROXIES: a proxy that reaches us over a unix socket
WIDEST = 8  # bits; 10.0.0.0/8 is the largest network that is anybody's own
UNTOLD = "behind a proxy that is not ours"  # one address for all of them


def address_of(request: HttpRequest) -> str:
    """Whose failures are counted together: an IPv4 address, or the /64 that an IPv6 subscriber has to himself."""
    peer, claims = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    return address(peer, claims, trusted(settings.TRUSTED_PROXIES))


def trusted(names: Collection[str]) -> frozenset[Network | str]:
    """The setting's addresses and networks; raises ValueError for what is none."""
    return frozenset(name if name == SOCKET else ip_network(name.strip()) for name in names)


def too_wide(names: Collection[str]) -> list[str]:
    """Those that hold a share of the whole internet: a slip, or a proxy that one did not care to name."""
    return [name for name in names if name != SOCKET and ip_network(name).prefixlen < WIDEST]


def address(peer: str, claims: str, ours: Collection[Network | str]) -> str:
    """`peer` is whom the server saw, "" over a unix socket; `claims` are the values of X-Forwarded-For, by commas."""
    said = [_parsed(claim) for claim in reversed(claims.split(","))] if claims.strip() else []
    seen = _parsed(peer)
    if seen is not None and seen in said:
        # The server itself took it from the header, as uvicorn does unless it is told --no-proxy-headers: who the
        # peer was is not known any more.  Believed where our own reading agrees.
        told = _told(None, said, ours)
        return _counted(told) if ours and (told == seen or _is_ours(seen, ours)) else UNTOLD
    if _is_ours(seen, ours) or (not peer and SOCKET in ours):
        seen = _told(seen, said, ours)
    return _counted(seen) if seen else peer


def _told(seen: Address | None, said: list[Address | None], ours: Collection[Network | str]) -> Address | None:
    """The last that a proxy of ours heard; what it could not name is counted as its own."""
    for claim in said:
        if claim is None:
            break
        seen = claim
        if not _is_ours(claim, ours):
            break
    return seen


def _is_ours(seen: Address | None, ours: Collection[Network | str]) -> bool:
    return seen is not None and any(not isinstance(each, str) and seen in each for each in ours)


def _counted(seen: Address | None) -> str:
    return str(ip_network((int(seen), 64), strict=False)) if isinstance(seen, IPv6Address) else str(seen or UNTOLD)


def _parsed(text: str) -> Address | None:
    """`192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`, `::ffff:192.0.2.7`; else None."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
