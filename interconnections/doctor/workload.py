"""The work under way: who carries the conversations, and what has come to a stop?"""

from interconnections.doctor.findings import Finding, Group
from interconnections.store.work_info import LATE, Work

GROUP = Group("Work")


def work_findings(work: Work) -> list[Finding]:
    found = [*_workers(work), *_unowned(work), *_stuck(work), *_quiet(work), *_dead_letters(work)]
    if work.looked_at < work.open:
        found.append(GROUP.ok(f"looked at {work.looked_at} of {work.open} open conversations"))
    return found


def _workers(work: Work) -> list[Finding]:
    if work.workers:
        plural = "worker lives and carries" if work.workers == 1 else "workers live and carry"
        found = [GROUP.ok(f"{work.workers} {plural} {work.owned} conversations; {work.open} are open")]
        if work.dead_workers:
            found.append(GROUP.warning(f"{work.dead_workers} died just now", "Others take over within seconds."))
        return found
    return [
        GROUP.error(
            f"no worker is alive: nothing is polled or delivered ({work.open} conversations are open)",
            "Start some: python manage.py runpollers",
        )
    ]


def _unowned(work: Work) -> list[Finding]:
    found = []
    late = [age for age in work.free if age > LATE]
    if late:
        found.append(
            GROUP.error(
                f"{len(late)} conversations wait for a worker, the longest for {seconds(max(late))}",
                "Start more workers, or raise --capacity and the file limit of those that run.",
            )
        )
    starts = [age for age in work.overdue_starts if age > LATE]
    if starts:
        found.append(
            GROUP.error(
                f"{len(starts)} starts are stuck, the longest for {seconds(max(starts))} beyond its deadline",
                "A worker finishes them: start one, python manage.py runpollers",
            )
        )
    if work.orphans and work.workers:
        found.append(
            GROUP.error(
                f"{work.orphans} open conversations have no living owner and wait for none",
                "Ask again in ten seconds; when it stays, end them in the admin and tell us.",
            )
        )
    return found


def _stuck(work: Work) -> list[Finding]:
    found = []
    for lane, ages in work.overdue.items():
        if ages:
            found.append(
                GROUP.error(
                    f"{len(ages)} lanes to {lane} are {seconds(max(ages))} behind, though their owner lives",
                    "Look at that worker's log and CPU; restarting it hands its conversations over.",
                )
            )
    if work.unreadable:
        found.append(
            GROUP.error(
                f"workers cannot carry {work.unreadable} conversations, and give them back",
                "Look for “cannot be carried” in their logs. Where no key opens the tokens, bring the key back at "
                "the end of ENCRYPTION_KEYS and restart the workers; the admin can end such a conversation.",
            )
        )
    if work.unheard:
        found.append(
            GROUP.warning(
                f"{work.unheard} conversations are older than a minute, and no poll ever brought anything",
                "Salesforce tells at once that a user is queued: look for “poll failed” in the workers' logs.",
            )
        )
    return found


def _quiet(work: Work) -> list[Finding]:
    if not work.quiet:
        return []
    return [GROUP.ok(f"{work.quiet} open conversations had no news for a minute: people pause, too")]


def _dead_letters(work: Work) -> list[Finding]:
    if not work.fresh_dead:
        return [GROUP.ok(f"no message was given up in the last day ({work.dead_letters} before)")]
    reasons = "; ".join(f"{count} to {lane}: {why[:80]}" for (lane, why), count in work.fresh_dead.most_common(3))
    return [
        GROUP.warning(
            f"{work.fresh_dead.total()} messages were given up in the last day ({reasons})",
            "Each stands in its conversation's page in the admin, with the reason; look for “given up” in the logs.",
        )
    ]


def seconds(ms: int) -> str:
    return f"{ms // 1000} s" if ms < 120_000 else f"{ms // 60_000} min"
