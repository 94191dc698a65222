"""Which worker processes hold a lease, as /metrics tells it: a worker's name ends in its process id and a nonce."""

import re

import requests

OWNED = re.compile(r'^bridge_owned\{worker="[^"]*-(\d+)-\w+"\} (\S+)', re.MULTILINE)


def owned_in(metrics: str) -> dict[int, int]:
    """Conversations owned, by process id, of every worker whose lease has not ended, whether it lives or not."""
    return {int(pid): int(float(number)) for pid, number in OWNED.findall(metrics)}


def owned(url: str) -> dict[int, int]:
    """As the web process at this address tells it."""
    return owned_in(requests.get(f"{url}/metrics", timeout=5).text)
