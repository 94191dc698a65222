"""All sessions of the Live Agent server, found by session key or by id."""

from __future__ import annotations

from collections import deque

from ..desk.floor import Floor
from ..protocol_options import Json, Rules
from .chat import Attach, Chat, no_records
from .patience import Patience


class LiveAgent:
    """The server.  Its chats stand on the floor, beside those of other wires."""

    def __init__(self, rules: Rules, floor: Floor, attach: Attach = no_records) -> None:
        self.rules = rules
        self.floor = floor
        self.attach = attach
        self.refusals: deque[Json] = deque(maxlen=1000)  # of requests that belong to no chat
        self._by_id: dict[str, Chat] = {}
        self._by_key: dict[str, Chat] = {}
        self._patience = Patience()

    def open(self, origin: str, version: int) -> Chat:
        """A new session (§4.1)."""
        floor = self.floor
        chat = Chat(
            rules=self.rules,
            version=version,
            origin=origin,
            floor_bell=floor.bell,
            tally=floor.tally,
            attach=self.attach,
        )
        self._by_id[chat.id] = self._by_key[chat.key] = chat
        self._patience.watch(chat)
        floor.add(chat)
        return chat

    def by_key(self, key: str | None) -> Chat | None:
        """The chat of this session key."""
        return self._by_key.get(key or "")

    def by_id(self, id: str) -> Chat | None:
        """The chat of this id."""
        return self._by_id.get(id)

    def every(self) -> list[Chat]:
        """All chats, oldest first."""
        return list(self._by_id.values())

    def rules_changed(self) -> None:
        """Time limits may be shorter now."""
        for chat in self._by_id.values():
            self._patience.watch(chat)

    def clear(self) -> None:
        """Forget all sessions; the floor tells whoever still polls one."""
        self._patience.stop()
        self._by_id.clear()
        self._by_key.clear()
        self.refusals.clear()
