"""Reading what a caller sent (yalo-integrations.md section 2.1, rulings 12)."""

import json

import pytest
from django.test import RequestFactory

from interconnections.errors import BadInput
from interconnections.http.body import clean, read_json


def read(content):
    return read_json(RequestFactory().post("/", content, content_type="application/json"))


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, "\xc3\xb1", null]}', {"a": [1, "ñ", None]}),
        (b"null", None),
        (b"7", 7),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf\r\n {"a": 1}', {"a": 1}),
        (b' \r\n\t{"a": 1} ', {"a": 1}),
        (b'{"a": 1}{"b": 2}', {"a": 1}),
        (b'{"a": 1} and then some', {"a": 1}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
    ids=["object", "null", "number", "bom", "bom-and-spaces", "spaces", "second-value", "rest", "emoji", "twice"],
)
def test_the_first_json_value_is_read(content, value):
    assert read(content) == value


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expecting value"),
        (b"   ", "Expecting value"),
        (b"hola", "Expecting value"),
        (b'{"a": ', "Expecting value"),
        (b'{"a": "', "Unterminated string"),
        (b"{'a': 1}", "Expecting property name"),
        (b'{"a": "\xff"}', "can't decode"),
        ('{"a": "ñ"}'.encode("latin-1"), "can't decode"),
        ('{"a": 1}'.encode("utf-16"), "can't decode"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"-Infinity", "-Infinity is not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value[:12]),
)
def test_what_is_not_json_is_refused_with_the_reason(content, why):
    with pytest.raises(BadInput, match="^Invalid payload received : ") as caught:
        read(content)
    assert why in str(caught.value)


def test_a_refusal_does_not_repeat_what_was_sent():
    with pytest.raises(BadInput) as caught:
        read(b'{"password": "hunter2"')
    assert "hunter2" not in str(caught.value)


def test_cleaning_replaces_halves_of_emoji_and_nothing_else():
    assert clean("a\ud83db\udc00") == "a?b?"
    whole = "\0 ñ 👩‍🔬 \U0010ffff"
    assert clean(whole) == whole
    assert clean(json.loads('"\\ud83d\\ude00"')) == "😀"
