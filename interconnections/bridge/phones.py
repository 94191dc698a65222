"""A phone in its spellings: a bot's prefix rules (yalo-integrations.md section 5.3), and a country's two ways.  Pure.

Contacts keep phones as people typed them.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from interconnections.phone_twins import twins

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
    for other in (*twins(digits), *_abroad(digits, prefixes)):
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


def _abroad(digits: str, prefixes: Sequence[str]) -> Iterator[str]:
    """A number that came without its country: with what the bot's rules would have taken from it."""
    if len(digits) == SHORT:
        yield from (prefix for prefix in (f"{prefix}{digits}" for prefix in prefixes) if prefix.isdigit())
