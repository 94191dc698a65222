"""People as the console shows them: masked, until somebody who may asks to see who it is, which the history keeps.

Pure: a row in, words out.  What is masked is who they are, not what was said; but where a name, a number or an
address of theirs stands in something that was said or told, it is masked there, too.
"""

import re
from functools import cached_property

HIDDEN = "…"
SHOWN = 4  # characters of an id's end: enough to tell two apart on a screen
A_PERSON = re.compile(
    r"\S+@\S+\.\S+|(?:\+|\b)(?:\d[\s().-]{0,2}){9,}"
)  # an address, or as many digits as phones have


class Person:
    """Who a conversation's user is.  `open`: whoever looks has asked to see it."""

    def __init__(self, row, *, open=False):
        self._row, self.open = row, open

    @property
    def name(self):
        return self._row.name if self.open else initials(self._row.name)

    @property
    def email(self):
        return self._row.email if self.open else HIDDEN if self._row.email else ""

    @property
    def phone(self):
        return self._row.phone_number if self.open else ending(self._row.phone_number)

    @property
    def user_id(self):
        return self._row.user_id if self.open else ending(self._row.user_id)

    @property
    def id(self):
        return self._row.id if self.open else f"{self.user_id}-{self._row.session_id}"

    def hide(self, said):
        """The same words without who the person is."""
        said = str(said)
        if self.open:
            return said
        return A_PERSON.sub(HIDDEN, self._called.sub(HIDDEN, said) if self._called else said)

    @cached_property
    def _called(self):
        row = self._row
        words = {row.name, row.email, row.phone_number, row.user_id, *re.split(r"\W+", row.name)}
        known = sorted((word for word in words if len(word) > 2), key=len, reverse=True)
        pattern = "|".join(map(re.escape, known))
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if known else None


def initials(name):
    """A… Á…: a name of as many words."""
    return " ".join(f"{word[0]}{HIDDEN}" for word in name.split())


def ending(number):
    """…5678; of what is short, nothing."""
    return f"{HIDDEN}{number[-SHOWN:]}" if len(number) > 2 * SHOWN else HIDDEN if number else ""


def without_people(said):
    """Of somebody whom nobody knows: without what looks like an address or a number."""
    return A_PERSON.sub(HIDDEN, said)
