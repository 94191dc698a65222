"""Cutting a long text into pieces that a target takes: between graphemes, better after a space or a line's end."""

import regex

LIVE_AGENT_LIMIT = 4000  # characters; salesforce-live-agent.md section 7 (unconfirmed)

GRAPHEME = regex.compile(r"\X")


def pieces(text: str, limit: int) -> list[str]:
    """`text` in order, none longer than `limit` code points; joined they are `text` again."""
    cut: list[str] = []
    start = 0
    while len(text) - start > limit:
        end = _border(text, start, limit)
        cut.append(text[start:end])
        start = end
    return [*cut, text[start:]]


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
