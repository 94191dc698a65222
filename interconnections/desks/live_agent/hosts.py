"""Where Salesforce may send us: its own domains, or the host that the org is configured with (rulings 22).  Pure."""

from urllib.parse import urlsplit

SALESFORCE = (".salesforceliveagent.com", ".salesforce-scrt.com", ".salesforce.com", ".force.com")


def is_theirs(url: str, org_url: str) -> bool:
    """https only, but for an org that is configured without: that is somebody's own machine."""
    try:
        there, org = urlsplit(url), urlsplit(org_url)
        host, _ = there.hostname or "", there.port
    except ValueError:
        return False
    if there.scheme not in ("https", org.scheme) or not host or there.username or there.password:
        return False
    return host == org.hostname or host.endswith(SALESFORCE)


def moved_to(new_url: str, org_url: str) -> str:
    """Scheme and host of `new_url` (as in `https://host/chat`); "" where we must not follow."""
    if not is_theirs(new_url, org_url):
        return ""
    new = urlsplit(new_url)
    return f"{new.scheme}://{new.hostname}:{new.port}" if new.port else f"{new.scheme}://{new.hostname}"
