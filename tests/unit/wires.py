"""A wire without a network."""

import json
from dataclasses import dataclass, field
from typing import Any

from interconnections.wire import Reply, Stream


@dataclass
class Asked:
    """One request, as it would have gone out."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any  # parsed; None where there was none, text where it is no JSON
    timeout: float
    once: bool = False


@dataclass
class ScriptedWire:
    """Answers by its script and remembers what it was asked; whoever asks more than that is told so."""

    script: list[Reply | Exception]
    asked: list[Asked] = field(default_factory=list)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str],
        body: bytes | Stream | None = None,
        timeout: float = 30.0,
        once: bool = False,
    ) -> Reply:
        whole = body if body is None or isinstance(body, bytes) else b"".join([piece async for piece in body])
        self.asked.append(Asked(method, url, dict(headers), _read(whole), timeout, once))
        assert self.script, f"{method} {url} was not expected"
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _read(body: bytes | None) -> Any:
    if body is None:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()
