"""How the tests are shared out among processes (pytest-xdist); loaded as a pytest plugin (-p).

The whole suite runs in twice as many processes as there are cores, as most of it waits: for leases, polls, processes
that start.  A part of it (`pytest tests/unit`) runs in one, unless `-n` says otherwise.  Each process has everything
of its own: Redis, database, ports, scratch (tests.environment).  What they have in common is what they read: each
begins with other files, and finds those of the others already compiled.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

MOST = 8
# Folders whose tests share something that is costly to bring up: one process has the whole folder.
SHARED = ("chaos", "http", "admin", "pages", "doctor")
# What takes longest begins first.
FIRST = ("chaos", "http", "story", "admin", "pages", "doctor", "records", "store")


class ByPlace(LoadFileScheduling):
    """A folder that shares something goes to one process, any other file to one."""

    def _split_scope(self, nodeid: str) -> str:
        return f"tests/{folder}" if (folder := folder_of(nodeid)) in SHARED else super()._split_scope(nodeid)


def folder_of(nodeid: str) -> str:
    return nodeid.partition("::")[0].removeprefix("tests/").partition("/")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    whole = config.args == config.getini("testpaths")
    return min(2 * len(os.sched_getaffinity(0)), MOST) if whole else 0


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByPlace | None:
    return ByPlace(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Rewriting the asserts of a fresh clone takes longer than all else before the first test: each does its part."""
    process = getattr(session.config, "workerinput", None)
    if process is None or session.config.args != session.config.getini("testpaths"):
        return
    files = sorted(Path(__file__).parent.rglob("test_*.py"))
    first = len(files) * int(process["workerid"].removeprefix("gw")) // process["workercount"]
    for file in (*files[first:], *files[:first]):
        with suppress(Exception):  # whoever collects it says what is wrong with it
            import_module(".".join(file.relative_to(session.config.rootpath).with_suffix("").parts))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays: it is not looked at for garbage, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Iterator[None]:
    """What a failure shows may not be UTF-8, half an emoji for one: it would end the process, and with it the run."""
    return sendable((yield))


def sendable(part: Any) -> Any:
    """The same, with escapes for what UTF-8 has no bytes for."""
    if isinstance(part, str):
        return part.encode(errors="backslashreplace").decode()
    if isinstance(part, dict):
        return {sendable(name): sendable(value) for name, value in part.items()}
    return type(part)(map(sendable, part)) if isinstance(part, list | tuple) else part


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {folder: place for place, folder in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(folder_of(item.nodeid), len(FIRST)))
