"""What a bot's platform tells us and a bot is told, in our words: the same whichever platform it is."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came beside the first: the platform's word for it, where it lies, and what it says in words."""

    kind: str
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Said by the user, or by the bot to the user.

    `id`: the platform's, by which a repeat is recognised ("" when it has none); `at`: ms since 1970 by the
    platform's clock, None when it was unreadable; `kind`: text, image, voice, …, the platform's word; `detail`:
    what a place, a contact, a form says, in words; `more`: attachments beside the first; `chosen`: what was tapped,
    the words on it and the id behind it.
    """

    user: str
    id: str
    by_bot: bool
    kind: str
    at: int | None
    text: str = ""
    url: str = ""
    mime_type: str = ""
    caption: str = ""
    detail: str = ""
    more: tuple[Attachment, ...] = ()
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing for us: a status, a type that the bot's configuration ignores."""

    kind: str


@dataclass(frozen=True, slots=True)
class StateChange:
    """What a bot is told: it has its user back, and goes on at `state`."""

    state: str


Told: TypeAlias = Message | Skipped
