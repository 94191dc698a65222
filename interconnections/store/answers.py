"""What a script answers: words and numbers, some in lists again; each caller knows its script's shapes."""

from typing import TypeAlias, cast

Part: TypeAlias = str | int | list[str]
Answer: TypeAlias = list[Part]


def decoded(part: object) -> Part:
    """As synchronous code has it from Redis: bytes become text, whatever they are; what is missing stays None."""
    if isinstance(part, bytes):
        return part.decode("utf-8", "replace")
    return cast(Part, [decoded(each) for each in part] if isinstance(part, list) else part)


def listed(part: Part) -> list[str]:
    return part if isinstance(part, list) else []


def whole(part: Part) -> int:
    return int(part) if isinstance(part, str | int) else 0
