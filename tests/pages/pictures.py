"""Makes the pictures of docs/console.md anew: `python -m tests.pages.pictures [FOLDER]`, from a stage of its own."""

from __future__ import annotations

import base64
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.demo_stage import PAGE, SeveralBots
from simulator.processes import ROOT, manage
from simulator.stage import LOGIN, BotCaller
from tests.pages.browser import Browser
from tests.pages.page import Page

FOLDER = ROOT / "docs/pictures"
CHATS = "/admin/interconnections/interconnection/"
WIDE, PHONE = (1060, 540), (390, 700)
VIEWER = ("vera", "a-viewer-only")
A_VIEWER = """
from django.contrib.auth.models import Group, User
user = User.objects.create_user({0!r}, password={1!r}, is_staff=True)
user.groups.add(Group.objects.get(name="Viewers"))
"""
PATIENCE = 30
PEOPLE = [  # who, their name, what their agent says, and what they say then; without an agent's word they wait
    ("5215519998001", "Ana Álvarez", ("Buenas tardes, ¿en qué le ayudo?",), ("Mi pedido no llega",)),
    ("5215519998002", "Benito Cano", ("Hola, Benito", "Su factura va en camino"), ()),
    ("5215519998003", "Clara Díaz", ("Un momento, por favor",), ("Gracias", "¿Sigue ahí?")),
    ("5215519998004", "Diego Flores", (), ()),
    ("5215519998005", "Elena Gil", (), ()),
]
OVER = [("5215519998006", "Fabián Ibarra"), ("5215519998007", "Gloria Juárez"), ("5215519998008", "Hugo Estrada")]


class Console:
    """What a supervisor sees of a shop's afternoon."""

    def __init__(self, stage: SeveralBots, browser: Browser, folder: Path) -> None:
        self.stage, self.browser, self.folder = stage, browser, folder
        self.bot, self.world = BotCaller(stage.url), stage.world

    # What happened

    def plays(self) -> str:
        """An afternoon; gives the chat that has most to show."""
        for user, name in OVER:
            chat = self.talks(user, name, ("Buenos días", "Queda resuelto"), ("Perfecto, gracias",))
            self.world.act(chat, "end")
            self.world.user(user, until_states=1, timeout=PATIENCE)
        chats = [self.talks(*person) for person in PEOPLE]
        self.asks("7766554433221100", "Sofía Luna", botSlug=PAGE, provider="facebook")
        self.world.ask("POST", "/faults", {"on": "platform", "kind": "status", "status": 400, "times": 1})
        self.world.act(chats[0], "say", text="Su pedido salió ayer de nuestro almacén")
        return chats[0]

    def asks(self, user: str, name: str, **more: object) -> str:
        assert self.bot.connect(user, name, **more).status_code == 200
        chat: str = self.world.ask("GET", "/chats")["chats"][-1]["id"]
        return chat

    def talks(self, user: str, name: str, told: tuple[str, ...], answers: tuple[str, ...]) -> str:
        chat = self.asks(user, name)
        if told:
            self.world.act(chat, "accept", name="Luz")
            heard = self.world.chat(chat, until_heard=1, timeout=PATIENCE)["heard"]
            for words in told:
                self.world.act(chat, "say", text=words)
            self.world.user(user, until_received=len(told), timeout=PATIENCE)
            for words in answers:
                self.world.say(user, words)
            self.world.chat(chat, until_heard=len(heard) + len(answers), timeout=PATIENCE)
        return chat

    # What is seen

    @contextmanager
    def logged_in(self, name: str, password: str) -> Iterator[Page]:
        with self.browser.private() as alone:
            page = alone.page(f"{self.stage.url}/admin/login/?next=/admin/")
            page.run(
                f"document.querySelector('#id_username').value = {json.dumps(name)};"
                f"document.querySelector('#id_password').value = {json.dumps(password)};"
                "document.querySelector('form').submit()"
            )
            state(page, "live")
            yield page

    def picture(self, page: Page, name: str, size: tuple[int, int] = WIDE, *, dark: bool = False) -> None:
        width, height = size
        page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        page.dark(dark)
        page.run("document.getAnimations().forEach((each) => each.finish()); new Promise(requestAnimationFrame)")
        data = page.call("Page.captureScreenshot", format="png")["data"]
        (self.folder / f"{name}.png").write_bytes(base64.b64decode(data))

    def looks(self, chat: str) -> None:
        board, there = f"{self.stage.url}/admin/interconnections/board/", self.stage.url + CHATS
        with self.logged_in(*LOGIN) as page:
            page.until("document.querySelector('[data-figure=deadLetters]').textContent === '1'")
            self.picture(page, "board")
            self.picture(page, "board-phone-dark", PHONE, dark=True)
            page.open(there)
            self.picture(page, "list")
            page.open(f"{there}{chat}/change/")
            self.picture(page, "conversation-dark", dark=True)
            self.picture(page, "conversation-phone", PHONE)
            page.open(f"{there}{chat}/end/")
            self.picture(page, "why")
        with self.logged_in(*VIEWER) as page:
            page.open(f"{there}{chat}/change/")
            self.picture(page, "conversation-viewer")
            page.open(f"{there}?q=nobody")
            self.picture(page, "list-empty")
        with self.logged_in(*LOGIN) as page:
            self.stage.web.signal(signal.SIGSTOP)
            state(page, "stale")
            self.picture(page, "board-stale")
            self.stage.web.signal(signal.SIGCONT)
            assert self.stage.redis
            self.stage.redis.kill()
            page.open(board)
            state(page, "away")
            self.picture(page, "board-redis-down")


def state(page: Page, word: str) -> None:
    page.until(f"document.querySelector('.board')?.dataset.state === {json.dumps(word)}")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with SeveralBots() as stage, Browser() as browser:
        manage(stage.env, ["shell", "--command", A_VIEWER.format(*VIEWER)])
        console = Console(stage, browser, folder)
        console.looks(console.plays())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
