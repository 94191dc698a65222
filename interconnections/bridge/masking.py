"""Sensitive data: what the org's rules hide from agents is masked in every text before it is sent.  Pure.

Source: salesforce-live-agent.md section 8, SensitiveDataRules.  The patterns are somebody else's regular expressions:
one that cannot be read, or would take too long, is not applied, and the text goes on without it.  Salesforce masks
too; a message that does not arrive would be worse.
"""

import json
import re
import time
from collections.abc import Collection
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from interconnections.desks.news import Rule
from interconnections.pieces import LIVE_AGENT_LIMIT

LONGEST = 1_000  # characters of a pattern
MOST = 20_000  # characters of all rules of a chat, as they are stored
MOST_REPEATS = 10_000  # counted repeats multiplied: (a{1000}){1000} alone takes seconds to compile
PATIENCE = 0.05  # seconds for all rules over one text
NOTHING_LEFT = "***"  # an empty message would be refused


@dataclass(frozen=True, slots=True)
class Mask:
    name: str
    pattern: "regex.Pattern[str]"
    replacement: str

    def over(self, match: "regex.Match[str]") -> str:
        return self.replacement if match[0] else ""


class Masked(NamedTuple):
    """`slow`: names of the rules that ran out of time over this text."""

    text: str
    slow: frozenset[str] = frozenset()


def stored(rules: Collection[Rule]) -> str:
    """As the hash keeps them: any worker goes on with them.  "" for none; those that are too much are left out."""
    rows: list[tuple[str, ...]] = []
    for rule in rules:
        row = astuple(rule)
        if len(json.dumps([*rows, row], ensure_ascii=False)) <= MOST:
            rows.append(row)
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def masked(text: str, rules: str, without: Collection[str] = ()) -> Masked:
    """`text` as it may be sent.  `rules`: as they are stored; `without`: names of rules that were too slow before."""
    if not rules:
        return Masked(text)
    deadline = time.monotonic() + PATIENCE
    found, slow = text, set()
    for mask in masks(rules):
        if mask.name in without:
            continue
        try:
            left = max(0.001, deadline - time.monotonic())
            found = mask.pattern.sub(mask.over, found, timeout=left)
        except (TimeoutError, RecursionError, MemoryError):
            slow.add(mask.name)
    if text.strip() and not found.strip():
        found = NOTHING_LEFT
    return Masked(found[: max(len(text), LIVE_AGENT_LIMIT)], frozenset(slow))


def hopeless(rules: str) -> int:
    """How many of the stored rules cannot be applied."""
    return len(json.loads(rules)) - len(masks(rules)) if rules else 0


@lru_cache(64)  # chats of one org share their rules
def masks(rules: str) -> tuple[Mask, ...]:
    """Those of the stored rules that can be applied."""
    return tuple(mask for row in json.loads(rules) if (mask := mask_of(Rule(*row))))


def mask_of(rule: Rule) -> Mask | None:
    """None where it cannot be applied."""
    repeats = 1
    for least, most in re.findall(r"\{(\d{0,9}),?(\d{0,9})\}", rule.pattern):
        repeats *= max(1, int(least or 0), int(most or 0))
    if not rule.pattern or len(rule.pattern) > LONGEST or repeats > MOST_REPEATS:
        return None
    try:
        pattern = regex.compile(rule.pattern)
    except (regex.error, RecursionError, MemoryError, OverflowError, ValueError):
        return None
    return Mask(rule.name, pattern, "" if rule.action.casefold() == "remove" else rule.replacement[:100])
