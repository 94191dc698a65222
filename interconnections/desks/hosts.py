"""Where Salesforce may send us: its own domains, or the one that the org is configured with (rulings 22).  Pure."""

import re
from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from publicsuffixlist import PublicSuffixList

SALESFORCE = (
    ".salesforceliveagent.com",
    ".salesforce-scrt.com",
    ".salesforce.com",
    ".force.com",
    ".cloudforce.com",  # My Domains of before 2013
    ".salesforce.mil",  # Government Cloud Plus – Defense
    ".sfcrmproducts.cn",  # on Alibaba Cloud
    ".sfcrmapps.cn",
)


def is_theirs(url: str, org_url: str) -> bool:
    """https only, but for an org that is configured without: that is somebody's own machine."""
    there, org = _split(url), _split(org_url)
    if there is None or org is None or there.scheme not in ("https", org.scheme):
        return False
    host, own = there.hostname or "", org.hostname or ""
    return host == own or host.endswith(SALESFORCE) or bool(registered(host)) and registered(host) == registered(own)


def moved_to(new_url: str, org_url: str) -> str:
    """Scheme and host of `new_url` (as in `https://host/chat`); "" where we must not follow."""
    return place(urlsplit(new_url)) if is_theirs(new_url, org_url) else ""


def chat_address(written: str) -> str:
    """The Chat API Endpoint as Setup, a browser or a document shows it, without what our calls put behind it.

    "" for what is no address.  What stands before `/chat` stays: somebody's own proxy may want it.
    """
    found = _split(written.strip() if "://" in written else f"https://{written.strip()}")
    if found is None or found.scheme not in ("http", "https"):
        return ""
    before = re.sub(r"/chat(/.*)?$", "", found.path, count=1, flags=re.DOTALL).rstrip("/")
    return place(found) + ("" if (found.hostname or "").endswith(SALESFORCE) else before)


def place(url: SplitResult) -> str:
    """Scheme and host, in small letters; the port where there is one."""
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return f"{url.scheme}://{host}:{url.port}" if url.port else f"{url.scheme}://{host}"


def registered(host: str) -> str:
    """What its owner registered: `acme.com.mx` of `chat.acme.com.mx`; "" for addresses and lone names."""
    try:
        ip_address(host)
    except ValueError:
        return _suffixes().privatesuffix(host) or ""
    return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _split(url: str) -> SplitResult | None:
    """None for what is no address, or holds a user's name."""
    try:
        found = urlsplit(url)
        _ = found.port  # raises for what is no port
    except ValueError:
        return None
    host = found.hostname or ""
    return found if re.fullmatch(r"[\w.:-]+", host) and not (found.username or found.password) else None
