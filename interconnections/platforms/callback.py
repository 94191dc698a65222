"""Why Meta did not take our address for its webhooks, in words; for both its platforms.  Pure."""

from interconnections.errors import PlatformError
from interconnections.wire import host_of

UNVERIFIED = "2200"  # code: it asked the address for its word, and did not get it


def refused(trouble: PlatformError, url: str) -> str:
    if getattr(trouble, "code", "") != UNVERIFIED:
        return f"Meta did not take the address: it {trouble}"
    return (
        f"Meta asked {host_of(url)} whether it is ours, and got no answer or a wrong one (code {UNVERIFIED}): see "
        "that the web process runs there, and is reached from outside over https with a whole certificate"
    )
