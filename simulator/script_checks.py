"""The lines of a play: somebody speaks, and what must have arrived at the other end, word for word and in order."""

from collections.abc import Callable
from typing import Any

from simulator.clients import World
from simulator.protocol_options import Json

PATIENCE = 20  # seconds that anything may take to arrive


class PlayFailed(AssertionError):
    """What was said at one end is not what arrived at the other."""


class Lines:
    """One user, one chat, and what each side should have read so far.  `webhook`: of their bot."""

    def __init__(self, world: World, user: str, webhook: str, tell: Callable[[str], None]) -> None:
        self.world, self.user, self.webhook, self.tell = world, user, webhook, tell
        self.chat = ""
        self.to_agent: list[str] = []
        self.to_user: list[str] = []
        self._shown_to_agent = self._shown_to_user = 0

    def say(self, text: str, **more: object) -> Any:
        self.last_said = text
        self.tell(f"  user: {quoted(text)}")
        return self.write(text, **more)

    def write(self, text: str | None, **more: object) -> Json:
        """By the way that the user's platform has."""
        told: Json = self.world.say(self.user, text or "", url=self.webhook, **more)
        return told

    def send(self, medium: dict[str, str], caption: str = "") -> None:
        """A file that lies on the platform's shelf, from the phone."""
        self.tell(f"  user: a file, {medium['name']}" + (f", {quoted(caption)}" if caption else ""))
        answer = self.world.ask("POST", f"/users/{self.user}/write", {"media": medium["id"], "text": caption or None})
        self.expect(answer["status"] == 200, f"the webhook of a file was answered {answer}")

    def hear(self, text: str) -> None:
        self.tell(f"  bot: {quoted(text)}")
        self.world.ask("POST", f"/users/{self.user}/hear", {"text": text, "url": self.webhook})

    def received(self, *more: str) -> None:
        self.to_user += more
        texts = self.world.user(self.user, until_received=len(self.to_user), timeout=PATIENCE)["texts"]
        self._show("to the user", texts, "_shown_to_user")
        self._compare("the user", texts, self.to_user)

    def heard(self, *more: str) -> None:
        self.to_agent += more
        heard = self.world.chat(self.chat, until_heard=len(self.to_agent), timeout=PATIENCE)["heard"]
        self._show("to the agent", heard, "_shown_to_agent")
        self._compare("the agent", heard, self.to_agent)

    def _show(self, where: str, texts: list[str], seen: str) -> None:
        for text in texts[getattr(self, seen) :]:
            self.tell(f"      arrived {where}: {quoted(text)}")
        setattr(self, seen, len(texts))

    def _compare(self, who: str, got: list[str], wanted: list[str]) -> None:
        for place, (had, should) in enumerate(zip(got, wanted, strict=False)):
            self.expect(had == should, f"{who} got {had!r} as number {place + 1} instead of {should!r}")
        self.expect(len(got) == len(wanted), f"{who} got {len(got)} texts instead of {len(wanted)}")

    def expect(self, so: bool, otherwise: str) -> None:
        if not so:
            raise PlayFailed(otherwise)


def quoted(text: str) -> str:
    """On one line, and otherwise as it was written."""
    return f"“{text.strip().replace(chr(10), ' ⏎ ')}”"
