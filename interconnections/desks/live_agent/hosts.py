"""Where Salesforce may send us: its own domains, or the host that the org is configured with (rulings 22).  Pure."""

from urllib.parse import urlsplit

SALESFORCE = (".salesforceliveagent.com", ".salesforce-scrt.com", ".salesforce.com", ".force.com")


def moved_to(new_url: str, org_url: str) -> str:
    """Scheme and host of `new_url` (as in `https://host/chat`); "" where we must not follow.

    https only, but for an org that is configured without: that is somebody's own machine.
    """
    try:
        new, org = urlsplit(new_url), urlsplit(org_url)
        host, port = new.hostname or "", new.port
    except ValueError:
        return ""
    if new.scheme not in ("https", org.scheme) or not host or new.username or new.password:
        return ""
    if host != org.hostname and not host.endswith(SALESFORCE):
        return ""
    return f"{new.scheme}://{host}:{port}" if port else f"{new.scheme}://{host}"
