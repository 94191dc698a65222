"""Who a payload speaks of (whatsapp-cloud-api.md section 9).  Pure.

A user has a wa_id (digits of a phone), a BSUID (the portfolio's own id of them), or both.  With a username the first
may be missing, and before 2026 the second was.  The first of a person's ids here is the one to know them by.
"""

from dataclasses import dataclass

from interconnections.phone_twins import twins
from interconnections.platforms.beside import LONGEST_USER
from interconnections.platforms.values import Json, a_list, an_object, text


@dataclass(frozen=True, slots=True)
class Person:
    """`ids`: BSUID before wa_id, () for nobody; `name`: of the profile, else the username."""

    ids: tuple[str, ...] = ()
    name: str = ""

    @property
    def id(self) -> str:
        return self.ids[0] if self.ids else ""

    @property
    def also(self) -> tuple[str, ...]:
        """With the other way of writing their number, as a bot may have it (section 10)."""
        others = (twin for id in self.ids if is_number(id) for twin in twins(id))
        return tuple(dict.fromkeys((*self.ids[1:], *others)))


class Contacts:
    """The people whom a payload introduces, whoever of its messages and statuses is theirs; found by any id."""

    __slots__ = ("_by_id", "_only")

    def __init__(self, value: Json) -> None:
        people = [_contact(an_object(each)) for each in a_list(value.get("contacts"))]
        self._by_id = {id: each for each in people for id in each.ids}
        self._only = people[0] if len(people) == 1 else None

    def of(self, ids: tuple[str, ...], alone: bool) -> Person | None:
        """`alone`: the payload tells one thing, so that its only contact is theirs, however they are spelt."""
        found = next((self._by_id[id] for id in ids if id in self._by_id), None)
        return found or (self._only if alone else None)


def person(body: Json, names: tuple[str, str, str], contacts: Contacts, alone: bool = False) -> Person:
    """`names`: of the fields with the BSUID, its parent's and the wa_id; what `contacts` know is added."""
    user_id, parent, wa_id = names
    own = ids_of(body, user_id, wa_id) or ids_of(body, parent)
    introduced = contacts.of(own, alone)
    if introduced is None:
        return Person(own)
    merged = dict.fromkeys((*own, *introduced.ids))
    return Person(tuple(sorted(merged, key=is_number)), introduced.name)


def ids_of(body: Json, *names: str) -> tuple[str, ...]:
    """What stands under these names, if it can be an id at all; each once."""
    found = (text(body, name).strip() for name in names)
    return tuple(dict.fromkeys(id for id in found if id and len(id) <= LONGEST_USER and "\0" not in id))


def is_number(id: str) -> bool:
    """A wa_id, or a phone as a bot may have written it; no BSUID, which begins with a country's letters."""
    return id.removeprefix("+").isdecimal()


def _contact(body: Json) -> Person:
    profile = an_object(body.get("profile"))
    ids = ids_of(body, "user_id", "wa_id") or ids_of(body, "parent_user_id")
    return Person(ids, text(profile, "name") or text(profile, "username") or text(body, "username"))
