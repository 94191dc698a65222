"""What a bot's platform tells us and a bot is told, in our words: the same whichever platform it is.

`place` of each: where it stands in the parsed body, keys and indexes from the outside in; () for the whole of it.
"""

from dataclasses import dataclass
from typing import TypeAlias

ANY = -1
Place: TypeAlias = tuple[str | int, ...]


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

    `also`: the same person's other ids at this platform, as this payload shows them; `file_id`: of a file that only
    the bot's token opens (`Platform.file`), where there is no `url`; `file_name`: as the user called it; `quotes`:
    the platform's id of the message that it answers, reacts to, corrects or takes back; `opens`: seconds from `at`
    for which the platform lets us write freely, 0 for nothing new; `name`: what the user is called there.

    `elsewhere`, of what is `by_bot`: the business said it through another app, so the agent has to know.
    `standby`: another app has the talk; it is for the record alone.
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
    also: tuple[str, ...] = ()
    file_id: str = ""
    file_name: str = ""
    quotes: str = ""
    opens: int = 0
    elsewhere: bool = False
    standby: bool = False
    name: str = ""
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What became of something that was sent to a user.

    `id`: the platform's of the message, "" where `until` says which (ms: all that was sent before that); `state`:
    sent | delivered | read | played | failed; `handle`: our own id, where it comes back; `code`: of what failed, as
    `Platform.failures` has it; `user`: "" where the payload does not say.
    """

    user: str
    id: str
    state: str
    at: int | None = None
    handle: str = ""
    until: int = 0
    code: str = ""
    also: tuple[str, ...] = ()
    place: Place = ()


@dataclass(frozen=True, slots=True)
class SamePerson:
    """A user's number or id changed: all of these are one person."""

    ids: tuple[str, ...]
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Control:
    """Who may answer this user at the platform from now on.  `by`: the other app, where the payload names one."""

    user: str
    ours: bool
    by: str = ""
    id: str = ""
    at: int | None = None
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Of the bot's account, not of a user: for those who run it.

    `reach`: users of a day to whom the business may write first, ANY for any number, 0 where it does not say;
    `told_at`: ms, 0 likewise.
    """

    kind: str
    code: str = ""
    words: str = ""
    place: Place = ()
    reach: int = 0
    told_at: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """Its sender is known, but nobody can tell what it says: kept for a developer to look at."""

    kind: str
    why: str
    place: Place = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing for us: a type that the bot's configuration ignores, or that says nothing of users or their talk."""

    kind: str
    place: Place = ()


@dataclass(frozen=True, slots=True)
class StateChange:
    """What a bot is told: it has its user back, and goes on at `state`.  Or, where it is told of its chats, what
    became of one: `type` (bot_events.EventType), `at` (ms), and `state` "" while the chat lives.
    """

    state: str
    type: str = ""
    at: int = 0
    reason: str = ""
    session_id: str = ""
    bot_slug: str = ""
    provider: str = ""
    case_id: str = ""
    agent: str = ""


Told: TypeAlias = Message | Status | SamePerson | Control | Notice | Unread | Skipped
"""One thing that a webhook told."""
