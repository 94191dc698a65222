"""JSON in a tenth of the time says and understands the same as the standard library's."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections import fast_json
from interconnections.bot_events import BotEvent, EventType
from interconnections.items import Change, File, Item, Kind, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.store.changes import encoded, encoded_all
from interconnections.store.lanes import Bucket, Cause, Settled, Terms

ANY_TEXT = st.text(st.characters(codec=None))  # surrogates too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=12,
)


@given(VALUES)
def test_whatever_is_written_is_read_as_it_was(value: Any) -> None:
    assert json.loads(fast_json.dumps(value)) == json.loads(json.dumps(value, ensure_ascii=False))
    assert json.loads(fast_json.dump_bytes(value)) == json.loads(
        json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    )


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_whatever_others_wrote_is_read_as_the_standard_library_reads_it(
    value: Any, ascii: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii, indent=indent)
    read = fast_json.loads(text)
    assert read == json.loads(text)
    assert json.dumps(read) == json.dumps(json.loads(text))  # 1 is not 1.0
    content = text.encode("utf-8", "replace")
    assert fast_json.loads(content) == json.loads(content)


ODD = (
    "18446744073709551616", "-9223372036854775809", "[1e400]", "NaN", '"\\ud83d"', '{"a":1,"a":2}', "1E5",
    b"\xef\xbb\xbf{}", "[-0, -0.0]", '"\x7f"', "[" * 900 + "]" * 900,
)  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_what_is_odd_is_read_all_the_same(text: str | bytes) -> None:
    ours, theirs = fast_json.loads(text), json.loads(text)
    assert repr(ours) == repr(theirs)
    assert type(ours) is type(theirs) or math.isnan(theirs)


def test_what_is_no_number_is_written_as_nothing() -> None:
    assert fast_json.dumps([float("nan"), float("inf")]) == "[null,null]"


@pytest.mark.parametrize("text", ["", "{", '"\x01"', b'"\xff"', "[1,]", "<html>", "nul", "01", "'a'"])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="."):
        fast_json.loads(text)


def test_what_each_message_has_written_needs_no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any, **__: Any) -> str:
        raise AssertionError("the slow way")

    monkeypatch.setattr(fast_json.json, "dumps", slow)
    said = Item(Kind.TEXT, Origin.AGENT, "¿qué tal? 👋", name="Ana")
    sent = Item(Kind.FILE, Origin.AGENT, "foto", file=File("https://x/y", "image"))
    told = BotEvent(EventType.ENDED, reason="x")
    encoded_all([Change(to_user=(said, sent), to_bot=(told,), agent_said=("a",), fields={"queuePosition": "1"})])
    encoded(Change(to=Status.CLOSED, reason=Reason.AGENT_ENDED, if_lost=(said,)))
    Settled(
        "1", "retry", "10", cause=Cause.TROUBLE, told=(said,), to_bot=(told,), change=Change(sent_again=("1",))
    ).encoded()
    Settled("1", "delivered", sent_as="wamid", took=3, change=Change(to=Status.CLOSED, reason="x")).encoded()
    Terms((Bucket("chat:1", "chat", 2, 500.0),)).as_script_reads()
