"""Posts webhooks to the bridge.  How often a platform repeats is not known (Yalo §10): the caller says."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json

import aiohttp

from ..protocol_options import Json
from .platform import Settings

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # s between attempts
IDLE = 3.0  # s; the bridge's server hangs up after five, and a webhook just then would get no answer


class Postman:
    """One HTTP client for all webhooks."""

    def __init__(self) -> None:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE), timeout=aiohttp.ClientTimeout(total=30)
        )

    async def deliver(self, url: str, body: Json, settings: Settings, persist: float = 0) -> Json:
        """Post once; with `persist`, again after 5xx, 429 or no answer until so many seconds have passed.

        The last answer, with the statuses of those before it (None: no answer).
        """
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **settings.headers}
        if settings.signature_secret is not None:
            digest = hmac.new(settings.signature_secret.encode(), raw, hashlib.sha256)
            headers["x-yalochat-signature"] = digest.hexdigest()
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + persist, FIRST_PAUSE
        before: list[int | None] = []
        while True:
            answer = await self._post(url, raw, headers)
            final = answer["status"] is not None and answer["status"] < 500 and answer["status"] != 429
            if final or loop.time() + pause > deadline:
                return answer | {"attempts": len(before) + 1, "before": before}
            before.append(answer["status"])
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _post(self, url: str, raw: bytes, headers: dict[str, str]) -> Json:
        """status None: no answer; `body` then says why."""
        try:
            async with self._http.post(url, data=raw, headers=headers) as response:
                return {"status": response.status, "body": await _read(response)}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
            return {"status": None, "body": f"{type(trouble).__name__}: {trouble}"}

    async def close(self) -> None:
        """Let the connections go."""
        await self._http.close()


async def _read(response: aiohttp.ClientResponse) -> object:
    text = await response.text(errors="replace")
    try:
        return json.loads(text)
    except ValueError:
        return text
