"""A webhook's request without Django's: for those whose address, host and headers leave nothing to interpret.

What is not plain is Django's to read, and so is whatever is wrong: both roads lead to the same view.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from interconnections.http.limits import Message
from interconnections.webhook_request import WebhookRequest

QUERY = re.compile(rb"(?:[\w.~-]+=[\w.~-]*(?:&(?!$)|$)){0,20}", re.ASCII)


class Headers(Mapping[str, str]):
    """Found whatever their case."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, str]) -> None:
        """`values`: by names in lower case, as ASGI tells them."""
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def plain(scope: Message, body: bytes) -> WebhookRequest | None:
    """As Django would read it; None where that takes more than looking."""
    query = scope["query_string"]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if (
        len(headers) != len(scope["headers"])  # some come twice
        or any("_" in name for name in headers)
        or not QUERY.fullmatch(query)
        or settings.USE_X_FORWARDED_HOST
        or not _answered(headers.get("host", ""), settings.DEBUG, tuple(settings.ALLOWED_HOSTS))
    ):
        return None
    pairs = (part.partition("=") for part in query.decode("ascii").split("&") if part)
    return WebhookRequest(Headers(headers), {name: value for name, _, value in pairs}, body)


@lru_cache(256)
def _answered(host: str, debug: bool, allowed: tuple[str, ...]) -> bool:
    """Is this Host one of ALLOWED_HOSTS?  Where none are set in DEBUG, Django knows what that means."""
    domain, _ = split_domain_port(host)
    return bool(domain) and not (debug and not allowed) and validate_host(domain, allowed)
