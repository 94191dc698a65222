"""The text of the Lua scripts: each for itself, with those shared parts alone that it calls; or all as one library.

Of a script Redis runs the whole text at each call: every function in it is made anew, and is garbage after it.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from interconnections.histograms import SECONDS
from interconnections.items import Lane
from interconnections.lifecycle import FINAL, LEFT
from interconnections.store.fields import FOLLOWED
from interconnections.store.keys import as_lua
from interconnections.store.script_table import SCRIPTS

HERE = Path(__file__).parent / "scripts"
REGISTERED = """redis.register_function{{function_name = PREFIX .. '{name}', flags = {{{flags}}},
callback = function(KEYS, ARGV)
{text}
end}}"""
# In this order; each builds on those before.
SHARED = ("common", "workers", "lane", "shore", "board", "quotes", "life", "head", "people", "sent", "index", "quota")

WORD = re.compile(r"\w+")
# What stands at the left margin begins a part, which goes on until the next.
PART = re.compile(r"^local (?:function (?P<function>\w+)|(?P<names>\w+(?:, \w+)*) =)", re.MULTILINE)


def without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("--"))


def parts(text: str) -> list[tuple[frozenset[str], str]]:
    """The names that each part defines, and its text; in order."""
    text = without_comments(text)
    found = list(PART.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (frozenset(WORD.findall(match["function"] or match["names"])), text[match.start() : end])
        for match, end in zip(found, ends, strict=True)
    ]


def needed(shared: Iterable[str], own: str) -> list[str]:
    """Of the shared texts what `own` names, or what that names; each part names only those before it."""
    own = without_comments(own)
    chosen, named = [own], set(WORD.findall(own))
    for names, text in reversed([part for each in shared for part in parts(each)]):
        if names & named:
            chosen.append(text)
            named.update(WORD.findall(text))
    return chosen[::-1]


@lru_cache(maxsize=1)
def shared() -> list[str]:
    """Our own tables, then the shared parts."""
    tables = {
        "FOLLOWED": [f"'{field}'" for field in FOLLOWED],
        "FINAL": [f"['{status}']=true" for status in sorted(FINAL)],
        "LEFT": [f"['{reason}']=true" for reason in sorted(LEFT)],
        "LANES": [f"'{lane}'" for lane in Lane],
        "SECONDS": [str(bound) for bound in SECONDS],
    }
    rows = (f"local {name} = {{{','.join(values)}}}" for name, values in tables.items())
    return ["\n".join(rows), *((HERE / "shared" / f"{part}.lua").read_text() for part in SHARED)]


def own(name: str) -> str:
    return (HERE / f"{name}.lua").read_text()


def flags(name: str) -> list[str]:
    """Without any, a script is refused while Redis is out of memory, before it begins; with the first, it runs whole.

    Either needs the first line that says of a script that it has flags: a plain one would fail at its first write and
    leave the half before.
    """
    script = SCRIPTS[name]
    return ["no-writes"] if script.reads else ["allow-oom"] if script.when_full else []


@lru_cache(maxsize=64)
def source(name: str) -> str:
    """A script's whole text."""
    first = "#!lua flags=" + flags(name)[0] if flags(name) else "#!lua"
    return "\n".join([first, *as_lua("\n".join(needed(shared(), own(name))))])


@lru_cache(maxsize=64)
def digest(name: str) -> str:
    return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1)
def _body() -> str:
    calls = [
        REGISTERED.format(name=name, flags=", ".join(map(repr, flags(name))), text=without_comments(own(name)))
        for name in SCRIPTS
    ]
    return "\n".join(as_lua("\n".join([*map(without_comments, shared()), *calls])))


@lru_cache(maxsize=1)
def library_name() -> str:
    """Another one for each text: releases run side by side while they are exchanged."""
    return "bridge_" + hashlib.sha256(_body().encode()).hexdigest()[:12]


def library() -> str:
    return f"#!lua name={library_name()}\nlocal PREFIX = '{library_name()}_'\n{_body()}"


@lru_cache(maxsize=64)
def function(name: str) -> str:
    return f"{library_name()}_{name}"
