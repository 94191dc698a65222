"""What the search finds an interconnection by: the entries that are stored, and where a word may stand among them.

Both sides are here, so that they cannot part.  Opening stores the entries of a row and purging removes them, both
by `search_entries`: when it changes it may add some, but must go on to name those that older rows have.
"""

import re
import unicodedata

SEARCHED = ("name", "email", "phoneNumber", "caseId", "userId", "sessionId")
IMPERSONAL = ("caseId", "sessionId")
NUMBERS = ("phoneNumber", "userId")
ENDINGS = "endings"  # the digits of numbers, backwards: so their last ones are a start, too
LONGEST = 120  # characters of an entry
SHORTEST_ENDING = 4  # digits
A_NUMBER = re.compile(r"[\d\s+().…-]+")  # as people write and paste them

Entry = tuple[str, str]  # (field, casefolded value)


def search_entries(fields: dict[str, str]) -> list[Entry]:
    """The entries of a row: each value, each word of a name with and without its accents, the digits of numbers."""
    entries: list[Entry] = []
    for name in SEARCHED:
        value = fields.get(name, "").replace("\0", "").casefold().strip()
        if not value:
            continue
        entries.append((name, value[:LONGEST]))
        if name == "name":
            entries.extend((name, word[:LONGEST]) for word in value.split()[1:5])
            plain = without_accents(value)
            entries.extend((name, word[:LONGEST]) for word in (plain, *plain.split()[1:5]))
        if name in NUMBERS and (digits := digits_of(value)):
            entries += [(name, digits[:LONGEST]), (ENDINGS, digits[::-1][:LONGEST])]
    return list(dict.fromkeys(entries))


def places(word: str, *, people: bool = True) -> list[Entry]:
    """Where a casefolded word may stand: at the start of any field; digits also at a number's start and end.

    `people`: in what says who somebody is, too.
    """
    if not people:
        return [(name, word) for name in IMPERSONAL]
    found = [(name, word) for name in SEARCHED]
    digits = digits_of(word)
    if digits and digits != word:
        found += [(name, digits) for name in NUMBERS]
    if len(digits) >= SHORTEST_ENDING:
        found.append((ENDINGS, digits[::-1]))
    return found


def stands(wanted: list[Entry], fields: dict[str, str]) -> bool:
    """Is the word of these places in this row?  Mostly it begins a value as it is: few rows need all entries."""
    if any(fields.get(name, "").casefold().startswith(start) for name, start in wanted):
        return True
    entries = search_entries(fields)
    return any(field == name and value.startswith(start) for field, value in entries for name, start in wanted)


def words_of(term: str, most: int) -> list[str]:
    """The words to look for, the whole term first; a number that was pasted with its spaces is one word."""
    whole = term.replace("\0", "").casefold().strip()[:LONGEST]
    if not whole:
        return []
    return [whole] if digits_of(whole) else [whole, *whole.split()[:most]]


def digits_of(value: str) -> str:
    """The digits of a number, without what people write between them; "" for anything else."""
    return re.sub(r"\D", "", value) if A_NUMBER.fullmatch(value) else ""


def without_accents(value: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", value) if not unicodedata.combining(sign))
