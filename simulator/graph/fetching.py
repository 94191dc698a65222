"""Meta fetches what a business sends by link (WA §6, FB §6)."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiohttp

CHUNK = 64 * 1024


class NotFetched(Exception):
    """Nobody gave it, or not in time, or it is not what it was to be; the sentence says which."""


class TooLarge(NotFetched):
    """There is more of it than is taken."""


async def fetch(
    http: aiohttp.ClientSession, url: str, most: int, seconds: float, *, links: str
) -> tuple[str, str, bytes]:
    """(content type, name, bytes).  `links`: which are fetched, as the switch says."""
    if links == "none":
        raise NotFetched("the link's host lets nobody in")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotFetched("the link is no http address")
    if parts.scheme == "http" and not (links == "all" or _this_machine(parts.hostname)):
        raise NotFetched("the link is not https")
    content = bytearray()
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(total=seconds)) as answer:
            if answer.status != 200:
                raise NotFetched(f"the link was answered {answer.status}")
            async for chunk in answer.content.iter_chunked(CHUNK):
                content += chunk
                if len(content) > most:
                    raise TooLarge(f"there are more than {most} bytes behind the link")
            name = answer.content_disposition.filename if answer.content_disposition else None
            mime = answer.headers.get("Content-Type", "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
        raise NotFetched(f"the link could not be fetched: {type(trouble).__name__}") from trouble
    return mime, name or unquote(parts.path.rpartition("/")[2]), bytes(content)


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
