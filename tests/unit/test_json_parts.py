"""Parts of a JSON text: what is kept stands byte for byte, what is not is gone, and it stays JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interconnections.json_parts import only, part

BODY = (
    r'{"object":"page", "entry" : [ {"id":"1","time":7,"messaging":[{"a":"ni\u00f1o \/"}, {"b":1.50}],'
    r'"standby":[{"c":[1 ,2]}]},{"id":"2","messaging":[{"d":null}]} ]}'
)
A, B, C, D = (
    ("entry", 0, "messaging", 0),
    ("entry", 0, "messaging", 1),
    ("entry", 0, "standby", 0),
    ("entry", 1, "messaging", 0),
)
ALL = (A, B, C, D)


def test_all_of_it_is_as_it_was_written():
    assert only(BODY, ALL, ALL) == BODY.replace('"entry" : [ {', '"entry" : [{').replace("}, {", "},{").replace(
        "} ]}", "}]}"
    ).replace('"page", "entry"', '"page","entry"')


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ((A,), r'{"object":"page","entry" : [{"id":"1","time":7,"messaging":[{"a":"ni\u00f1o \/"}]}]}'),
        (
            (B, C),
            r'{"object":"page","entry" : [{"id":"1","time":7,"messaging":[{"b":1.50}],"standby":[{"c":[1 ,2]}]}]}',
        ),
        ((D,), r'{"object":"page","entry" : [{"id":"2","messaging":[{"d":null}]}]}'),
    ],
)
def test_what_is_kept_is_as_it_was_written_and_nothing_else_is_there(kept, expected):
    assert only(BODY, kept, ALL) == expected


def test_what_nobody_told_of_stays_beside_what_is_kept():
    assert only(BODY, (B,), (A, B)) == (
        r'{"object":"page","entry" : [{"id":"1","time":7,"messaging":[{"b":1.50}],'
        r'"standby":[{"c":[1 ,2]}]},{"id":"2","messaging":[{"d":null}]}]}'
    )


@pytest.mark.parametrize(("place", "written"), [(A, r'{"a":"ni\u00f1o \/"}'), ((*B, "b"), "1.50"), (("x",), BODY)])
def test_a_part_is_as_it_was_written(place, written):
    assert part(BODY, place) == written


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=3), st.lists(values, max_size=4), max_size=4), st.data())
def test_the_rest_is_the_body_without_what_was_taken_out(body, data):
    told = [(key, index) for key, events in body.items() for index in range(len(events))]
    kept = data.draw(st.sets(st.sampled_from(told))) if told else set()
    text = json.dumps(body, indent=data.draw(st.sampled_from([None, 1])))
    expected = {
        key: [event for index, event in enumerate(events) if (key, index) in kept]
        for key, events in body.items()
        if not events or any((key, index) in kept for index in range(len(events)))
    }
    assert json.loads(only(text, kept, told)) == (expected if told else body)
