"""One page of a browser: open it, wait until something is so, press, write, look."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # s that anything may take
UNTIL = """new Promise((so, not) => {{
  const end = Date.now() + {ms};
  const look = () => {{
    let found;
    try {{ found = ({condition}); }} catch (error) {{ found = undefined; }}
    if (found) so(found === true ? true : String(found));
    else if (Date.now() > end) not(new Error("not so within {ms} ms"));
    else setTimeout(look, 20);
  }};
  look();
}})"""


class BrowserTrouble(AssertionError):
    """The page is not as it should be."""


class Page:
    """One page."""

    def __init__(self, call: Callable[..., Any], events: Iterable[Any], session: str) -> None:
        self.call, self._events, self._session = call, events, session

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def size(self, width: int, height: int) -> None:
        small = width < 600
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=2 if small else 1, mobile=small,
        )  # fmt: skip

    def dark(self, on: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def run(self, expression: str) -> Any:
        """What the expression is, or becomes."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if trouble := answer.get("exceptionDetails"):
            words = trouble.get("exception", {}).get("description", trouble["text"])
            raise BrowserTrouble(f"{words}: {expression[:300]}\n{self.errors()}")
        return answer["result"].get("value")

    def until(self, condition: str, seconds: float = PATIENCE) -> Any:
        """Wait until the expression is true."""
        try:
            return self.run(UNTIL.format(condition=condition, ms=int(seconds * 1000)))
        except BrowserTrouble as trouble:
            if "context was destroyed" in str(trouble) or "navigated" in str(trouble):
                return self.until(condition, seconds)
            raise

    def shows(self, text: str, where: str = "body") -> None:
        """Wait until the text can be read there."""
        self.until(f"document.querySelector({json.dumps(where)})?.innerText.includes({json.dumps(text)})")

    def press(self, what: str) -> None:
        """Click the thing of this selector, once it can be clicked."""
        name = json.dumps(what)
        self.until(f"document.querySelector({name})?.checkVisibility() && !document.querySelector({name}).disabled")
        self.run(f"document.querySelector({name}).click()")

    def write(self, text: str, where: str = "#text") -> None:
        """Write as a keyboard does, Enter last."""
        self.until(f"document.querySelector({json.dumps(where)})?.checkVisibility()")
        self.run(f"document.querySelector({json.dumps(where)}).focus()")
        self.call("Input.insertText", text=text)
        self.key("Enter")

    def key(self, name: str) -> None:
        text = {"text": "\r"} if name == "Enter" else {}
        code = {"Enter": 13, "Escape": 27, "Tab": 9}[name]
        for kind in ("keyDown", "keyUp"):
            more = text if kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code, **more)

    def errors(self) -> list[str]:
        """What this page complained of: exceptions, refused resources."""
        found = []
        for event in [each for each in self._events if each.get("sessionId") == self._session]:
            if event.get("method") == "Runtime.exceptionThrown":
                details = event["params"]["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                found.append(f"{event['params']['entry']['text']} {event['params']['entry'].get('url', '')}")
        return found

    def picture(self, path: str) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))
