"""What would not work in the row of a bot that speaks to Meta itself, whichever of its platforms it is on."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from interconnections.platforms.graph import GRAPH
from interconnections.platforms.platform import Row

_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")


def mistakes(row: Row) -> dict[str, str]:
    """By column, in words; columns that are empty are told of elsewhere."""
    wrong: dict[str, str] = {}
    if row.webhook_auth == "bearer":
        wrong["webhook_auth"] = _("Meta signs its webhooks with the app's secret: choose X-Hub-Signature-256.")
    if row.api_url and not _is_whole(row.api_url):
        wrong["api_url"] = _("Leave it empty for Meta's own, or give a whole address, as in %s.") % GRAPH
    if not _VERSION.fullmatch(row.graph_version):
        wrong["graph_version"] = _("A version of the Graph API looks like v25.0.")
    return wrong


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
