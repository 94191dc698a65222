"""A number's two ways in Mexico, Argentina and Brazil (whatsapp-cloud-api.md section 10).  Pure.

Their mobile numbers carry a digit on one network and not on the other, so the same person is written with it and
without.  For matching only: a number that works is never respelt.
"""

from collections.abc import Iterator


def twins(digits: str) -> Iterator[str]:
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
