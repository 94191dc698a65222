"""Cutting a long text into pieces that a target takes: between graphemes, better after a space or a line's end."""

from collections.abc import Callable

from interconnections.blanks import is_blank, trimmed_end
from interconnections.lengths import GRAPHEME

LONGEST_TEXT = 4000  # characters that every desk takes in one message (salesforce-live-agent.md section 7, U)


def pieces(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """`text` in order, none longer than `limit`; joined they are `text` again, but for blanks.

    A text that fits is one piece as it is.  Of one that is cut, pieces that show nothing are left out, as nobody
    takes them, and so are the blanks at its end.  `size`: how the target counts; code points where nothing is said.
    """
    if size(text) <= limit:
        return [text]
    text = trimmed_end(text)
    cut: list[str] = []
    start = 0
    while size(text[start : start + limit + 1]) > limit:
        end = _border(text, start, limit, size)
        cut.append(text[start:end])
        start = end
    return [piece for piece in (*cut, text[start:]) if not is_blank(piece)]


def _border(text: str, start: int, limit: int, size: Callable[[str], int]) -> int:
    """Where the piece that begins at `start` ends."""
    border = start
    after_space = start
    taken = 0
    for match in GRAPHEME.finditer(text, start, start + limit + 64):
        taken += size(match.group())
        if taken > limit:
            break
        border = match.end()
        if match.group().isspace():
            after_space = border
    if border == start:  # one grapheme longer than the limit: no target would take it whole
        border = start + limit
        while size(text[start:border]) > limit:
            border -= 1
        return border
    return after_space if after_space - start > (border - start) // 2 else border
