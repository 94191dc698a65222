"""The exchange with a platform that shows an item to its user: the last one, where others had to come before it."""

import time
from dataclasses import dataclass, field

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.services import Bridge
from interconnections.store import lanes

SECOND = 1000  # ms


@dataclass
class Exchange:
    bridge: Bridge
    conversation: Conversation
    number: str
    begun: float = field(default_factory=time.monotonic)

    async def begins_late(self) -> str:
        """Long after the item was taken, so that whoever waits for the platform to show it waits from now on.

        Gives the platform's id of it where that showed it meanwhile: then nothing may be sent; "" where it goes.
        Raises LostOwnership, StoreAway.
        """
        shown = await lanes.goes(self.bridge.redis, self.conversation.hold, self.number)
        self.begun = time.monotonic()
        return shown

    @property
    def took(self) -> int:
        """ms until now."""
        return int((time.monotonic() - self.begun) * SECOND)
