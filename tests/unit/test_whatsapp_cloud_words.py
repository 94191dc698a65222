"""Golden texts: what an agent reads of everything that the Cloud API's webhooks tell, in three languages."""

import json
from typing import Any

import pytest

from interconnections.bridge.rendering import as_items
from interconnections.items import Origin
from interconnections.languages import translated
from interconnections.platforms.messages import Message
from interconnections.platforms.whatsapp_cloud.failures import FAILURES
from interconnections.platforms.whatsapp_cloud.reader import read_cloud
from tests.unit.payloads import ROOT, files

FOLDER = "whatsapp_cloud/webhooks"
LANGUAGES = ("es-MX", "en-US", "pt-BR")
SAYS_NOTHING = {"text-blank"}

# By file: Spanish, English, Portuguese; one text where all are the same.
GOLDEN: dict[str, list[str]] = json.loads((ROOT / "whatsapp_cloud/words.json").read_text())


def messages(name: str) -> list[Message]:
    case: dict[str, Any] = json.loads((ROOT / FOLDER / f"{name}.json").read_text())
    return [each for each in read_cloud(case["body"], "700100200300") if isinstance(each, Message)]


def read(name: str, language: str) -> str:
    """Whole messages, a blank line between them."""
    return "\n\n".join("\n".join(item.text for item in as_items(each, language)) for each in messages(name))


def test_every_webhook_that_says_something_has_its_words() -> None:
    assert {path.stem for path in files(FOLDER) if messages(path.stem)} == set(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN)
def test_what_an_agent_reads(name: str) -> None:
    words = GOLDEN[name] if len(GOLDEN[name]) == 3 else GOLDEN[name] * 3
    assert [read(name, language) for language in LANGUAGES] == words


@pytest.mark.parametrize("name", GOLDEN)
def test_nobody_reads_raw_json_or_nothing(name: str) -> None:
    for language in LANGUAGES:
        words = read(name, language)
        assert bool(words.strip()) is (name not in SAYS_NOTHING)
        assert not set('{}"') & set(words)


def test_what_the_business_wrote_in_its_own_app_is_not_the_users_word() -> None:
    [message] = messages("echo")
    assert {item.origin for item in as_items(message)} == {Origin.BRIDGE}


@pytest.mark.parametrize("language", ["es", "pt"])
def test_each_reason_of_a_failure_has_its_sentence_in_each_language(language: str) -> None:
    english, other = translated(FAILURES, "en"), translated(FAILURES, language)
    assert all(other[code] != english[code] for code in FAILURES)
