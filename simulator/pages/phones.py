"""The phones of the pages: whose they are, whom their users talk to, and what their screens show."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from .. import ids
from ..protocol_options import Json
from ..shelf import Medium
from ..yalo.platform import Platform, User

FIRST = {"5215512345678": "Ana Torres", "5215587654321": "Raúl Gómez"}  # number -> name: nobody begins alone


@dataclass
class Phone:
    """One person's phone; `notes` are the lines that nobody said."""

    id: str
    name: str = ""
    provider: str = "whatsapp"
    bot: str | None = None  # slug; None: the stage's
    user: User | None = None  # the platform's; another one after a reset
    notes: list[Json] = field(default_factory=list)
    media: dict[str, Medium] = field(default_factory=dict)  # of what was sent, by message id
    asked_at: int | None = None  # how many states the bot had been told when a human was asked for

    def meet(self, user: User | None) -> None:
        """The same user as ever, or everything begins again."""
        if self.user is not user:
            self.user, self.asked_at = user, None
            self.notes.clear()
            self.media.clear()

    def note(self, text: str, tone: str = "calm") -> None:
        """Write a line between the bubbles."""
        self.notes.append({"text": text, "tone": tone, "at": ids.now_ms()})

    @property
    def with_bot(self) -> bool:
        """Does the bot answer this user?  Not from the wish for a human until the bot is told a state.

        The wish may have been somebody else's: what the bridge says to a user, it says before the state.
        """
        if self.user is None:
            return True
        given_back = self.user.states[-1]["at"] if self.user.states else 0
        asked = self.asked_at is not None and len(self.user.states) <= self.asked_at
        by_people = [message for message in self.user.received if message.get("by") != "bot"]
        return not asked and not any(message["at"] > given_back for message in by_people)

    def shown(self) -> Json:
        """Whose it is, and who answers."""
        words: Json = {"id": self.id, "name": self.name, "provider": self.provider, "bot": self.bot}
        return words | {"with_bot": self.with_bot}

    def screen(self, agents: dict[str, str] | None = None) -> list[Json]:
        """Everything on the screen, in the order of its time.  `agents`: text -> who wrote it at Salesforce."""
        user = self.user or User()
        lines = [self._said(one) for one in user.said]
        lines += [_received(number, one, agents or {}) for number, one in enumerate(user.received) if _seen(one)]
        lines += [_state(number, one) for number, one in enumerate(user.states)]
        lines += [{"key": f"note-{number}", "side": "note", **one} for number, one in enumerate(self.notes)]
        lines.sort(key=lambda line: int(line["at"]))
        return lines

    def _said(self, record: Json) -> Json:
        medium = self.media.get(record["id"])
        if "account" in record:
            return _at_meta(f"said-{record['id']}", record, _status_of(record["answers"]))
        answers = record["answers"]
        status = _status_of(answers)
        line = {"key": f"said-{record['id']}", "side": record["by"], "status": status, "answers": answers}
        line |= {"id": record["id"], "text": record["text"], "type": record["type"], "at": record["at"]}
        return line | ({"media": medium.shown()} if medium else {})


def _status_of(answers: list[int | None]) -> str:
    taken = any(one is not None and one < 300 for one in answers)
    return "taken" if taken else "failed" if answers else "sending"


def _seen(message: Json) -> bool:
    """A reaction is no bubble of its own."""
    return bool(message["type"] != "reaction")


def _at_meta(key: str, record: Json, status: str) -> Json:
    """A line of a thread at Meta: with its tick, and what it quotes."""
    sides = {"user": "user", "bot": "bot"}
    line: Json = {"key": key, "side": sides.get(record["by"], "agent"), "status": status}
    line |= {name: record.get(name) for name in ("id", "text", "type", "at", "media", "tick", "quotes", "options")}
    return line | {"answers": record.get("answers", []), "reaction": record.get("reaction")}


def _received(number: int, message: Json, agents: dict[str, str]) -> Json:
    if "tick" in message:
        name = "inbox" if message["by"] == "inbox" else agents.get(message["text"] or "")
        return _at_meta(f"received-{number}", message, "taken") | {"name": name}
    line: Json = {"key": f"received-{number}", "side": "agent", "text": message["text"], "at": message["at"]}
    line["name"] = agents.get(message["text"] or "")
    media = message.get("media")
    url = media.get("url") if isinstance(media, dict) else None
    return line | {"type": message["type"]} | ({"media": {"url": url, "kind": message["type"]}} if url else {})


def _state(number: int, told: Json) -> Json:
    text = f"The bot has its user back: {told['state']}"
    return {"key": f"state-{number}", "side": "note", "tone": "good", "text": text, "at": told["at"]}


class Phones:
    """The phone book.  It survives a reset, what was said does not."""

    def __init__(self) -> None:
        self._book = {number: Phone(number, name) for number, name in FIRST.items()}

    def phone(self, platform: Platform, user_id: str, *, new: bool = True) -> Phone:
        """This user's; everybody has one.  Not `new`: only looked at, the platform need not know of it."""
        phone = self._book.get(user_id) or Phone(user_id)
        if new:
            self._book[user_id] = phone
        phone.meet(platform.user(user_id) if new else platform.users.get(user_id))
        return phone

    def every(self, platform: Platform) -> list[Phone]:
        """Those of the book, then everybody else whom the platform knows."""
        everybody = dict.fromkeys([*self._book, *platform.users])
        return [self.phone(platform, user_id, new=False) for user_id in everybody]


PHONES: web.AppKey[Phones] = web.AppKey("phones", Phones)
