"""The people who write to businesses, and what Meta tells of who they are (WA §9, §10)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

_COUNTRIES = {"52": "MX", "54": "AR", "55": "BR", "57": "CO", "56": "CL", "51": "PE", "1": "US", "34": "ES"}
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True)
class Person:
    """One; `id` is how the control API calls them, and on Messenger the PSID."""

    id: str
    name: str = ""
    number: str | None = None  # wa_id; None: only the user id is told
    user_id: str | None = None  # BSUID
    parent_user_id: str | None = None
    username: str | None = None
    profile: bool = True  # False: Messenger tells no name (FB §6)


def is_user_id(text: str) -> bool:
    """Whether it has the form of a BSUID."""
    return _BSUID.fullmatch(text) is not None


def digits(number: str) -> str:
    """A number without what people write between its digits."""
    return re.sub(r"[ \-()+]", "", number)


def spellings(number: str) -> set[str]:
    """The same person's number as it may also be written (WA §10)."""
    found = {number}
    for long, short in ((r"521(\d{10})", r"52\1"), (r"549(\d{10})", r"54\1"), (r"55(\d\d)9(\d{8})", r"55\1\2")):
        found.add(re.sub(f"^{long}$", short, number))
    for short, long in ((r"52(\d{10})", r"521\1"), (r"54(\d{10})", r"549\1"), (r"55(\d\d)(\d{8})", r"55\g<1>9\2")):
        found.add(re.sub(f"^{short}$", long, number))
    return found


class People:
    """Everybody; whoever is named exists."""

    def __init__(self) -> None:
        self._by_id: dict[str, Person] = {}
        self._by_user_id: dict[str, str] = {}
        self._by_number: dict[str, str] = {}

    def of(self, id: str) -> Person:
        """The person whom the control API calls so."""
        return self._by_id.get(id) or self.put(_newcomer(id))

    def known(self, id: str) -> Person | None:
        """The same, if somebody has spoken of them."""
        return self._by_id.get(id)

    def put(self, person: Person) -> Person:
        """Somebody, or somebody as they are now."""
        before = self._by_id.get(person.id)
        if before is not None:
            self._by_user_id.pop(before.user_id or "", None)
            self._by_number.pop(before.number or "", None)
        self._by_id[person.id] = person
        if person.user_id:
            self._by_user_id[person.user_id] = person.id
        if person.number:
            self._by_number[person.number] = person.id
        return person

    def change(self, id: str, **more: str | bool | None) -> Person:
        """What is known of somebody is otherwise."""
        return self.put(replace(self.of(id), **more))  # type: ignore[arg-type]

    def by_number(self, number: str) -> Person:
        """Whose number it is; a newcomer's, if it is nobody's."""
        for spelling in sorted(spellings(number), key=lambda one: one != number):
            if spelling in self._by_number:
                return self._by_id[self._by_number[spelling]]
        return self.of(number)

    def by_user_id(self, user_id: str) -> Person | None:
        """Whose BSUID it is."""
        id = self._by_user_id.get(user_id)
        return self._by_id[id] if id else None

    def every(self) -> list[Person]:
        """In the order in which they came."""
        return list(self._by_id.values())

    def clear(self) -> None:
        """Nobody was ever here."""
        self._by_id.clear()
        self._by_user_id.clear()
        self._by_number.clear()


def _newcomer(id: str) -> Person:
    if is_user_id(id):
        return Person(id, user_id=id)
    if not id.isdigit():
        return Person(id)
    country = next((word for code, word in _COUNTRIES.items() if id.startswith(code)), "ZZ")
    return Person(id, number=id, user_id=f"{country}.{int(hashlib.sha256(id.encode()).hexdigest()[:16], 16)}")
