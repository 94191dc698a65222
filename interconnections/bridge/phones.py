"""A bot's prefix rules for phones (yalo-integrations.md section 5.3).  Pure."""

from collections.abc import Sequence

SHORT = 10  # characters: numbers of this length are whole, and what is left of longer ones must be


def cleaned(phone: str, prefixes: Sequence[str]) -> str:
    """Longer numbers lose the first prefix that fits, in the bot's order, where at least ten characters remain."""
    if len(phone) > SHORT:
        for prefix in prefixes:
            if prefix and phone.startswith(prefix) and len(phone) - len(prefix) >= SHORT:
                return phone[len(prefix) :]
    return phone


def spellings(phone: str, prefixes: Sequence[str]) -> tuple[str, ...]:
    """How a contact's phone may be written: cleaned, as it came, with a plus; nothing without a digit."""
    phone = "".join(c for c in phone if c.isprintable()).strip()
    if not any(c.isdigit() for c in phone):
        return ()
    return tuple(dict.fromkeys((cleaned(phone, prefixes), phone, phone if phone.startswith("+") else f"+{phone}")))
