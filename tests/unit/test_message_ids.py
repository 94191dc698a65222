"""The id under which a message goes to the users' side: the same from every release, as a repeat may be another's."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from interconnections.bridge.message_ids import message_id


def test_it_is_what_earlier_releases_made_of_it() -> None:
    assert message_id("8b1f9c52-7a31-4f43-9d3c-0f6f3f1f2a10", "12") == "iyp0sfkrttwsrdvvm5tjboae9o4bivdtbvqk"


@given(st.text(max_size=40), st.integers(1, 10**6))
def test_it_is_the_digest_in_base_36_the_lowest_digit_first(session: str, number: int) -> None:
    whole = int.from_bytes(hashlib.sha256(f"{session}/{number}".encode()).digest())
    assert sum(int(digit, 36) * 36**place for place, digit in enumerate(message_id(session, str(number)))) == (
        whole % 36**36
    )
