"""Golden texts: what an agent reads of everything that a page's webhooks tell, in three languages."""

import json
from typing import Any

import pytest

from interconnections.bridge.rendering import as_items, as_past
from interconnections.items import Origin
from interconnections.platforms.messages import Message
from interconnections.platforms.messenger.events import Ours
from interconnections.platforms.messenger.reader import read_page
from tests.unit.payloads import ROOT, files

FOLDER = "messenger_platform/webhooks"
LANGUAGES = ("es-MX", "en-US", "pt-BR")

# By file: Spanish, English, Portuguese; one text where all are the same.
GOLDEN: dict[str, tuple[str, ...]] = json.loads((ROOT / "messenger_platform/words.json").read_text())


def messages(name: str) -> list[Message]:
    """Those of which an agent may read: what the bot itself said is context."""
    case: dict[str, Any] = json.loads((ROOT / FOLDER / f"{name}.json").read_text())
    told = read_page(case["body"], Ours(case.get("page", "100200300"), "555000111"))
    return [each for each in told if isinstance(each, Message) and (each.elsewhere or not each.by_bot)]


def read(name: str, language: str) -> str:
    """Whole messages, a blank line between them."""
    return "\n\n".join("\n".join(item.text for item in as_items(each, language)) for each in messages(name))


def test_every_webhook_that_says_something_has_its_words() -> None:
    assert {path.stem for path in files(FOLDER) if messages(path.stem)} == set(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN)
def test_what_an_agent_reads(name: str) -> None:
    words = GOLDEN[name] if len(GOLDEN[name]) == 3 else GOLDEN[name] * 3
    assert tuple(read(name, language) for language in LANGUAGES) == tuple(words)


@pytest.mark.parametrize("name", GOLDEN)
def test_nobody_reads_raw_json_or_nothing(name: str) -> None:
    for language in LANGUAGES:
        for text in (read(name, language), *(as_past(each, language) or each.url for each in messages(name))):
            assert text.strip()
            assert not set('{}"') & set(text)


def test_what_led_a_user_here_is_not_their_own_word() -> None:
    [message] = messages("11-referral")
    assert {item.origin for item in as_items(message)} == {Origin.BRIDGE}
