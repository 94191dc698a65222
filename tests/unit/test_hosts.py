"""Is the button open, and whom we follow when Salesforce says that the org is served elsewhere."""

import json

import pytest

from interconnections.desks.hosts import chat_address, moved_to
from interconnections.desks.live_agent.reader import Availability, read_availability
from interconnections.directory import org_of
from interconnections.models import SalesforceOrg

ORG = "https://d.la1-c1.salesforceliveagent.com"


@pytest.mark.parametrize(
    ("new", "org", "followed"),
    [
        ("https://d.la4-c1.salesforceliveagent.com/chat", ORG, "https://d.la4-c1.salesforceliveagent.com"),
        ("https://x.my.salesforce-scrt.com/chat", ORG, "https://x.my.salesforce-scrt.com"),
        ("https://chat.tienda.example:8443/chat", "https://chat.tienda.example", "https://chat.tienda.example:8443"),
        ("http://127.0.0.1:9/chat", "http://127.0.0.1:8", "http://127.0.0.1:9"),
        ("https://chat.sfcrmproducts.cn/chat", ORG, "https://chat.sfcrmproducts.cn"),
        ("https://chat2.tienda.com.mx/chat", "https://chat.tienda.com.mx", "https://chat2.tienda.com.mx"),
        ("https://chat.evil.com.mx/chat", "https://chat.tienda.com.mx", ""),
        ("https://a.github.io/chat", "https://b.github.io", ""),  # neighbours on a host of many
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


@pytest.mark.parametrize(
    "written",
    [
        ORG, f"{ORG}/", f"{ORG}/chat", f"{ORG}/chat/", f"{ORG}/chat/rest", f"{ORG}/chat/rest/", f" {ORG}/chat/rest/ ",
        f"{ORG}/chat/rest/System/SessionId", f"{ORG}/chat/rest/?x=1#y", "https://D.LA1-C1.SalesForceLiveAgent.com/chat",
        "HTTPS://d.la1-c1.salesforceliveagent.com", "d.la1-c1.salesforceliveagent.com/chat/rest",
        f"{ORG}/content/g/js/58.0/deployment.js",
    ],
)  # fmt: skip
def test_a_chat_address_is_read_however_it_was_copied(written: str) -> None:
    assert chat_address(written) == ORG
    assert org_of(SalesforceOrg(name="Acme", chat_url=written)).chat_url == ORG


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("http://127.0.0.1:8123/chat/rest/", "http://127.0.0.1:8123"),
        ("https://proxy.acme.example/sf/chat/rest", "https://proxy.acme.example/sf"),
        ("https://[::1]:8123/chat", "https://[::1]:8123"),
        ("", ""),
        ("   ", ""),
        ("ftp://d.la1-c1.salesforceliveagent.com", ""),
        ("https://me:secret@d.la1-c1.salesforceliveagent.com", ""),
        ("https://[::1", ""),
        ("https://x:port", ""),
    ],
)
def test_what_is_no_chat_address_is_said_to_be_missing(written: str, address: str) -> None:
    assert chat_address(written) == address
    org = org_of(SalesforceOrg(name="Acme", chat_url=written))
    assert (org.chat_url, bool(org.wrong)) == (address, not address)


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
