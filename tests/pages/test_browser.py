"""The pages in a real browser, on the real stage: the phone and the desk play a chat."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.stage import LOGIN, Stage
from tests.pages.browser import Browser
from tests.pages.page import Page

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)

UNLABELLED = """[...document.querySelectorAll('input, select, textarea, button')]
  .filter((one) => one.checkVisibility() && !one.ariaHidden)
  .filter((one) => !(one.labels?.length || one.ariaLabel || one.innerText?.trim()))
  .map((one) => one.outerHTML)"""


def opened(browser: Browser, stage: Stage, path: str, width: int = 1200) -> Page:
    page = browser.page(stage.world.url + path, width)
    page.until("document.querySelector('.pulse')?.dataset.live === 'on'")
    return page


def test_a_chat_between_phone_and_desk(browser: Browser, stage: Stage, tmp_path: Path) -> None:
    start = opened(browser, stage, "/")
    phone, desk = opened(browser, stage, "/phone", 375), opened(browser, stage, "/desk")
    start.shows("demo-bot")

    phone.write("Hola, mi pedido no llegó")
    phone.shows("soy el bot")
    phone.press("#ask")
    phone.shows("The bridge opened a chat at Salesforce")
    phone.shows("Esperando un agente")

    desk.shows("Ana Torres", "#waiting")
    desk.until("document.title.startsWith('(1) ')")
    desk.press("#waiting button")
    desk.shows("mi pedido no llegó", "#log .context")
    desk.shows("necesito ayuda", "#log")
    desk.until("!document.title.startsWith('(')")

    desk.write("Soy Luz, <b>dígame</b>")
    phone.shows("Soy Luz, <b>dígame</b>")
    phone.shows("Luz R.")
    phone.write("¿Dónde está & cuándo llega?")
    desk.shows("¿Dónde está & cuándo llega?", "#log")
    phone.until("[...document.querySelectorAll('.mine .tick')].every((tick) => tick.matches('.taken'))")

    picture = tmp_path / "foto.png"
    picture.write_bytes(PNG)
    node = phone.call("Runtime.evaluate", expression="document.querySelector('#file')")["result"]["objectId"]
    phone.call("DOM.setFileInputFiles", files=[str(picture)], objectId=node)
    phone.until("document.querySelector('#screen .mine .doc')")
    desk.until("document.querySelector('#log a[href*=\"/media/\"] img')?.naturalWidth === 1")

    desk.press("#end")
    phone.shows("The bot has its user back: from-sf-success")
    phone.until("document.querySelector('#ask').checkVisibility()")
    desk.shows("The chat has ended: agent", "#log")
    desk.shows("Live Chat Transcript", "#record")
    start.until("document.querySelectorAll('.steps .done').length === 4")
    assert [page.errors() for page in (start, phone, desk)] == [[], [], []]
    the_console_tells_it(browser, stage)


def the_console_tells_it(browser: Browser, stage: Stage) -> None:
    """The supervisor finds the conversation in the admin, and reads what both said."""
    console = browser.page(f"{stage.url}/admin/login/?next=/admin/interconnections/interconnection/", 1200)
    console.until("document.querySelector('#id_username')")
    name, password = LOGIN
    console.run(f"document.querySelector('#id_username').value = {name!r}")
    console.run(f"document.querySelector('#id_password').value = {password!r}")
    console.press("input[type=submit]")
    console.shows("A… T…", "#result_list")
    console.press("#result_list tbody th a")
    console.shows("Closed")
    console.until("document.readyState === 'complete' && location.pathname.endsWith('/change/')")
    console.shows("Soy Luz, <b>dígame</b>")
    console.shows("¿Dónde está & cuándo llega?")
    console.shows("agent ended")
    top = "document.querySelector({!r}).getBoundingClientRect().top".format
    assert console.run(f"{top('.conversation')} < {top('fieldset')}")
    console.size(375, 800)  # where there is little room, what was said comes first
    console.until(f"{top('.conversation')} < {top('fieldset')}")
    assert console.run("document.documentElement.scrollWidth") <= 375


def test_two_chats_unread_transfer_and_queue(browser: Browser, stage: Stage) -> None:
    desk = opened(browser, stage, "/desk")
    users = {"5215512345678": "Ana Torres", "5215587654321": "Raúl Gómez"}
    for number in users:
        stage.world.ask("POST", f"/users/{number}/ask")
    for name in users.values():
        desk.shows(name, "#waiting")
    desk.press("#waiting li:first-child button")
    desk.shows("Ana Torres", "#open")
    desk.press("#waiting li:first-child button")
    desk.shows("Raúl Gómez", ".talk .top")
    desk.until("location.hash && document.querySelector('#open a[aria-current=true] b')?.innerText === 'Raúl Gómez'")
    desk.until("document.querySelector('#log')?.innerText.includes('necesito ayuda')")

    stage.world.say("5215512345678", "sigo aquí")
    desk.until("document.querySelector('#open a:not([aria-current=true]) .chip.count')")
    desk.press("#open a:not([aria-current=true])")
    desk.shows("sigo aquí", "#log")
    desk.until("!document.querySelector('#open .chip.count')")

    desk.press("#more")
    desk.press("[data-deed=transfer]")
    desk.write("Inés M.", "#transfer input")
    desk.shows("with Inés M.", "#about")
    desk.press("#more")
    desk.press("[data-deed=requeue]")
    desk.shows("back in the queue", "#waiting")
    desk.press("#accept")
    desk.shows("Ana Torres", "#open")
    for number in users:
        stage.world.ask("POST", f"/users/{number}/finish")
    desk.until("document.querySelectorAll('#ended li').length === 2")


def test_typing_is_told_while_the_agent_types(browser: Browser, stage: Stage) -> None:
    desk = opened(browser, stage, "/desk")
    stage.world.ask("POST", "/users/5215512345678/ask")
    desk.press("#waiting button")
    desk.shows("necesito ayuda", "#log")
    chat = stage.world.ask("GET", "/chats")["chats"][0]
    desk.run("document.querySelector('#text').focus()")
    desk.call("Input.insertText", text="un momen")
    told = chat["last_event"] + 1
    assert "timed_out" not in stage.world.chat(chat["id"], until_confirmed=told, timeout=20)
    desk.write("to")
    # said, and no longer typing
    assert "timed_out" not in stage.world.chat(chat["id"], until_said=1, until_confirmed=told + 2, timeout=20)
    stage.world.ask("POST", "/users/5215512345678/finish")


def test_a_chat_made_by_curl_is_known_to_every_page(browser: Browser, stage: Stage) -> None:
    start, phone = opened(browser, stage, "/"), opened(browser, stage, "/phone", 375)
    assert stage.bot.connect("5215512345678", "Ana").status_code == 200
    phone.shows("with a person")
    phone.until("document.querySelector('#finish').checkVisibility()")
    start.shows("1 waiting", "#desk-now")
    start.until("document.querySelectorAll('.steps .done').length === 2")  # the phone's step, too: it is behind us
    start.until("document.querySelector('.steps .next').id === 'step-answer'")
    phone.press("#finish")
    phone.shows("The bot has its user back")
    stage.world.ask("POST", "/reset")
    start.shows("The agents, as in Salesforce", "#desk-now")


def test_a_failed_message_is_retried_from_its_bubble(browser: Browser, stage: Stage) -> None:
    phone = opened(browser, stage, "/phone", 375)
    stage.world.ask("PUT", "/platform", {"webhook": "http://127.0.0.1:9/"})
    phone.write("¿hay alguien?")
    phone.shows("retry")
    stage.world.ask("PUT", "/platform", {"webhook": stage.webhook})
    phone.press(".retry")
    phone.until("document.querySelector('.mine .tick.taken') && !document.querySelector('.retry')")


def test_faults_and_rules_are_thrown_and_taken_back(browser: Browser, stage: Stage) -> None:
    page = opened(browser, stage, "/faults")
    page.press("#ready button:nth-child(2)")
    page.shows("0 of 3", "#rows")
    page.press("#rows button")
    page.shows("Everything works.")
    page.until("document.querySelector('#rule-hold_seconds')?.value === '30'")
    page.run("document.querySelector('#rule-hold_seconds').select()")
    page.write("5", "#rule-hold_seconds")
    page.until("document.querySelector('#rule-hold_seconds').closest('.rule').matches('.changed')")
    assert stage.world.ask("GET", "/rules")["hold_seconds"] == 5
    page.press("#defaults")
    page.until("!document.querySelector('.rule.changed')")


def test_nothing_is_wider_than_a_small_screen(browser: Browser, stage: Stage) -> None:
    for path in ("/", "/phone", "/desk", "/faults"):
        page = opened(browser, stage, path, 375)
        page.until("document.readyState === 'complete'")
        assert page.run("document.documentElement.scrollWidth") <= 375, path
        unlabelled = page.run(UNLABELLED)
        assert unlabelled == [], path


def test_pages_find_a_simulator_that_was_restarted(browser: Browser) -> None:
    with simulator(0) as url:
        page = browser.page(f"{url}/faults")
        page.press("#ready button:nth-child(2)")
        page.shows("0 of 3", "#rows")
    page.until("document.querySelector('.pulse').dataset.live === 'off'")
    with simulator(int(url.rpartition(":")[2])) as again:
        assert again == url
        page.until("document.querySelector('.pulse').dataset.live === 'on'")
        page.shows("Everything works.")


@contextmanager
def simulator(port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "simulator", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
