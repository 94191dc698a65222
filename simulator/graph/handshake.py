"""Asking a callback whether it is ours, before anything is sent there (WA §2.1, FB §2.1)."""

from __future__ import annotations

import aiohttp

from .. import ids


async def failure(http: aiohttp.ClientSession, url: str, verify_token: str, seconds: float) -> str | None:
    """Why the callback did not pass; None: it did."""
    challenge = str(ids.now_ms())
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
    limit = aiohttp.ClientTimeout(total=seconds)
    try:
        async with http.get(url, params=query, timeout=limit, allow_redirects=False) as answer:
            text = await answer.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
        return f"The URL couldn't be validated: {type(trouble).__name__}: {trouble}"
    if answer.status != 200:
        return f"The URL couldn't be validated: response code {answer.status}"
    if text != challenge:
        return f"The URL couldn't be validated: expected {challenge!r}, got {text[:80]!r}"
    return None
