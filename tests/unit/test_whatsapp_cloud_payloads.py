"""The Cloud API's webhooks, every example and table row of its sheet, through the reader."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interconnections.platforms.messages import Message, Status, Unread
from interconnections.platforms.whatsapp_cloud import said
from interconnections.platforms.whatsapp_cloud.reader import read_cloud
from tests.unit.payloads import ROOT, cases, told

NUMBER = "700100200300"


def read(body: object) -> list[Any]:
    return read_cloud(body, NUMBER)


@pytest.mark.parametrize("case", cases("whatsapp_cloud/webhooks"))
def test_a_webhook_is_read(case: dict[str, Any]) -> None:
    before = copy.deepcopy(case["body"])
    assert [told(each) for each in read(case["body"])] == case["expect"]
    assert case["body"] == before


@pytest.mark.parametrize("case", cases("whatsapp_cloud/webhooks"))
def test_a_place_leads_to_what_was_told(case: dict[str, Any]) -> None:
    for each in read(case["body"]):
        part = case["body"]
        for step in each.place:
            part = part[step]
        if isinstance(each, Message | Status) and each.id and not each.id.startswith("item."):
            assert part["id"] == each.id


def test_every_file_is_a_case() -> None:
    folders = {path.parent.name for path in (ROOT / "whatsapp_cloud").rglob("*.*")}
    assert folders == {"sends", "webhooks", "whatsapp_cloud"}


def test_a_repeat_is_known_again_even_without_an_id() -> None:
    body = next(each.values[0]["body"] for each in cases("whatsapp_cloud/webhooks") if each.id == "id-missing")
    [first], [again] = read(body), read(copy.deepcopy(body))
    assert first.id == again.id != ""


def test_a_fault_of_ours_spoils_nothing_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Meta would repeat the whole batch for seven days."""
    detail = said.detail
    monkeypatch.setattr(said, "detail", lambda kind, part: 1 / 0 if kind == "order" else detail(kind, part))
    first, second = ({"id": f"w{n}", "from": "5215", "type": kind} for n, kind in enumerate(("order", "text")))
    assert [type(each) for each in read(envelope([first, second]))] == [Unread, Message]


def envelope(messages: object) -> dict[str, Any]:
    value = {"metadata": {"phone_number_id": NUMBER}, "messages": messages}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def test_words_that_are_nested_too_deep_to_be_written_are_read_all_the_same() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    [each] = read(envelope([{"from": "5215", "type": "order", "order": {"product_items": deep}}]))
    assert isinstance(each, Message)


WORDS = st.sampled_from([
    "object", "entry", "changes", "field", "value", "metadata", "phone_number_id", "contacts", "messages", "statuses",
    "errors", "wa_id", "user_id", "from", "from_user_id", "id", "type", "timestamp", "text", "body", "image",
    "interactive", "nfm_reply", "response_json", "context", "referral", "system", "status", "code", "profile", "name",
    "reaction", "emoji", "order", "product_items", "location", "latitude", "edit", "message", "group_id",
])  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | WORDS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5), max_leaves=25
)
MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
WHOLE = [each.values[0]["body"] for each in cases("whatsapp_cloud/webhooks")]


def holds(told: list[Any]) -> None:
    """Nothing was read by a fault of ours, and what is a message can be kept."""
    for each in told:
        assert not (isinstance(each, Unread) and each.why.startswith("reading it failed"))
        if isinstance(each, Message):
            assert each.user
            assert each.kind
            assert all(isinstance(words, str) for words in (each.text, each.detail, each.file_id, each.quotes))
            each.detail.encode()


@MANY
@given(JSON)
def test_no_json_makes_the_reader_raise(body: Any) -> None:
    holds(read(body))
    holds(read(envelope(body)))
    holds(read(envelope([body])))


@MANY
@given(st.sampled_from(WHOLE), st.data())
def test_one_odd_value_in_a_webhook_makes_nothing_raise(body: Any, data: st.DataObject) -> None:
    holds(read(altered(body, data)))


def altered(part: Any, data: st.DataObject) -> Any:
    """`part` with one of its values, however deep, replaced."""
    if not isinstance(part, dict | list) or not part or data.draw(st.integers(0, 9)) == 0:
        return data.draw(JSON)
    if isinstance(part, list):
        at = data.draw(st.integers(0, len(part) - 1))
        return [*part[:at], altered(part[at], data), *part[at + 1 :]]
    name = data.draw(st.sampled_from(sorted(part)))
    return part | {name: altered(part[name], data)}
