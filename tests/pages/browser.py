"""A headless browser over the DevTools protocol."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect

from tests.pages.page import PATIENCE, BrowserTrouble, Page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)


def found() -> str | None:
    """The browser of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """`with Browser() as browser:`; with `browser.private()` pages and cookies go at its end."""

    context: str | None = None

    def __enter__(self) -> Self:
        self.open = ExitStack()
        self.profile = Path(tempfile.mkdtemp(prefix="bridge-browser-"))
        program = found()
        assert program, "there is no chromium on PATH"
        self.log = (self.profile / "log").open("wb")
        command = [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            address = self._address()
            self.socket = self.open.enter_context(connect(address, max_size=None, proxy=None, ping_interval=None))
        except BaseException:
            self._down()
            raise
        self.numbers = itertools.count(1)
        self.events: deque[Any] = deque(maxlen=500)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self.open.close()
        self._down()

    def _down(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _address(self) -> str:
        written = self.profile / "DevToolsActivePort"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            lines = written.read_text().split("\n") if written.exists() else []
            if len(lines) == 2:
                return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            time.sleep(0.02)
        raise BrowserTrouble(f"chromium did not start: {(self.profile / 'log').read_text(errors='replace')[-1000:]}")

    def call(self, method: str, session: str | None = None, **parameters: Any) -> Any:
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self.socket.recv(timeout=PATIENCE * 2))
            if answer.get("id") != number:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserTrouble(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    @contextmanager
    def private(self) -> Iterator[Self]:
        """A window of its own. A page that stayed open would ask on, and set its own cookies into the next log-in."""
        outer, self.context = self.context, self.call("Target.createBrowserContext")["browserContextId"]
        try:
            yield self
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=self.context)
            self.context = outer

    def page(self, url: str, width: int = 1200, height: int = 800, dark: bool = False) -> Page:
        where = {"browserContextId": self.context} if self.context else {}
        target = self.call("Target.createTarget", url="about:blank", newWindow=True, **where)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(partial(self.call, session=session), self.events, session)
        page.call("Page.enable")
        page.call("Runtime.enable")
        page.call("Log.enable")
        page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        page.size(width, height)
        page.dark(dark)
        page.open(url)
        return page
