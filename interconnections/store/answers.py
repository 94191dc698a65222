"""What a script answers: words and numbers, some in lists again; each caller knows its script's shapes."""

from typing import TypeAlias, cast

Part: TypeAlias = str | int | list[str]
Answer: TypeAlias = list[Part]


def decoded(part: object) -> Part:
    """As synchronous code has it from Redis: bytes become text, whatever they are; what is missing stays None."""
    if isinstance(part, bytes):
        return part.decode("utf-8", "replace")
    if not isinstance(part, list):
        return cast(Part, part)
    # A page reads thousands of words, most of them in one list: each is no call of its own.
    words = [each.decode("utf-8", "replace") if isinstance(each, bytes) else decoded(each) for each in part]
    return cast(Part, words)


def listed(part: Part) -> list[str]:
    return part if isinstance(part, list) else []


def whole(part: Part) -> int:
    return int(part) if isinstance(part, str | int) else 0
