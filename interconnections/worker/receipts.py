"""What a user's phone tells of the agent's words, on its way to the desk: delivered, read.

Best effort: it waits behind nothing and holds nothing up.  What cannot be told now is not told later, and after a
death or a lost bell the next receipt takes along what is there.
"""

import asyncio

import structlog

from interconnections.bridge.conversation import Conversation
from interconnections.bridge.services import Bridge
from interconnections.errors import DeskError, StoreAway
from interconnections.lifecycle import FINAL
from interconnections.store import receipts

GATHERED = 5.0  # seconds in which they gather: a call for all of them
PATIENCE = 10.0  # seconds for that call

log = structlog.get_logger("bridge.receipts")


class ReceiptTeller:
    """Sleeps until it is rung; one call at a time."""

    def __init__(self, bridge: Bridge, conversation: Conversation) -> None:
        self.bridge, self.conversation = bridge, conversation
        self.task: asyncio.Task[None] | None = None
        self._rung_again = False

    def ring(self) -> None:
        self._rung_again = True
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())

    def drop(self) -> asyncio.Task[None] | None:
        if self.task and not self.task.done():
            self.task.cancel()
            return self.task
        return None

    async def _run(self) -> None:
        while self._rung_again and self.conversation.status not in FINAL:
            await asyncio.sleep(GATHERED)
            self._rung_again = False
            try:
                async with asyncio.timeout(PATIENCE):
                    if found := await receipts.taken(self.bridge.redis, self.conversation.id):
                        await self.conversation.chat.receipts(found)
            except (DeskError, StoreAway, TimeoutError) as trouble:
                self.bridge.tally.count("tolerated:receipts not taken")
                log.info("receipts not told", session=self.conversation.session_id, why=type(trouble).__name__)
            except Exception:  # nobody misses them, and the chat goes on
                log.exception("receipts stumbled", session=self.conversation.session_id)
