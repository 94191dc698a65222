"""A conversation's page in a real browser, on the real stage: it goes on while one looks, and has room on a phone."""

from __future__ import annotations

import pytest

from simulator.stage import Stage
from tests.pages.browser import Browser
from tests.pages.page import Page
from tests.pages.test_board import logged_in, state


@pytest.fixture
def chat(stage: Stage) -> str:
    assert stage.bot.connect("5215519990201", "Ana Álvarez").status_code == 200
    return str(stage.world.ask("GET", "/chats")["chats"][-1]["id"])


def opened(browser: Browser, stage: Stage) -> Page:
    """The newest conversation's page."""
    page = logged_in(browser, stage)
    state(page, "live")
    page.open(f"{stage.url}/admin/interconnections/interconnection/")
    page.open(page.run("document.querySelector('#result_list tbody th a').href"))
    return page


def test_the_page_goes_on_while_one_looks(browser: Browser, stage: Stage, chat: str) -> None:
    page = opened(browser, stage)
    page.shows("On hold", "#facts")
    stage.world.act(chat, "accept")
    page.shows("Active", "#facts")
    stage.world.act(chat, "say", text="Buenas tardes")
    page.shows("Buenas tardes", "ol.said")
    page.shows("agent,", "#facts")
    page.run("document.querySelector('#told details').open = true")
    stage.world.act(chat, "end")
    page.shows("agent ended", "#facts")
    assert page.run("document.querySelector('#told details').open")
    assert [error for error in page.errors() if "favicon" not in error] == []


def test_the_rest_of_the_buttons_is_folded_up_and_what_ends_it_goes_with_its_end(
    browser: Browser, stage: Stage, chat: str
) -> None:
    stage.world.act(chat, "accept")
    page = opened(browser, stage)
    page.shows("Active", "#facts")
    download = "document.querySelector('#tools a[href$=\"/download/\"]').checkVisibility()"
    assert page.run("document.querySelector('#tools a[href*=note]').checkVisibility()")
    assert not page.run(download)
    page.run("document.querySelector('#tools summary').focus()")
    page.key("Enter")
    page.until(download)
    page.run("document.activeElement.blur()")
    stage.world.act(chat, "end")
    page.until("!document.querySelector('#tools a[href$=\"/end/\"]')")
    assert page.run(download)


def test_the_facts_stay_while_one_reads_and_a_phone_has_room(browser: Browser, stage: Stage, chat: str) -> None:
    stage.world.act(chat, "accept")
    for n in range(25):
        stage.world.act(chat, "say", text=f"línea {n}")
    page = opened(browser, stage)
    page.shows("línea 24", "ol.said")
    page.run("document.querySelector('ol.said').lastElementChild.scrollIntoView()")
    page.until("document.querySelector('#facts').getBoundingClientRect().top >= 0")
    page.size(375, 800)
    page.dark(True)
    page.open(page.run("location.href"))
    page.shows("línea 24", "ol.said")
    assert page.run("document.documentElement.scrollWidth <= window.innerWidth")
    stage.world.act(chat, "end")
