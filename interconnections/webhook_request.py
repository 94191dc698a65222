"""What came to a webhook's address, as much of it as says who sent it: the same for every platform."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """`headers`: found whatever their case; `query`: the last value of each name; `body`: the bytes as they came."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
