"""The sequence rule of POSTs (§3.8)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.live_agent.sequence import OutOfSync, Sequence


def taken(upto: int) -> Sequence:
    sequence = Sequence()
    for number in range(1, upto + 1):
        sequence.take(number)
    return sequence


def test_the_next_number_is_new():
    assert taken(3).is_new(4)


def test_a_number_that_was_taken_is_said_ok_to_and_not_done_again():
    assert not taken(3).is_new(3)
    assert not taken(3).is_new(1)


def test_a_switch_refuses_repeats_instead():
    with pytest.raises(OutOfSync, match="Expected 2. Actual 3"):
        taken(3).is_new(2, repeats="409")


def test_a_gap_is_refused_in_the_words_of_the_sheet():
    with pytest.raises(OutOfSync) as refused:
        taken(6).is_new(9)
    assert (refused.value.status, refused.value.text) == (409, "Out of sync Ack. Expected 9. Actual 6")


def test_a_request_without_a_number_is_done_and_counts_for_nothing():
    sequence = taken(3)
    assert sequence.is_new(None)
    sequence.take(None)
    assert sequence.last == 3


@given(st.integers(0, 20), st.integers(1, 40))
def test_exactly_one_verdict_fits_every_number(last, number):
    try:
        verdict = "new" if taken(last).is_new(number) else "repeated"
    except OutOfSync:
        verdict = "gap"
    assert verdict == ("new" if number == last + 1 else "repeated" if number <= last else "gap")


@given(st.lists(st.sampled_from(["done", "answer lost", "request lost"]), max_size=40), st.integers(0, 5))
def test_a_client_that_repeats_numbers_and_believes_actual_has_each_text_done_once_in_order(fates, wrong_start):
    """Whatever is lost, and even when the client starts with a wrong number."""
    sequence, done, number = Sequence(), [], 1 + wrong_start
    for text, fate in enumerate(fates):
        fates_of_this = iter([fate])
        while True:
            how = next(fates_of_this, "done")
            if how == "request lost":
                continue
            try:
                if sequence.is_new(number):
                    sequence.take(number)
                    done.append(text)
            except OutOfSync as refused:
                actual = re.search(r"Actual (\d+)", refused.text)
                number = int(actual[1]) + 1
                continue
            if how == "done":
                break
        number += 1
    assert done == list(range(len(fates)))
