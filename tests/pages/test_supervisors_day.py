"""A supervisor's day in a real browser, on real processes: what is seen on the board is acted on from the console."""

from __future__ import annotations

import json
import re

import pytest
import requests

from simulator.processes import until
from simulator.stage import Stage
from tests.pages.browser import Browser
from tests.pages.page import Page
from tests.pages.test_board import FIGURE, logged_in, shows, state

CONVERSATIONS = "/admin/interconnections/interconnection/"
WORKERS = "/admin/interconnections/worker/"
ANA, EVA = "5215519992001", "5215519992002"
PATIENCE = 30


@pytest.fixture
def day(browser: Browser, stage: Stage) -> Day:
    stage.ensure_workers(2)
    page = logged_in(browser, stage)
    state(page, "live")
    return Day(page, stage)


class Day:
    def __init__(self, page: Page, stage: Stage) -> None:
        self.page, self.stage, self.bot = page, stage, stage.bot

    def figure(self, name: str) -> int:
        return int(self.page.run(FIGURE.format(name)))

    def board(self) -> None:
        self.page.open(f"{self.stage.url}/admin/interconnections/board/")
        state(self.page, "live")

    def talking(self, user: str, name: str) -> str:
        """An agent has taken them; gives the chat."""
        assert self.bot.connect(user, name).status_code == 200
        chat: str = self.stage.world.ask("GET", "/chats")["chats"][-1]["id"]
        self.stage.world.act(chat, "accept")
        self.stage.world.chat(chat, until_heard=1, timeout=PATIENCE)
        self.stage.world.user(user, until_received=1, timeout=PATIENCE)
        return chat

    def does(self, path: str, says: str, **fields: str) -> None:
        """Fills in the page that asks why, and reads what it says then."""
        self.page.open(self.stage.url + path)
        for name, text in fields.items():
            self.page.run(f"document.querySelector('#id_{name}').value = {json.dumps(text)}")
        self.page.press(".ending input[type=submit]")
        self.page.shows(says)

    def texts(self, user: str, count: int) -> list[str]:
        found: list[str] = self.stage.world.user(user, until_received=count, timeout=PATIENCE)["texts"]
        return found


def test_a_stuck_chat_is_found_on_the_board_and_ended_with_a_goodbye(day: Day) -> None:
    waiting = day.figure("waiting")
    assert day.bot.connect(EVA, "Eva").status_code == 200
    shows(day.page, waiting=str(waiting + 1))
    day.page.press("#longest")
    day.page.shows("Waiting for an agent")
    path = day.page.run("location.pathname").removesuffix("change/")
    day.does(f"{path}note/", "1 note is written.", reason="nobody took it all morning")
    day.does(f"{path}end/", "1 conversation is being ended.", reason="we call back", goodbye="Te llamamos.")
    [given_back] = day.stage.world.user(EVA, until_states=1, timeout=PATIENCE)["states"]
    assert (day.texts(EVA, 2)[-1], given_back["state"]) == ("Te llamamos.", "from-sf-success")
    day.board()
    shows(day.page, waiting=str(waiting))


def test_a_dead_letter_is_seen_and_sent_again(day: Day) -> None:
    letters = day.figure("deadLetters")
    chat = day.talking(ANA, "Ana")
    day.stage.world.ask("POST", "/faults", {"on": "platform", "kind": "status", "status": 400, "times": 1})
    day.stage.world.act(chat, "say", text="your order is on its way")
    shows(day.page, deadLetters=str(letters + 1))
    day.page.open(f"{day.stage.url}/admin/interconnections/deadletter/")
    day.page.press("#result_list th a")  # to its conversation
    day.page.press("button[name=resend]")
    day.page.until("document.querySelector('#id_reason')")
    day.page.run("document.querySelector('#id_reason').value = 'the platform is up again'")
    day.page.press("input[name=resend]")
    day.page.shows("1 dead letter")
    assert day.texts(ANA, 2)[-1] == "your order is on its way"
    day.stage.world.act(chat, "end")


def test_a_user_is_forgotten_once_their_chat_is_over(day: Day) -> None:
    chat = day.talking(ANA, "Ana")
    day.stage.world.act(chat, "end")
    day.stage.world.user(ANA, until_states=1, timeout=PATIENCE)
    day.does(f"{CONVERSATIONS}{chat}/forget/", "This person is forgotten. Receipt:", reason="they asked for it")
    day.page.open(f"{day.stage.url}{CONVERSATIONS}")
    assert chat not in day.page.run("document.body.innerHTML").split("result_list")[-1]


def test_a_worker_is_drained_and_its_chats_go_on_with_the_other(day: Day) -> None:
    chats = {user: day.talking(user, "Ana") for user in (ANA, EVA)}
    victim = max(day.stage.owned().items(), key=lambda owned: owned[1])[0]
    day.page.open(f"{day.stage.url}{WORKERS}")
    name = re.search(rf"{WORKERS}([^/]*-{victim}-\w+)/drain/", day.page.run("document.body.innerHTML"))
    assert name
    day.does(f"{WORKERS}{name[1]}/drain/", "gives its conversations to the others", reason="the machine is changed")
    until("it owns nothing", lambda: day.stage.owned().get(victim) == 0, day.stage.living())
    for user, chat in chats.items():
        day.stage.world.act(chat, "say", text="still here?")
        assert day.texts(user, 2)[-1] == "still here?"
        day.stage.world.say(user, "yes")
        assert day.stage.world.chat(chat, until_heard=2, timeout=PATIENCE)["heard"][-1] == "yes"
        assert day.stage.world.chat(chat)["polls"]["double"] == 0
        day.stage.world.act(chat, "end")
    day.does(f"{WORKERS}{name[1]}/undrain/", "takes conversations again", reason="it is back")
    assert requests.get(f"{day.stage.url}/readyz", timeout=5).status_code == 200
