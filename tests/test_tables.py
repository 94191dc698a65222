"""Tables of the docs that say what the code says, too: neither may know what the other does not.

Others are held where what they tell of is tested: figures and alerts in monitoring/, roles in admin/, steps of the
store in doctor/, sentences of the API in http/, events of desks in unit/.
"""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

from bridgeproject import settings
from interconnections import throttle
from interconnections.bot_events import EventType
from interconnections.lifecycle import Reason
from interconnections.models import Bot
from interconnections.platforms.messenger.outcomes import OUTCOMES
from interconnections.platforms.platform import Platform
from simulator.graph.options import GraphOptions

ROOT = Path(__file__).resolve().parent.parent


def table(file: str, first: str) -> list[list[str]]:
    """The rows under the head that begins with this cell."""
    lines = (ROOT / file).read_text().splitlines()
    [head] = [number for number, line in enumerate(lines) if line.startswith(f"| {first} |")]
    found = []
    for line in lines[head + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_readme_gives_the_defaults_that_settings_have() -> None:
    code = inspect.getsource(settings)
    has = dict(re.findall(r"(?:one_of|whole_number)\(\"(\w+)\", \"?(\w+)\"?", code))
    has |= dict.fromkeys(re.findall(r"on_or_off\(\"(\w+)\"\)", code), "off")
    has |= dict(re.findall(r"env\.str\(\"(\w+)\", default=\"(\w+)\"\)", code))
    told = {words(row[0])[0]: row[1].strip("`") for row in table("README.md", "Setting")}
    assert has
    assert {name: told[name] for name in has} == has


def test_every_member_of_a_platform_is_in_the_guide() -> None:
    told = {word for row in table("docs/platforms.md", "Member of `Platform`") for word in words(row[0])}
    members = {name for name in (*vars(Platform), *Platform.__annotations__) if not name.startswith("_")}
    assert told == members


def test_every_event_that_a_bot_is_told_is_in_its_page() -> None:
    assert [words(row[0])[0] for row in table("docs/state-webhook.md", "`type`")] == list(EventType)


def test_every_reason_for_an_end_is_one_that_bots_are_told() -> None:
    rows = {words(row[0])[0]: words(row[3]) for row in table("docs/state-webhook.md", "`type`")}
    told = [*rows["chat.ended"], *rows["chat.failed"]]
    assert sorted(word for word in told if word != "state") == sorted(Reason)


def test_every_way_to_prove_a_webhook_is_in_the_cookbook() -> None:
    assert [words(row[0])[0] for row in table("docs/bots.md", "`webhook_auth`")] == Bot.WebhookAuth.values


def test_failed_log_ins_are_bounded_as_the_page_says() -> None:
    minutes = [throttle.PAIR_WITHIN // 60_000, *[throttle.WIDE_WITHIN // 60_000] * 2]
    told = [(int(re.findall(r"\d+", row[0])[0]), row[1]) for row in table("docs/operations.md", "Failures")]
    bounds = zip((throttle.PAIR, throttle.NAME, throttle.ADDRESS), minutes, strict=True)
    assert told == [(count, f"{within} minutes") for count, within in bounds]


def numbers(cell: str) -> set[str]:
    """What a cell names, ranges spelt out."""
    text = cell.replace("−", "-")
    spelt = [str(code) for low, high in re.findall(r"(\d+)–(\d+)", text) for code in range(int(low), int(high) + 1)]
    return {*re.findall(r"-?\d+", text), *spelt}


def test_every_code_of_messenger_is_in_its_table() -> None:
    cells = [row[0] for row in table("docs/messenger-platform.md", "Meta's code")]
    told = {number for cell in cells for number in numbers(cell)}
    with_all_subcodes = {int(code) for cell in cells for code in re.findall(r"(\d+) and its subcodes", cell)}
    missing = {
        (code, sub)
        for code, sub in OUTCOMES
        if str(code) not in told
        or (
            str(sub or code) not in told
            and code not in with_all_subcodes
            and OUTCOMES.get((code, None)) != OUTCOMES[code, sub]
        )
    }
    assert missing == set()


@pytest.mark.parametrize("row", table("docs/simulator.md", "Point"), ids=lambda row: row[0])
def test_every_rule_that_the_simulators_page_names_is_one(row: list[str]) -> None:
    rules = {each.name for each in fields(GraphOptions)}
    for word in words(row[1]):
        pattern = re.compile(re.escape(word).replace("…", r"\w*") + "$")
        assert any(pattern.match(rule) for rule in rules), word
