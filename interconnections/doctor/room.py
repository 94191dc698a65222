"""How many more conversations fit into Redis, by what those take that are there."""

from interconnections.doctor.findings import Finding
from interconnections.doctor.server import FULL, GROUP
from interconnections.store.footprint import Footprint
from interconnections.store.server_info import Server


def room_findings(server: Server, taken: Footprint | None) -> list[Finding]:
    """A calculation, never a fault: how full it is already, the server's own findings say."""
    if taken is None or not taken.measured:
        return []
    each = [f"an {kind} conversation takes {size / 1024:.1f} KiB" for kind, size in _sizes(taken)]
    told = f"measured on {taken.measured}: {', '.join(each)}"
    limit, name = (server.limit, "maxmemory") if server.limit else (server.machine, "the machine's memory")
    if not limit:
        return [GROUP.ok(told)]
    fit = max(0, int(FULL * limit - server.used)) // (taken.closed or taken.open)
    told += f"; {fit} more fit into {FULL:.0%} of {name}"
    if taken.ended_a_day >= 1:
        told += f", {fit / taken.ended_a_day:.0f} days of last week's traffic"
    return [GROUP.ok(told)]


def _sizes(taken: Footprint) -> list[tuple[str, int]]:
    return [(kind, size) for kind, size in (("open", taken.open), ("ended", taken.closed)) if size]
