"""No page of the console breaks a grave rule of axe-core, by day or by night, wide or on a phone; none complains."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from simulator.stage import Stage
from tests.pages.axe import broken
from tests.pages.browser import Browser
from tests.pages.page import Page
from tests.pages.test_board import logged_in, state

PATIENCE = 30
ENDED, OPEN = "5215519993001", "5215519993002"
HOME = "interconnections/"
CHATS = f"{HOME}interconnection/"
# {open} and {ended} are conversations, {worker} a worker that runs.
PAGES = {
    "board": f"{HOME}board/",
    "every page of the console": "?all",
    "list": CHATS,
    "list with nothing in it": f"{CHATS}?q=nobodyatall",
    "active conversation": f"{CHATS}{{open}}/change/",
    "ended conversation": f"{CHATS}{{ended}}/change/",
    "history": f"{CHATS}{{open}}/history/",
    "replay": f"{CHATS}{{ended}}/replay/",
    **{
        f"asks why: {act}": f"{CHATS}{{open}}/{act}/"
        for act in ("note", "say", "return", "reconnect", "release", "block", "end", "download", "export", "forget")
    },
    "asks why: unblock": f"{CHATS}{{open}}/unblock/",
    "dead letters": f"{HOME}deadletter/",
    "blocked users": f"{HOME}blocked/",
    "workers": f"{HOME}worker/",
    "asks why: drain": f"{HOME}worker/{{worker}}/drain/",
    "bots": f"{HOME}bot/",
    "new bot": f"{HOME}bot/add/",
    "bot": f"{HOME}bot/1/change/",
    "asks why: pause": f"{HOME}bot/1/pause/",
    "orgs": f"{HOME}salesforceorg/",
    "new org": f"{HOME}salesforceorg/add/",
    "org": f"{HOME}salesforceorg/1/change/",
    "routes": f"{HOME}route/",
    "new route": f"{HOME}route/add/",
    "users": "auth/user/",
    "user": "auth/user/1/change/",
    "new user": "auth/user/add/",
    "group": "auth/group/1/change/",
    "password": "password_change/",
    "not found": "nowhere/at/all/",
}
SIGHTS = {"wide": (1200, False), "phone, dark": (375, True)}


class Console:
    def __init__(self, browser: Browser, page: Page, stage: Stage) -> None:
        self.browser = browser
        self.page, self.stage, self.bot = page, stage, stage.bot
        self.names = {"ended": self.talking(ENDED), "open": self.talking(OPEN)}
        self.names["worker"] = self.worker()
        stage.world.act(self.names["ended"], "end")
        stage.world.user(ENDED, until_states=1, timeout=PATIENCE)
        self.gives_up(self.names["open"])

    def talking(self, user: str) -> str:
        assert self.bot.connect(user, "Ana Álvarez").status_code == 200
        chat: str = self.stage.world.ask("GET", "/chats")["chats"][-1]["id"]
        self.stage.world.act(chat, "accept")
        self.stage.world.chat(chat, until_heard=1, timeout=PATIENCE)
        self.stage.world.act(chat, "say", text="Buenas tardes")
        self.stage.world.user(user, until_received=2, timeout=PATIENCE)
        return chat

    def gives_up(self, chat: str) -> None:
        """One message of the agent's is refused for good."""
        self.stage.world.ask("POST", "/faults", {"on": "platform", "kind": "status", "status": 400, "times": 1})
        self.stage.world.act(chat, "say", text="your order is on its way")
        self.page.until("Number(document.querySelector('[data-figure=deadLetters]').textContent) > 0")

    def worker(self) -> str:
        found: str = self.page.until("document.querySelector('[data-rows=workers] th')?.textContent")
        return found

    def opens(self, path: str) -> None:
        self.browser.events.clear()  # what axe-core did to the page before is no fault of this one
        self.page.open(f"{self.stage.url}/admin/{path.format(**self.names)}")

    def broken(self) -> dict[str, list[str]]:
        """The graver rules that the open page breaks, by how one looks at it."""
        found = {}
        for sight, (width, dark) in SIGHTS.items():
            self.page.size(width, 800)
            self.page.dark(dark)
            found[sight] = broken(self.page)
        return {sight: lines for sight, lines in found.items() if lines}

    def chooses(self, box: str, button: str) -> None:
        """What the list's own page asks about those that are chosen."""
        self.page.run(f"document.querySelector({json.dumps(box)}).click()")
        self.page.press(button)
        self.page.until("document.querySelector('#id_reason')")


@pytest.fixture(scope="module")
def console(opened_once: Browser, everything: Stage) -> Iterator[Console]:
    everything.world.ask("POST", "/reset")
    with opened_once.private() as alone:
        page = logged_in(alone, everything)
        state(page, "live")
        yield Console(alone, page, everything)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_grave_rule(name: str, console: Console) -> None:
    console.opens(PAGES[name])
    assert [error for error in console.page.errors() if "favicon" not in error and "404" not in error] == []
    assert console.broken() == {}


def test_the_folded_buttons_of_a_conversation_break_none(console: Console) -> None:
    console.opens(PAGES["active conversation"])
    console.page.run("document.querySelector('#tools details').open = true")
    assert console.broken() == {}


def test_all_dead_letters_are_chosen_at_once(console: Console) -> None:
    console.opens(PAGES["dead letters"])
    console.page.press("#all-letters")
    assert console.page.run("[...document.querySelectorAll('input[name=letter]')].every((box) => box.checked)")


@pytest.mark.parametrize("button", ["resend", "drop"])
def test_the_page_that_asks_about_a_dead_letter_breaks_none(button: str, console: Console) -> None:
    console.opens(PAGES["dead letters"])
    console.chooses("input.action-select", f"[name={button}]")
    assert console.broken() == {}


def test_the_page_that_asks_about_many_conversations_breaks_none(console: Console) -> None:
    console.opens(PAGES["list"])
    console.page.run("document.querySelector('select[name=action]').value = 'note'")
    console.chooses("input.action-select", "button[name=index]")
    assert console.broken() == {}


def test_the_log_in_breaks_none(browser: Browser, stage: Stage) -> None:
    page = browser.page(f"{stage.url}/admin/login/")
    page.until("document.querySelector('#id_username')")
    assert broken(page) == []


def test_a_form_that_was_filled_in_wrongly_breaks_none(console: Console) -> None:
    console.opens(PAGES["new bot"])
    console.page.run("document.querySelector('input[name=_save]').click()")  # it is shown in the last step only
    console.page.until("document.querySelector('.errornote')")
    assert console.broken() == {}
