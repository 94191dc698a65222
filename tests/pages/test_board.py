"""The board in a real browser, on the real stage: it moves while chats come and go, and says when it cannot."""

from __future__ import annotations

import json

import pytest

from simulator.stage import LOGIN, Stage
from tests.pages.browser import Browser
from tests.pages.page import Page

FIGURE = "document.querySelector('[data-figure=\"{}\"]').textContent"


def shows(page: Page, **figures: str) -> None:
    page.until(" && ".join(f"{FIGURE.format(name)} === {json.dumps(text)}" for name, text in figures.items()))


def state(page: Page, word: str) -> None:
    page.until(f"document.querySelector('.board')?.dataset.state === {json.dumps(word)}")


def logged_in(browser: Browser, stage: Stage, width: int = 1200, dark: bool = False) -> Page:
    """Log-in leads to the board, and nowhere else first."""
    page = browser.page("about:blank", width, dark=dark)
    page.open(f"{stage.url}/admin/login/?next=/admin/")
    name, password = (json.dumps(word) for word in LOGIN)
    page.run(
        f"document.querySelector('#id_username').value = {name};"
        f"document.querySelector('#id_password').value = {password}; document.querySelector('form').submit()"
    )
    return page


@pytest.fixture
def board(browser: Browser, stage: Stage) -> Page:
    page = logged_in(browser, stage)
    state(page, "live")
    return page


def test_the_board_moves_while_chats_come_and_go(board: Page, stage: Stage) -> None:
    waiting, talking = (int(board.run(FIGURE.format(name))) for name in ("waiting", "active"))
    assert stage.bot.connect("5215519990001", "Ana").status_code == 200
    shows(board, waiting=str(waiting + 1))
    board.until("document.querySelector('#longest').href.includes('/interconnection/')")
    chat = stage.world.ask("GET", "/chats")["chats"][-1]["id"]
    stage.world.act(chat, "accept")
    shows(board, waiting=str(waiting), active=str(talking + 1))
    stage.world.act(chat, "end")
    shows(board, active=str(talking))
    board.until("document.querySelector('[data-rows=\"today.ended\"]').textContent.includes('agent ended')")
    board.until("document.querySelectorAll('[data-draws=\"today.ended\"] rect').length > 0")
    board.until("document.querySelector('[data-rows=workers]').rows.length > 0")
    assert [error for error in board.errors() if "favicon" not in error] == []


def test_without_a_socket_it_asks_every_few_seconds(browser: Browser, stage: Stage) -> None:
    page = logged_in(browser, stage)
    state(page, "live")
    page.call("Page.addScriptToEvaluateOnNewDocument", source="window.WebSocket = class { static OPEN = 1; };")
    page.call("Page.reload")
    page.until("document.querySelector('#board-says')?.textContent === 'Asking every few seconds'")


def test_a_phone_has_room_for_all_of_it(browser: Browser, stage: Stage) -> None:
    page = logged_in(browser, stage, width=375, dark=True)
    state(page, "live")
    assert page.run("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_list_shows_who_came_and_waits_while_rows_are_chosen(browser: Browser, stage: Stage) -> None:
    bot = stage.bot
    assert bot.connect("5215519990101", "Ana").status_code == 200
    page = logged_in(browser, stage)
    state(page, "live")
    page.open(f"{stage.url}/admin/interconnections/interconnection/")
    rows = "document.querySelectorAll('#result_list tbody tr').length"
    before = int(page.run(rows))
    assert bot.connect("5215519990102", "Eva").status_code == 200
    page.until(f"{rows} === {before + 1}")
    page.run("document.querySelector('input.action-select').click(); document.activeElement.blur()")
    assert bot.finish("5215519990102").status_code == 200
    page.until("document.querySelector('#result_list tbody tr .state').textContent.includes('Closed')")
    assert page.run("document.querySelector('input.action-select').checked")
