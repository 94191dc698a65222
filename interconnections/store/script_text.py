"""The text of a Lua script: its own, and before it those shared parts alone that it calls.

Redis runs the whole text at each call: every function in it is made anew, and is garbage after it.  With all that the
scripts share this was most of what a small one cost.
"""

import re
from collections.abc import Iterable

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
