"""What processes cost, from /proc: user and system seconds (ticks of 10 ms), resident memory."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Of the process, its threads that ended included; not of its children."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICK


def resident(pid: int) -> int:
    """Bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@dataclass(frozen=True)
class Spent:
    """CPU seconds by name, within wall seconds."""

    wall: float
    cpu: dict[str, float]


class Meter:
    """`pids` by a name: "worker", "web", "redis", "floor"; several processes of one name are added up."""

    def __init__(self, pids: dict[str, list[int]]) -> None:
        self.pids = pids
        self.start()

    def _now(self) -> dict[str, float]:
        return {name: sum(cpu_seconds(pid) for pid in pids) for name, pids in self.pids.items()}

    def start(self) -> None:
        self._began, self._at = self._now(), time.perf_counter()

    def stop(self) -> Spent:
        now = self._now()
        cpu = {name: now[name] - self._began[name] for name in now}
        return Spent(time.perf_counter() - self._at, cpu)

    def resident(self) -> dict[str, int]:
        return {name: sum(resident(pid) for pid in pids) for name, pids in self.pids.items()}
