"""What is left of a message that met a change of servers: whoever was asked for it will not say whether it arrived.

It is on the wire no more, and the store has to know: the end of a chat leaves the message on the wire to whoever
hears its answer, and there is none to hear.
"""

from interconnections.bridge.failure_notices import notice_of
from interconnections.items import Change, Lane
from interconnections.lifecycle import FINAL
from interconnections.store.lanes import Settled, Taken
from interconnections.worker.keeper import ChatKeeper


async def handed_over(keeper: ChatKeeper, taken: Taken) -> Settled | None:
    """How it is settled where the chat ended meanwhile; None: the next server will show whether it arrived."""
    await keeper.change(Change(fields={"flying": ""}))
    if keeper.conversation.status not in FINAL:
        return None
    told = notice_of(taken.item, Lane.SALESFORCE, await keeper.bot())
    return Settled(taken.number, "dead", "handed over as the chat ended", told=told)
