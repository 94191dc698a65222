"""`python -m simulator [--host 127.0.0.1] [--port 0]`: one line of JSON on stdout when ready, then serves."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import signal
from collections.abc import Callable

from .server import serving


def main() -> None:
    """Read the arguments, serve, stop at SIGTERM or SIGINT."""
    arguments = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=0)
    chosen = arguments.parse_args()
    _raise_file_limit()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(chosen.host, chosen.port))


async def _serve(host: str, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with serving(host, port) as url:
        print(json.dumps({"ready": True, "url": url}), flush=True)
        await stopping.wait()


def _raise_file_limit() -> None:
    """Each open poll is a file: take all that we may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, when it is there."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


if __name__ == "__main__":
    main()
