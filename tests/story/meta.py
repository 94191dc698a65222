"""Bots that speak to Meta themselves: a stage with one on each platform, and their users."""

from dataclasses import dataclass, field
from typing import Any

from simulator.configuration import (
    CLOUD_BOT,
    PAGE_BOT,
    VERIFY_TOKEN,
    Row,
    cloud_bot,
    enhanced_org,
    org,
    page_bot,
    route,
)
from simulator.graph.accounts import NUMBER, PAGE
from simulator.processes import until
from simulator.stage import BotCaller, Stage
from simulator.verification import Verification

PATIENCE = 60  # seconds that anything may take to arrive
WAITING = "Esperando un agente"
ANA, BSUID, SOFIA = "5215587650001", "MX.9f8e7d6c5b4a", "7766554433221100"
ACCOUNTS = {CLOUD_BOT: NUMBER, PAGE_BOT: PAGE}


class MetaStage(Stage):
    more: dict[str, object] = {}  # columns of both bots

    def fixture(self) -> list[Row]:
        url = self.world.url
        bots = [cloud_bot(1, url, **self.more), page_bot(2, url, **self.more)]
        return [org(url), *bots, route(1, 1), route(2, 2)]

    def introduce(self) -> None:
        for slug, account in ACCOUNTS.items():
            self.subscribe(slug, account, VERIFY_TOKEN)


class EnhancedMetaStage(MetaStage):
    """Whose agents sit at Enhanced Chat."""

    def __init__(self) -> None:
        super().__init__(workers=1, debug=True)
        self.verification = Verification()

    def fixture(self) -> list[Row]:
        url = self.world.url
        bots = [cloud_bot(1, url), page_bot(2, url)]
        return [enhanced_org(url, 1, **self.verification.fields()), *bots, route(1, 1, ""), route(2, 2, "")]

    def introduce(self) -> None:
        super().introduce()
        self.verification.register(self.world)


@dataclass(repr=False)
class Talk:
    """A user of one of these bots, and the agent who answers."""

    stage: Stage
    caller: BotCaller
    slug: str
    user: str
    said: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    chat: str = ""

    @property
    def account(self) -> str:
        return ACCOUNTS[self.slug]

    def say(self, text: str = "", **more: Any) -> Any:
        """The user writes; a text is remembered."""
        if text:
            self.said.append(text)
        wish = {"account": self.account, **({"text": text} if text else {}), **more}
        return self.stage.world.ask("POST", f"/users/{self.user}/say", wish)

    def connect(self, user: str = "", **more: object) -> None:
        """The bot asks for a human; what was said before is the past."""
        provider = "whatsapp" if self.slug == CLOUD_BOT else "messenger"
        answer = self.caller.connect(
            user or self.user, "Ana", botSlug=self.slug, botId=self.account, provider=provider, **more
        )
        assert answer.status_code == 200, answer.text
        self.said.clear()
        self.chat = self.stage.world.ask("GET", "/chats")["chats"][-1]["id"]

    def accept(self) -> None:
        self.stage.world.act(self.chat, "accept")
        self.stage.world.chat(self.chat, until_heard=1, timeout=PATIENCE)

    def answer(self, text: str) -> None:
        self.answered.append(text)
        self.stage.world.act(self.chat, "say", text=text)

    def heard(self, lines: int) -> list[str]:
        """What the agent read, once there are so many lines."""
        heard: list[str] = self.stage.world.chat(self.chat, until_heard=lines, timeout=PATIENCE)["heard"]
        return heard

    def thread(self, lines: int = 0) -> Any:
        """What the phone shows, once there are so many lines."""
        query = {"account": self.account, "user": self.user, "until_lines": lines, "timeout": PATIENCE}
        (thread,) = self.stage.world.ask("GET", "/graph/threads", **query)["threads"]
        return thread

    def received(self) -> list[str]:
        """What the user read of the agent's words, once all of them are there."""
        wanted = len(self.answered)
        until("the user reads everything", lambda: len(self.read()) >= wanted, [])
        return self.read()

    def read(self) -> list[str]:
        """What the business said on the phone, without the bridge's own words."""
        return [
            line["text"] for line in self.thread()["lines"] if line["by"] == "business" and line["text"] != WAITING
        ]

    def happens(self, verb: str, **more: object) -> Any:
        """To the thread: the inbox takes it, the user reads, a status comes."""
        return self.stage.world.ask("POST", f"/graph/threads/{self.account}/{self.user}/{verb}", more)
