"""The Redis server: can it keep what we answered 200 to?"""

import re

from interconnections.doctor.findings import Finding, Group
from interconnections.store.server_info import Server

GROUP = Group("Redis")
SLOW = 5.0  # ms, median
ASTRAY = 2.0  # seconds between clocks
LAGGING = 10  # seconds
NEARLY_FULL, FULL = 0.8, 0.95  # of maxmemory


def away(why: str) -> Finding:
    if why in ("AuthenticationError", "AuthenticationWrongNumberOfArgsError", "NoPermissionError"):
        return GROUP.error("Redis refuses our password or user", "Look at the user and password in REDIS_URL.")
    return GROUP.error(
        f"Redis does not answer ({why}): webhooks are answered 503, nothing is carried",
        "Start it, or look at REDIS_URL or REDIS_SENTINELS.",
    )


def server_findings(server: Server) -> list[Finding]:
    return [*_version(server), *_role(server), *_persistence(server), *_memory(server), *_pace(server)]


def _version(server: Server) -> list[Finding]:
    name = "Valkey" if server.valkey else "Redis"
    major = re.match(r"\d+", server.version)
    if not server.valkey and int(major[0] if major else 0) < 7:
        return [
            GROUP.error(f"{name} {server.version} is too old: our scripts need 7", "Update to Redis 7 or Valkey.")
        ]
    if not server.scripts:
        return [GROUP.error("Redis refuses our scripts", "Allow this user EVALSHA, EVAL and SCRIPT LOAD (ACL).")]
    if not server.functions:
        return [
            GROUP.warning(
                "Redis has no functions for us: a message costs it a third more, as scripts",
                "Allow this user FCALL, FUNCTION LOAD and FUNCTION DELETE (ACL).",
            )
        ]
    return [GROUP.ok(f"{name} {server.version}")]


def _role(server: Server) -> list[Finding]:
    if server.role != "master":
        return [
            GROUP.error(
                f"we are connected to a {server.role or 'server of unknown role'}, which takes no writes",
                "Point REDIS_URL at the master, or use REDIS_SENTINELS.",
            )
        ]
    late = [lag for lag in server.replica_lags if lag > LAGGING]
    if late:
        return [
            GROUP.warning(
                f"a replica is {max(late)} s behind: a failover now would lose what it has not seen",
                "Look at the replica and at the network to it.",
            )
        ]
    number = len(server.replica_lags)
    return [GROUP.ok(f"master, with {number} replica{'' if number == 1 else 's'}")]


def _persistence(server: Server) -> list[Finding]:
    if not server.appendonly:
        return [
            GROUP.error(
                "appendonly is off: a crash of Redis loses conversations and messages",
                "CONFIG SET appendonly yes, and write it into redis.conf.",
            )
        ]
    if not server.appended:
        return [GROUP.error("the last write to the append-only file failed", "Look at the disk and Redis' log.")]
    if server.appendfsync is None:
        return [
            GROUP.ok("appendonly is on"),
            GROUP.warning(
                "Redis does not tell its appendfsync", "Make sure at your provider that it is everysec or always."
            ),
        ]
    if server.appendfsync == "no":
        return [
            GROUP.warning(
                "appendfsync is no: a crash of the machine can lose half a minute",
                "CONFIG SET appendfsync everysec, and write it into redis.conf.",
            )
        ]
    return [GROUP.ok(f"appendonly is on, appendfsync {server.appendfsync}")]


def _memory(server: Server) -> list[Finding]:
    found = []
    if server.policy != "noeviction":
        tell = GROUP.error if server.limit else GROUP.warning
        found.append(
            tell(
                f"maxmemory-policy is {server.policy or 'unknown'}: a full Redis throws conversations away",
                "CONFIG SET maxmemory-policy noeviction, and write it into redis.conf.",
            )
        )
    limit, name = (server.limit, "maxmemory") if server.limit else (server.machine, "the machine's memory")
    share = server.used / limit if limit else 0.0
    told = f"memory: {share:.0%} of {name} ({server.used / 2**20:.0f} of {limit / 2**20:.0f} MiB)"
    mend = "Raise maxmemory, or lower SESSION_RETENTION_DAYS."
    if share >= FULL:
        found.append(GROUP.error(f"{told}: writes are refused soon, webhooks answered 503", mend))
    elif share >= NEARLY_FULL:
        found.append(GROUP.warning(told, mend))
    else:
        found.append(GROUP.ok(told))
    return found


def _pace(server: Server) -> list[Finding]:
    found = []
    if server.latency > SLOW:
        found.append(
            GROUP.warning(
                f"a ping takes {server.latency:.1f} ms in the median: every message takes several",
                "Put Redis nearer, into the same zone.",
            )
        )
    else:
        found.append(GROUP.ok(f"a ping takes {server.latency:.2f} ms in the median"))
    if abs(server.clock) > ASTRAY:
        found.append(
            GROUP.warning(
                f"Redis' clock and this machine's are {abs(server.clock):.0f} s apart: times on pages mislead",
                "Let NTP keep both.",
            )
        )
    return found


def stranger_findings(kinds: list[str]) -> list[Finding]:
    if not kinds:
        return [GROUP.ok("the keys are those of this release")]
    return [
        GROUP.warning(
            f"keys that this release does not know: {', '.join(kinds[:5])}",
            "Another release wrote them: finish the deploy, or see store/keys.py for what is ours.",
        )
    ]
