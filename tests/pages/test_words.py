"""The pages speak the reader's language: every word of theirs is in the table, and a browser shows it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from simulator import faults
from simulator.pages import choices
from simulator.stage import Stage
from tests.pages.browser import Browser

STATIC = Path(__file__).parents[2] / "simulator/pages/static"
SPOKEN = ("title", "placeholder", "aria-label", "alt")
NO_WORDS = re.compile(r"[\W\d]*")


def table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for script in STATIC.glob("words*.js"):
        rows = re.findall(r'^  ("[^"]+": \[.+\]),$', script.read_text(), re.MULTILINE)
        assert rows
        found |= json.loads(f"{{{','.join(rows)}}}")
    return found


class Spoken(HTMLParser):
    """Texts and spoken attributes of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.words: set[str] = set()
        self.feed(page.read_text())

    def handle_data(self, data: str) -> None:
        self.words.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words |= {value for name, value in attrs if name in SPOKEN and value}


def parts(words: set[str]) -> set[str]:
    return {part for each in words for part in each.split(" · ") if not NO_WORDS.fullmatch(part)}


@pytest.mark.parametrize("page", ["start.html", "phone.html", "desk.html", "faults.html"])
def test_every_word_of_a_page_is_in_the_table(page: str) -> None:
    assert parts(Spoken(STATIC / page).words) <= set(table())


def test_every_word_that_the_scripts_say_is_in_the_table() -> None:
    said = {words for script in STATIC.glob("*.js") for words in re.findall(r'\bsay\("([^"]+)"', script.read_text())}
    assert said
    assert said <= set(table())


def told_by_the_simulator() -> set[str]:
    """What kinds of faults do, and the headings of the rules: the faults page has them from /sim/choices."""
    headings = {str(rule["section"]) for rule in choices._rules()}
    return headings | {meaning.replace("`", "") for meaning in faults.KINDS.values()}


def test_what_the_faults_page_is_told_is_in_the_table() -> None:
    assert told_by_the_simulator() <= set(table())


def test_the_table_holds_nothing_that_nobody_says() -> None:
    sources = [*STATIC.glob("*.js"), *STATIC.parent.glob("*.py")]
    text = "\n".join(path.read_text() for path in sources if not path.name.startswith("words"))
    shown = told_by_the_simulator().union(*(parts(Spoken(page).words) for page in STATIC.glob("*.html")))
    assert {words for words in table() if words not in shown and f'"{words}' not in text} == set()


def test_both_languages_keep_the_places_of_what_is_filled_in() -> None:
    for words, translations in table().items():
        assert [each.count("%s") for each in translations] == [words.count("%s")] * 2, words
        assert all(translations)


@pytest.mark.parametrize(
    ("language", "wish"),
    [("es-MX", "Pedir una persona"), ("pt-BR,pt", "Pedir uma pessoa"), ("fr", "Ask for a human")],
)
def test_the_browser_chooses_the_language(browser: Browser, stage: Stage, language: str, wish: str) -> None:
    page = browser.page("about:blank", 1200)
    page.call("Network.setUserAgentOverride", userAgent="Mozilla/5.0", acceptLanguage=language)
    page.open(f"{stage.world.url}/phone")
    page.shows(wish, "#ask")
    page.press("#ask")
    page.until("document.querySelectorAll('#screen .note').length >= 2")
    page.size(375, 800)
    assert page.run("document.documentElement.scrollWidth") <= 375  # the longer words fit too
    assert page.errors() == []
