"""The login's address, and whom a signed request is meant for: both by how Salesforce names its hosts.  Pure.

Source: salesforce-data-api.md section 1; the table of hosts there is not all there is (cases from the field).
"""

import re
from urllib.parse import urlsplit

from interconnections.desks.hosts import place

PRODUCTION = "https://login.salesforce.com"
# Each of these has a login and a test of its own; everything else is at home in the first.
CLOUDS = ("salesforce.com", "sfcrmproducts.cn", "salesforce.mil")
# acme.lightning.force.com is what a browser shows of acme.my.salesforce.com; no token is given there.
SHOWN = ((".lightning.force.com", ".my.salesforce.com"), (".my.salesforce-setup.com", ".my.salesforce.com"))
SITES = (".my.site.com", ".force.com")  # Experience Cloud: its sites are their own audience
SANDBOX_INSTANCE = re.compile(r"cs\d+|[a-z]{3}\d+s")  # cs42, usa2s


def login_address(written: str) -> str:
    """Scheme and host, however it was copied; production where nothing is written."""
    written = written.strip()
    if not written:
        return PRODUCTION
    try:
        found = urlsplit(written if "://" in written else f"https://{written}")
        address, host = place(found), found.hostname or ""
    except ValueError:
        return written
    for shown, own in SHOWN:
        if host.endswith(shown):
            return f"https://{host.removesuffix(shown)}{own}"
    before = re.sub(r"/(services|s|login)(/.*)?$", "", found.path, count=1).rstrip("/")
    return address if _cloud(host) else address + before


def audience(login_url: str) -> str:
    """Of a signed request: the login or the test of the org's cloud, never its My Domain."""
    login_url = login_address(login_url)
    host = urlsplit(login_url).hostname or ""
    if host.endswith(SITES):
        return login_url
    if re.search(r"(^|\.)gs1\.(my\.)?salesforce\.com$", host):
        return "https://gs1.salesforce.com"  # the first Government Cloud
    return f"https://{'test' if is_sandbox(host) else 'login'}.{_cloud(host) or CLOUDS[0]}"


def is_sandbox(host: str) -> bool:
    """Sandboxes and scratch orgs, by all the schemes that were in use: `acme--uat`, `.sandbox.`, `cs42`."""
    first, *others = host.split(".")
    return (
        first == "test"
        or "--" in first.removeprefix("xn--")
        or bool({"sandbox", "scratch"} & set(others))
        or (host.count(".") == 2 and bool(_cloud(host)) and bool(SANDBOX_INSTANCE.fullmatch(first)))
        or any(SANDBOX_INSTANCE.fullmatch(label) for label in others if _cloud(host))
    )


def _cloud(host: str) -> str:
    return next((cloud for cloud in CLOUDS if host.endswith(f".{cloud}")), "")
