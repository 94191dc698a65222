"""How the users' side answered, as what to do: the table that every send of this shore shares."""

from interconnections.errors import PlatformRefused, PlatformUnwell
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable, Wire

SILENT = (408, 500, 502, 504)  # after these it may have been taken all the same


def raise_unless_taken(reply: Reply, taken: tuple[int, ...] = (200, 201, 202, 204)) -> None:
    """Raises PlatformUnwell (repeat) or PlatformRefused (give up).

    401 and 403 are repeated: they speak of our token, which somebody will mend, not of the message.
    """
    if reply.status in taken:
        return
    if reply.status >= 500 or reply.status in (401, 403, 408, 409, 423, 425, 429) or 300 <= reply.status < 400:
        raise PlatformUnwell(f"answered {reply.status}", reply.retry_after, silent=reply.status in SILENT)
    raise PlatformRefused(f"answered {reply.status}")


async def post(wire: Wire, url: str, body: bytes, token: Secret | None = None) -> Reply:
    """One JSON POST; raises PlatformUnwell when no whole answer came."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token.reveal()}"
    try:
        return await wire.send("POST", url, headers=headers, body=body, timeout=30.0)
    except Unreachable as trouble:
        raise PlatformUnwell(f"no answer: {trouble}", silent=not trouble.unmet, crowded=trouble.crowded) from None
