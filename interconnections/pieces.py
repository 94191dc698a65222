"""Cutting a long text into pieces that a target takes: between graphemes, better after a space or a line's end."""

import regex

from interconnections.blanks import is_blank, trimmed_end

LONGEST_TEXT = 4000  # characters that every desk takes in one message (salesforce-live-agent.md section 7, U)

GRAPHEME = regex.compile(r"\X")


def pieces(text: str, limit: int) -> list[str]:
    """`text` in order, none longer than `limit` code points; joined they are `text` again, but for blanks.

    A text that fits is one piece as it is.  Of one that is cut, pieces that show nothing are left out, as nobody
    takes them, and so are the blanks at its end.
    """
    if len(text) <= limit:
        return [text]
    text = trimmed_end(text)
    cut: list[str] = []
    start = 0
    while len(text) - start > limit:
        end = _border(text, start, limit)
        cut.append(text[start:end])
        start = end
    return [piece for piece in (*cut, text[start:]) if not is_blank(piece)]


def _border(text: str, start: int, limit: int) -> int:
    """Where the piece that begins at `start` ends."""
    border = start
    after_space = start
    for match in GRAPHEME.finditer(text, start, start + limit + 64):
        if match.end() > start + limit:
            break
        border = match.end()
        if match.group().isspace():
            after_space = border
    if border == start:
        return start + limit  # one grapheme longer than the limit: no target would take it whole
    return after_space if after_space - start > limit // 2 else border
