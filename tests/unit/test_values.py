"""Values of a platform's JSON, and what shows nothing."""

import pytest

from interconnections.blanks import is_blank, trimmed, trimmed_end
from interconnections.platforms.values import moment, plain

SECONDS, MS = 1772000000, 1772000000000


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (MS + 123, MS + 123), (str(MS + 123), MS + 123), (SECONDS, MS), (str(SECONDS), MS), (f" {SECONDS} ", MS),
        (f"{SECONDS}.5", MS + 500), (float(SECONDS), MS), (MS + 0.0, MS),
        (0, None), (-1, None), ("-1", None), (True, None), (None, None), ([], None), ("", None), ("x", None),
        ("٣", None), ("2026-02-25T10:00:00Z", None), (999_999_999_999_999, None), ("9" * 40, None), (1e300, None),
        (10**14, None), (0.0001, None),
    ],
)  # fmt: skip
def test_a_moment_is_read_in_seconds_and_milliseconds_at_every_door(value: object, at: int | None) -> None:
    assert moment(value) == at


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (100, "100"),
        (100.5, "100.5"),
        (1e-7, "0.0000001"),
        (-0.5, "-0.5"),
        (1e20, "1" + "0" * 20),
    ],
)
def test_a_number_is_written_as_people_do(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u00a0", "\u200b", "\u3164", "\u2800", "\ufeff\u200e", "\u115f\u1160", "\ufe0f"]
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)
    assert trimmed(text) == trimmed_end(text) == ""


@pytest.mark.parametrize(
    "text",
    ["a", "❤️", "👩‍🔬", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "0️⃣", "می‌خواهم", "e\u0301"],
)
def test_what_shows_something_stays_whole(text: str) -> None:
    assert not is_blank(text)
    assert trimmed(f"\u3164 {text} \u200b\n") == text
    assert trimmed_end(f" {text}\u2800") == f" {text}"
