"""A new bot and a new org are filled in step by step; what is not asked is not there, and the end is Check."""

from __future__ import annotations

import pytest

from simulator.stage import Stage
from tests.pages.browser import Browser
from tests.pages.page import Page
from tests.pages.test_board import logged_in, state

NEXT, SAVE = ".turns button:last-child", "[name=_check]"


@pytest.fixture
def console(browser: Browser, stage: Stage) -> Page:
    page = logged_in(browser, stage)
    state(page, "live")
    return page


def seen(page: Page, *names: str) -> list[bool]:
    return [bool(page.run(f"document.querySelector('[name={name}]').checkVisibility()")) for name in names]


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.run(
            f"(() => {{ const field = document.querySelector('[name={name}]'); field.value = '{value}';"
            "field.dispatchEvent(new Event('change')); })()"
        )


def at(page: Page, title: str) -> None:
    page.until(f"document.querySelector('.steps [aria-current=step]')?.textContent.endsWith('{title}')")


def test_a_new_bot_is_asked_for_what_its_platform_needs(console: Page, stage: Stage) -> None:
    console.open(f"{stage.url}/admin/interconnections/bot/add/")
    at(console, "What it is")
    console.press(NEXT)
    at(console, "What it is")  # without a slug it goes no further
    fill(console, slug="new-bot", platform="whatsapp_cloud")
    console.press(NEXT)
    at(console, "How it is reached")
    assert (
        seen(console, "bot_id", "reopen_template", "channel", "human_agent", "state_url")
        == [True, True] + [False] * 3
    )
    fill(console, platform="messenger", state_api="webhook")
    assert seen(console, "reopen_template", "human_agent", "state_url", "slug") == [False, True, True, False]
    assert not console.run(f"document.querySelector('{SAVE}').checkVisibility()")


def test_a_new_org_is_checked_once_it_is_saved(console: Page, stage: Stage) -> None:
    console.open(f"{stage.url}/admin/interconnections/salesforceorg/add/")
    fill(console, name="A new org")
    console.press(NEXT)
    at(console, "Where the agents are")
    assert seen(console, "deployment_id", "es_developer_name", "client_id") == [True, False, False]
    fill(console, chat_url=stage.world.url, organization_id="00D0000000000AB", deployment_id="572000000000001")
    console.press(NEXT)
    at(console, "Contacts and cases")  # nobody logs in, so nothing is asked of the login
    console.press(SAVE)
    console.until("document.querySelector('.messagelist')?.innerText.includes('was added successfully')")
    console.until("document.querySelectorAll('.messagelist li').length > 1")


def test_what_is_wrong_is_shown_in_its_step(console: Page, stage: Stage) -> None:
    console.open(f"{stage.url}/admin/interconnections/salesforceorg/add/")
    fill(
        console,
        name="Another org",
        chat_url="nowhere",
        organization_id="00D0000000000AB",
        deployment_id="572000000000001",
    )
    console.press(NEXT)
    console.press(NEXT)
    console.press(SAVE)
    console.until("document.querySelector('.errornote')")
    at(console, "Where the agents are")
    console.until("document.querySelector('.errors [name=chat_url], .field-chat_url .errorlist')")
