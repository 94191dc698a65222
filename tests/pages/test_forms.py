"""The forms of the configuration in a real browser: what is typed can be read, and an org is found by its name."""

from __future__ import annotations

import json

import pytest

from simulator.stage import Stage
from tests.pages.browser import Browser
from tests.pages.page import Page
from tests.pages.test_board import logged_in, state

SANDBOX = "https://acme-company--fullcopy.sandbox.my.salesforce-scrt.com"


@pytest.fixture
def console(browser: Browser, stage: Stage) -> Page:
    page = logged_in(browser, stage)
    state(page, "live")
    return page


def test_an_address_is_seen_whole(console: Page, stage: Stage) -> None:
    console.open(f"{stage.url}/admin/interconnections/salesforceorg/1/change/")
    whole = f"""[...document.querySelectorAll('[name=chat_url], [name=login_url], [name=verification_audience]')]
      .every(field => {{ field.value = {json.dumps(SANDBOX)}; return field.scrollWidth <= field.clientWidth; }})"""
    console.until(whole)
    console.size(390, 844)
    console.until("document.documentElement.scrollWidth <= innerWidth")


def test_an_org_is_found_by_typing_a_part_of_its_name(console: Page, stage: Stage) -> None:
    console.open(f"{stage.url}/admin/interconnections/bot/add/")
    console.until("document.querySelector('[name=org] + .select2 .select2-selection')")
    x, y = console.run(
        "(() => { const box = document.querySelector('[name=org] + .select2 .select2-selection');"
        "box.scrollIntoView({block: 'center'}); const at = box.getBoundingClientRect();"
        "return [at.x + 20, at.y + at.height / 2]; })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        console.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    console.until("document.querySelector('.select2-search__field')?.checkVisibility()")
    console.call("Input.insertText", text="demo")
    console.until("document.querySelector('.select2-results__option--highlighted')?.innerText === 'Demo org'")
    console.key("Enter")
    console.until("document.querySelector('[name=org]').selectedOptions[0]?.innerText === 'Demo org'")
