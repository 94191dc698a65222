"""Does somebody answer at an address?  Any answer will do: a GET of it proves the way, and changes nothing there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.platforms.platform import Check
from interconnections.wire import Unreachable, Wire, host_of

NO_GET = 501  # a server that takes POSTs alone, like the receiver of docs/state-webhook.md
PAGE = gettext_lazy("Mend it in the admin, on the bot's page.")


async def reachable(wire: Wire, url: str, what: str, then: str) -> list[Check]:
    """`what` is asked; `then`: what it means that it does not answer."""
    if not url.startswith(("http://", "https://")):
        return []  # clean() has said so
    known = {"what": what, "host": host_of(url), "then": then}
    try:
        reply = await wire.send("GET", url, headers={})
    except Unreachable as trouble:
        if "DNS" in str(trouble):
            return [Check("error", _("there is no host %(host)s for %(what)s: %(then)s") % known, str(PAGE))]
        return [
            Check(
                "error",
                _("%(what)s at %(host)s does not answer (%(why)s): %(then)s") % (known | {"why": trouble}),
                _("Look at the address, and at the network and firewall from here."),
            )
        ]
    if reply.status >= 500 and reply.status != NO_GET:
        told = _("%(what)s at %(host)s answers %(status)s") % (known | {"status": reply.status})
        return [Check("warning", told, _("Ask its operators how it is."))]
    return [Check("ok", _("%(what)s answers at %(host)s") % known)]
