"""A phone in its spellings: a bot's prefix rules (yalo-integrations.md section 5.3), and a country's two ways.  Pure.

Contacts keep phones as people typed them.  Mexico, Argentina and Brazil have a digit that mobile numbers carry on one
network and not on the other, so the same person is written with it and without.
"""

import unicodedata
from collections.abc import Iterator, Sequence

SHORT = 10  # characters: numbers of this length are whole, and what is left of longer ones must be
MOST = 8  # spellings that are searched for
ALIKE = 8  # digits at the end that all spellings of a number share


def cleaned(phone: str, prefixes: Sequence[str]) -> str:
    """Longer numbers lose the first prefix that fits, in the bot's order, where at least ten characters remain."""
    if len(phone) > SHORT:
        for prefix in prefixes:
            if prefix and phone.startswith(prefix) and len(phone) - len(prefix) >= SHORT:
                return phone[len(prefix) :]
    return phone


def spellings(phone: str, prefixes: Sequence[str]) -> tuple[str, ...]:
    """How a contact's phone may be written, the way that we write it first; nothing without a digit."""
    came = "".join(c for c in phone if c.isprintable()).strip()
    digits = digits_of(came)
    if not digits:
        return ()
    plus = "+" if came.startswith("+") else ""
    found = [cleaned(f"{plus}{digits}", prefixes), came, *_written(digits, prefixes)]
    for other in (*_twins(digits), *_abroad(digits, prefixes)):
        found += _written(other, prefixes)
    return tuple(dict.fromkeys(found))[:MOST]


def digits_of(phone: str) -> str:
    """Without blanks, signs and the 00 of a call abroad; digits of other alphabets as ours."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", phone) if c.isdigit())
    return "".join(str(unicodedata.digit(c)) for c in digits).removeprefix("00")


def alike(phone: str) -> str:
    """The same for all spellings of a number, and seldom for two numbers; "" for none."""
    return digits_of(phone)[-ALIKE:]


def _written(digits: str, prefixes: Sequence[str]) -> tuple[str, str, str]:
    return cleaned(digits, prefixes), digits, f"+{digits}"


def _twins(digits: str) -> Iterator[str]:
    """The same number as the other network writes it."""
    if digits.startswith("52") and len(digits) == 12:
        yield f"521{digits[2:]}"
    elif digits.startswith("521") and len(digits) == 13:
        yield f"52{digits[3:]}"
    elif digits.startswith("54") and len(digits) == 12:
        yield f"549{digits[2:]}"
    elif digits.startswith("549") and len(digits) == 13:
        yield f"54{digits[3:]}"
    elif digits.startswith("55") and len(digits) == 12 and digits[4] >= "6":  # others stand on a desk
        yield f"{digits[:4]}9{digits[4:]}"
    elif digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
        yield f"{digits[:4]}{digits[5:]}"


def _abroad(digits: str, prefixes: Sequence[str]) -> Iterator[str]:
    """A number that came without its country: with what the bot's rules would have taken from it."""
    if len(digits) == SHORT:
        yield from (prefix for prefix in (f"{prefix}{digits}" for prefix in prefixes) if prefix.isdigit())
