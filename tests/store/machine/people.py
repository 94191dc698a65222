"""Deeds of users, bots and supervisors."""

from interconnections.items import Item, Kind, Origin
from interconnections.lifecycle import FINAL, Status
from tests.store.machine.conversation import CONTEXT_LIMIT, FREE, NOBODY, SALESFORCE, Answer, Fate, Place
from tests.store.machine.estate import Estate


class People(Estate):
    def hear(self, place: Place, message: str, origin: str, *said: Item, leaves: str = "") -> Answer:
        if message:
            if (place[0], message) in self.seen:
                self.counts["duplicates suppressed"] += 1
                return ("repeat",)
            self.seen.add((place[0], message))
        chat = self.open_at(place)
        left = self.hang_up(chat.id, leaves) if chat and leaves else ("nothing",)
        if not chat or origin != "user" or leaves:
            self.context[place] = min(CONTEXT_LIMIT, self.context.get(place, 0) + 1)
            return ("left", *left[1:]) if left[0] == "ordered" else ("context",)
        self.push(chat, SALESFORCE, said)
        if chat.silent(SALESFORCE):
            return ("held", chat.session)
        return ("lane", chat.session, f"salesforce.{chat.carrier}" if chat.carrier in self.workers else "")

    def hang_up(self, id: str, reason: str) -> Answer:
        chat = self.chats.get(id)
        if not chat:
            return ("no such",)
        if chat.status in FINAL:
            return ("over", chat.status)
        if chat.leaving:
            return ("leaving",)
        if chat.status is Status.ON_HOLD:
            chat.unread, _ = self.bury(chat, reason)
        chat.leaving = reason
        self.push(chat, SALESFORCE, (Item(Kind.END, Origin.BRIDGE, reason),))
        return ("ordered", chat.session, f"salesforce.{chat.carrier}" if chat.carrier in self.workers else "")

    def resend(self, id: str, number: int) -> Answer:
        """A dead letter."""
        chat = self.chats.get(id)
        if not chat:
            return ("gone",)
        message = chat.said[number - 1]
        if message.lane is SALESFORCE and (chat.status in FINAL or chat.leaving):
            return ("over",)
        message.fate = Fate.WAITING
        chat.lanes[message.lane].append(message)
        if chat.bound and chat.bound[0] == number:
            chat.bound, chat.unsent = None, False
        if chat.carrier == NOBODY:
            chat.carrier = FREE
        self.counts[f"sent by hand:{message.lane}"] += 1
        return ("resent", chat.session, f"{message.lane}.{chat.carrier}" if chat.carrier in self.workers else "")

    def letters(self) -> list[tuple[str, int]]:
        every = [*self.forgotten, *self.chats.values()]
        return [(chat.id, m.number) for chat in every for m in chat.said if m.fate is Fate.DEAD]

    def mend(self) -> Answer:
        """Nothing is ever stuck; only who took over a chat that is over may not have looked at it yet."""
        found = [chat for chat in self.chats.values() if chat.over() and chat.carrier in self.workers]
        for chat in found:
            chat.retire()
        self.counts["mended:owned although it is over"] += len(found)
        return tuple(sorted(chat.session for chat in found))
