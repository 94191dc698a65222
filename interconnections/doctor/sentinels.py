"""The Sentinels: does each of them answer, do they agree, and could they fail over?"""

from interconnections.doctor.findings import Finding
from interconnections.doctor.server import GROUP
from interconnections.store.sentinel_info import REFUSED, Told

NO_MASTER = "MasterNotFoundError"  # redis-py's, of Sentinels that all said nothing of use


def no_master() -> Finding:
    return GROUP.error(
        "no Sentinel names a master: webhooks are answered 503, nothing is carried",
        "See what is said of the Sentinels here; where they are well, no server is: look at Redis.",
    )


def sentinel_findings(told: list[Told], replicas: int | None) -> list[Finding]:
    """`replicas`: as many as the master says, None where it did not answer."""
    found = [finding for one in told if (finding := _alone(one, told))]
    masters = sorted({one.master for one in told if one.master})
    if len(masters) > 1:
        found.append(
            GROUP.warning(
                f"the Sentinels disagree on the master: {', '.join(masters)}",
                "Ask again when the fail-over is over; if it stays, let them reach each other.",
            )
        )
    elif masters and any(one.down for one in told):
        found.append(
            GROUP.warning(
                f"Sentinels find that the master {masters[0]} is down",
                "Ask again in some seconds; if it stays, look at it and at the Sentinels' logs.",
            )
        )
    most = max((one.sentinels for one in told), default=0)
    if most > len(told):
        found.append(
            GROUP.warning(
                f"there are {most} Sentinels, and REDIS_SENTINELS names {len(told)}",
                "Name them all: when those are away nobody finds the master.",
            )
        )
    if masters and replicas == 0:
        found.append(
            GROUP.warning(
                "the master has no replica: no server could take over",
                "Start the one that is missing; it follows by itself. Else see its log for a refused masteruser.",
            )
        )
    if found:
        return found
    return [GROUP.ok(f"{len(told)} Sentinel{'' if len(told) == 1 else 's'} name{'s' if len(told) == 1 else ''} "
                     f"{masters[0]} as the master")]  # fmt: skip


def _alone(one: Told, told: list[Told]) -> Finding | None:
    """Nothing is lost as long as another of them knows the master."""
    tell = GROUP.warning if any(other.master for other in told) else GROUP.error
    if one.trouble == REFUSED:
        return tell(
            f"the Sentinel at {one.address} refuses our password or user",
            "Look at REDIS_SENTINEL_USERNAME and REDIS_SENTINEL_PASSWORD.",
        )
    if one.trouble:
        return tell(
            f"the Sentinel at {one.address} does not answer ({one.trouble})",
            "Start it, or look at REDIS_SENTINELS, REDIS_SENTINEL_TLS and the certificates that REDIS_URL names.",
        )
    if not one.master:
        return tell(
            f"the Sentinel at {one.address} watches no such service",
            f"Let REDIS_SENTINEL_SERVICE be what it watches: {', '.join(one.services) or 'nothing yet'}.",
        )
    return None
