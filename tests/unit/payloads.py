"""The recorded payloads of both sheets: files under tests/payloads, a case each.

A file says what it is about, what arrives (`body`, or `text` where it is no JSON) and what we must make of it.
Names that begin with a section (`15-1-…`, `9-…`) are the sheets' own examples, with their invented values.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from interconnections.platforms import messages
from interconnections.secret import Secret

RARE = {"detail", "more", "chosen", "rules", "idle", "upload_url", "cdm_url", "token", "not_shown"}
# Of what a platform told, all but what every message of every platform has.
RARELY_TOLD = {
    "also", "code", "elsewhere", "file_id", "file_name", "handle", "name", "opens", "place", "quotes", "reach",
    "standby", "told_at", "until", "words",
}  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent / "payloads"


def files(folder: str) -> Iterator[Path]:
    found = sorted((ROOT / folder).glob("*.json"))
    assert found, f"no payloads in {folder}"
    return iter(found)


def cases(folder: str) -> list[Any]:
    """One parameter a file, under its name."""
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in files(folder)]


def content(case: dict[str, Any]) -> bytes:
    """What comes over the wire."""
    return case["text"].encode() if "text" in case else json.dumps(case["body"]).encode()


def told(thing: Any) -> dict[str, Any]:
    """One of our small classes as the files write it: its name, and all that it holds.

    Of what most of its kind have not, only what it has; secrets as their text.
    """
    held = json.loads(json.dumps({name: plain(getattr(thing, name)) for name in thing.__slots__}))  # tuples as lists
    rare = RARE | (RARELY_TOLD if type(thing).__module__ == messages.__name__ else set())
    held = {name: value for name, value in held.items() if value or name not in rare}
    return {type(thing).__name__: held}


def plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
