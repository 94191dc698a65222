"""A rolling upgrade: may its step be finished?  docs/operations.md has the steps."""

from interconnections.doctor.findings import Finding
from interconnections.doctor.workload import GROUP
from interconnections.store.schema import SCHEMA
from interconnections.store.upgrade import Upgrade


def release_findings(now: Upgrade) -> list[Finding]:
    newest = max([SCHEMA, now.stored or 0, *now.workers])
    behind = sum(version < newest for version in now.workers)
    if newest > SCHEMA:
        return [
            GROUP.warning(
                f"the next release is at work: it writes Redis in schema {newest}, this one in {SCHEMA}",
                "Go on with the upgrade, and ask its own doctor; to go back, restart everything with this release.",
            )
        ]
    if behind:
        return [
            GROUP.warning(
                f"{behind} of {len(now.workers)} workers are of an earlier release: the step to schema {SCHEMA} is "
                "not finished",
                "Restart them with this release. What docs/operations.md says of the step has to wait.",
            )
        ]
    if not now.workers or now.stored != SCHEMA:
        return []
    return [GROUP.ok(f"every worker writes schema {SCHEMA}: that step may be finished")]
