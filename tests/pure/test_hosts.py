"""Whom we follow when Salesforce says that an org is served elsewhere."""

import pytest

from interconnections.desks.live_agent.hosts import moved_to

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
