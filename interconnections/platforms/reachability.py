"""Does somebody answer at an address?  Any answer will do: a GET of it proves the way, and changes nothing there."""

from interconnections.platforms.platform import Check
from interconnections.wire import Unreachable, Wire, host_of

NO_GET = 501  # a server that takes POSTs alone, like the receiver of docs/state-webhook.md
PAGE = "Mend it in the admin, on the bot's page."


async def reachable(wire: Wire, url: str, what: str, then: str) -> list[Check]:
    """`what` is asked; `then`: what it means that it does not answer."""
    if not url.startswith(("http://", "https://")):
        return []  # clean() has said so
    try:
        reply = await wire.send("GET", url, headers={})
    except Unreachable as trouble:
        if "DNS" in str(trouble):
            return [Check("error", f"there is no host {host_of(url)} for {what}: {then}", PAGE)]
        return [
            Check(
                "error",
                f"{what} at {host_of(url)} does not answer ({trouble}): {then}",
                "Look at the address, and at the network and firewall from here.",
            )
        ]
    if reply.status >= 500 and reply.status != NO_GET:
        return [Check("warning", f"{what} at {host_of(url)} answers {reply.status}", "Ask its operators how it is.")]
    return [Check("ok", f"{what} answers at {host_of(url)}")]
