"""Deeds of starts: a bot wants a chat, and somebody carries it through."""

from interconnections.items import Change, Item
from interconnections.lifecycle import OPEN, Status
from tests.store.machine.conversation import FREE, INTEGRATION, NOBODY, STARTING, Answer, Chat, Place
from tests.store.machine.estate import Estate


class Starts(Estate):
    def reserve(self, place: Place, token: str) -> Answer:
        if chat := self.open_at(place):
            return ("open", chat.status)
        if self.reserved.get(place, token) != token:
            return ("starting",)
        if not any(self.workers.values()):
            return ("no worker",)
        self._hold(place, token)
        return ("reserved",)

    def _hold(self, place: Place, token: str) -> None:
        self.reserved[place] = self.holders[place] = token
        self.unheard.discard(place)

    def step(self, place: Place, token: str) -> Answer:
        if self.holders.get(place) != token:
            return (False,)
        self._hold(place, token)
        return (True,)

    def take_over(self, token: str) -> Answer:
        """A start whose starter is not heard of; asked again under the same token, the same."""
        if (before := self.taken_over.get(token)) and self.holders.get(before) == token:
            return before
        for place in sorted(self.unheard & set(self.holders)):
            self._hold(place, token)
            self.taken_over[token] = place
            return place
        return ()

    def unreserve(self, place: Place, token: str) -> Answer:
        if self.holders.get(place) == token:
            self.reserved.pop(place, None)
            del self.holders[place]
        return ()

    def store(self, place: Place, token: str, session: str, provider: str, status: Status, *said: Item) -> Answer:
        id = f"{place[1]}-{session}"
        if id in self.chats:
            return (True,)
        if self.holders.get(place) != token:
            return (False,)
        self.reserved.pop(place, None)
        del self.holders[place]
        chat = Chat(id, place, session, provider, status, STARTING)
        if status is Status.FAILED:
            self.push(chat, INTEGRATION, said)
            chat.carrier = FREE if said else NOBODY
        self.chats[id] = chat
        self.latest[place] = id
        self.counts[f"became:{status}"] += 1
        return (True,)

    def started(self, id: str) -> Answer:
        chat = self.chats.get(id)
        if not chat or chat.carrier != STARTING:
            return (bool(chat and chat.begun and chat.status in OPEN),)
        chat.carrier, chat.begun = FREE, True
        return (True,)

    def end_start(self, id: str, change: Change) -> Answer:
        chat = self.chats.get(id)
        if not chat or chat.carrier != STARTING:
            return (False,)
        chat.carrier = FREE
        self._apply(chat, change)
        chat.retire()
        return (True,)
