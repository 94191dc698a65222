"""Is the button open, and whom we follow when Salesforce says that the org is served elsewhere."""

import json

import pytest

from interconnections.desks.live_agent.hosts import moved_to
from interconnections.desks.live_agent.reader import Availability, read_availability

ORG = "https://d.la1-c1.salesforceliveagent.com"


@pytest.mark.parametrize(
    ("new", "org", "followed"),
    [
        ("https://d.la4-c1.salesforceliveagent.com/chat", ORG, "https://d.la4-c1.salesforceliveagent.com"),
        ("https://x.my.salesforce-scrt.com/chat", ORG, "https://x.my.salesforce-scrt.com"),
        ("https://chat.tienda.example:8443/chat", "https://chat.tienda.example", "https://chat.tienda.example:8443"),
        ("http://127.0.0.1:9/chat", "http://127.0.0.1:8", "http://127.0.0.1:9"),
        ("http://d.la4-c1.salesforceliveagent.com/chat", ORG, ""),  # not down to plain text
        ("https://evil.example/chat", ORG, ""),
        ("https://evil-salesforce.com/chat", ORG, ""),
        ("https://d.salesforceliveagent.com.evil.example/chat", ORG, ""),
        ("https://me@d.la4-c1.salesforceliveagent.com/chat", ORG, ""),
        ("https://[::1/chat", ORG, ""),
        ("javascript:alert(1)", ORG, ""),
        ("", ORG, ""),
    ],
)
def test_only_salesforce_and_the_orgs_own_host_are_followed(new: str, org: str, followed: str) -> None:
    assert moved_to(new, org) == followed


BUTTON = "573000000000001"


def answer(*rows: dict[str, object]) -> bytes:
    return json.dumps({"messages": [{"type": "Availability", "message": {"results": list(rows)}}]}).encode()


@pytest.mark.parametrize(
    ("status", "content", "told"),
    [
        (200, answer({"id": BUTTON, "isAvailable": True}), Availability(open=True)),
        (200, answer({"id": BUTTON + "AAA", "isAvailable": True, "estimatedWaitTime": 3}), Availability(open=True)),
        (200, answer({"id": BUTTON, "isAvailable": False}), Availability(open=False)),
        (200, answer({"id": BUTTON}), Availability(open=False)),  # missing is no
        (200, answer({"id": "573000000000009", "isAvailable": True}), Availability()),
        (200, answer(), Availability()),
        (
            200,
            b'{"messages":[{"type":"SwitchServer","message":{"newUrl":"https://d.x/chat"}}]}',
            Availability(moved="https://d.x/chat"),
        ),
        (200, b"<html>", Availability()),
        (200, b"{}", Availability()),
        (404, b"", Availability()),
        (500, b"", Availability()),
    ],
)
def test_availability_says_yes_no_elsewhere_or_nothing(status: int, content: bytes, told: Availability) -> None:
    assert read_availability(status, content, BUTTON) == told
