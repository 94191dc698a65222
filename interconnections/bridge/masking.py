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
from interconnections.pieces import LONGEST_TEXT

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
        return REFERENCES.sub(lambda found: _referred(found[1], match), self.replacement) if match[0] else ""


# What JavaScript, in which orgs write their rules, spells otherwise than the engine here
DIALECT = re.compile(
    r"""(?P<any> \[\^\] ) | (?P<set> \[ (?: \\. | [^\]\\] )* \] ) | \\k<(?P<name>\w+)>
    | \\u\{(?P<code>[0-9A-Fa-f]{1,6})\} | \\c(?P<control>[A-Za-z]) | \\.""",
    re.VERBOSE | re.DOTALL,
)
CHARACTER = re.compile(r"\\u\{(?P<code>[0-9A-Fa-f]{1,6})\}|\\c(?P<control>[A-Za-z])|\\.", re.DOTALL)
REFERENCES = re.compile(r"\$(\$|&|`|'|[0-9]{1,2}|<\w+>)")


def _from_javascript(pattern: str) -> str:
    return DIALECT.sub(_spelt_here, pattern)


def _spelt_here(found: re.Match[str]) -> str:
    parts = found.groupdict()
    if parts.get("any"):
        return r"[\s\S]"
    if parts.get("set"):
        return CHARACTER.sub(_spelt_here, parts["set"])
    if parts.get("name"):
        return f"(?P={parts['name']})"
    code = int(parts["code"], 16) if parts["code"] else ord(parts["control"]) % 32 if parts["control"] else 0
    return rf"\U{code:08x}" if code else found[0]


def _referred(name: str, match: "regex.Match[str]") -> str:
    """What `$1`, `$<name>`, `$&` stand for in a replacement; what refers to nothing stays as it is written."""
    whole = {"$": "$", "&": match[0], "`": match.string[: match.start()], "'": match.string[match.end() :]}
    if name in whole:
        return str(whole[name])
    groups = match.groupdict()
    if name.startswith("<"):
        return (groups[name[1:-1]] or "") if name[1:-1] in groups else f"${name}"
    for digits in (name, name[:1]):
        if 1 <= int(digits) <= len(match.groups()):
            return (match[int(digits)] or "") + name[len(digits) :]
    return f"${name}"


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
    return Masked(found[: max(len(text), LONGEST_TEXT)], frozenset(slow))


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
        pattern = regex.compile(_from_javascript(rule.pattern))
    except (regex.error, RecursionError, MemoryError, OverflowError, ValueError):
        return None
    return Mask(rule.name, pattern, "" if rule.action.casefold() == "remove" else rule.replacement[:100])
