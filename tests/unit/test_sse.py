"""The stream's parser: whatever way bytes come in, the same frames come out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.desks.enhanced_chat import sse
from interconnections.desks.enhanced_chat.sse import Frame, Parser
from tests.unit.payloads import cases

LINES = [
    b"data: x", b"data:", b"data", b"data: {\"a\": 1}", b"id: 7", b"id:", b"event: ping", b"event", b": c", b"", b"",
    b"retry: 5", b"foo", "data: ñ👩‍🔬".encode(), b"data: \xff", b"\xef\xbb\xbfdata: y", b"data: " + b"z" * 70,
]  # fmt: skip
ends = st.sampled_from([b"\n", b"\r", b"\r\n"])
streams = st.lists(st.tuples(st.sampled_from(LINES), ends).map(b"".join), max_size=30).map(b"".join)
streams |= st.binary(max_size=200) | st.text(": \r\ndatiev\ufeffx", max_size=200).map(str.encode)


def read(*pieces):
    parser = Parser()
    frames = [frame for piece in pieces for frame in parser.feed(piece)]
    return frames, parser.skipped, parser.expired


@settings(max_examples=300)
@given(streams, st.lists(st.integers(0, 200), max_size=8), st.sampled_from([10, 40, 80, sse.LARGEST_FRAME]))
def test_wherever_a_stream_is_split_the_same_frames_come(stream, places, largest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sse, "LARGEST_FRAME", largest)
        whole = read(stream)
        borders = sorted({0, len(stream), *(place for place in places if place < len(stream))})
        assert read(*(stream[a:b] for a, b in zip(borders, borders[1:], strict=False))) == whole
        assert read(*(stream[at : at + 1] for at in range(len(stream)))) == whole


@pytest.mark.parametrize("case", cases("enhanced_chat/streams"))
def test_a_recorded_stream_may_be_split_at_every_byte(case):
    stream = case["text"].encode()
    whole = read(stream)
    assert all(read(stream[:at], stream[at:]) == whole for at in range(len(stream)))
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == whole


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(
            Frame,
            st.from_regex(r"[A-Z_]{1,20}", fullmatch=True),
            st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")), min_size=1)
            .map("\n".join)
            .filter(lambda data: not data.lower().startswith("jwt is expired")),
            st.from_regex(r"[0-9]{0,12}", fullmatch=True),
        ),
        max_size=8,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_written_as_the_standard_says_is_read_again(frames, end):
    def written(frame):
        lines = [f"event: {frame.event}", *(f"data: {line}" for line in frame.data.split("\n"))]
        return end.join([*([f"id: {frame.id}"] if frame.id else []), *lines, "", ""])

    assert read("".join(map(written, frames)).encode()) == (frames, 0, False)


def test_a_frame_that_is_too_large_is_passed_over_and_counted(monkeypatch):
    monkeypatch.setattr(sse, "LARGEST_FRAME", 1000)
    large = b"id: 2\ndata: " + b"x" * 2000 + b"\n\n"
    many = b"id: 3\n" + b"data: 0123456789\n" * 200 + b"\n"
    frames, skipped, _ = read(b"id: 1\ndata: a\n\n" + large + many + b"id: 4\ndata: b\n\n")
    assert frames == [Frame("message", "a", "1"), Frame("message", "b", "4")]
    assert skipped == 2


def test_a_line_without_end_is_not_held(monkeypatch):
    monkeypatch.setattr(sse, "LARGEST_FRAME", 1000)
    parser = Parser()
    for _ in range(100):
        parser.feed(b"x" * 500)
        assert len(parser._line) <= 1000
    assert parser.feed(b"\n\ndata: a\n\n") == [Frame("message", "a")]
    assert parser.skipped == 1


def test_a_large_frame_that_fits_is_whole():
    data = b"y" * (sse.LARGEST_FRAME - 100)
    stream = b"data: " + data + b"\n\n"
    frames, skipped, _ = read(*(stream[at : at + 4096] for at in range(0, len(stream), 4096)))
    assert (len(frames[0].data), skipped) == (len(data), 0)
