"""`/sim/choices`: what the faults page offers, so that it need not know any name by itself."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from functools import cache

from aiohttp import web

from .. import faults, protocol_options, switches
from ..control.request_parsing import Answer
from ..enhanced_chat.options import TROUBLES
from ..faulty import WORLDS
from ..protocol_options import Json, Rules

SECTION = re.compile(r"    # (.+)")
RULE = re.compile(r"    (\w+): .+?  # (.+)")


async def choices(request: web.Request) -> Answer:
    """GET: operations and kinds of faults, and every rule with its default, its choices and why it is there."""
    return {
        "operations": {world: sorted(operations) for world, operations in WORLDS.items()},
        "groups": list(faults.GROUPS),
        "kinds": faults.KINDS,
        "troubles": list(TROUBLES),
        "rules": _rules(),
    }


@cache
def _rules() -> list[Json]:
    defaults, (sections, notes) = switches.shown(Rules()), _words()
    return [
        {
            "name": one.name,
            "kind": str(one.type),
            "default": defaults[one.name],
            "choices": list(protocol_options.CHOICES.get(one.name, ())),
            "nullable": one.name in protocol_options.NULLABLE,
            "section": sections.get(one.name, ""),
            "note": notes.get(one.name, ""),
        }
        for one in fields(Rules)
    ]


def _words() -> tuple[dict[str, str], dict[str, str]]:
    """Sections and notes are the comments beside the rules; without the source there are none."""
    sections: dict[str, str] = {}
    notes: dict[str, str] = {}
    section = ""
    for line in (line for part in reversed(Rules.__mro__[1:-1]) for line in _source(part)):
        if heading := SECTION.fullmatch(line):
            section = heading[1]
        elif named := re.match(r"    (\w+): ", line):
            sections[named[1]] = section
            if noted := RULE.fullmatch(line):
                notes[named[1]] = noted[2]
    return sections, notes


def _source(part: type) -> list[str]:
    try:
        return inspect.getsource(part).splitlines()
    except OSError:
        return []


ROUTES = [("GET", "/choices", choices)]
