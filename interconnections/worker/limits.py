"""How long one chat may still stand still: asked before each wait for news; at its end the chat is ended."""

import structlog

from interconnections import clock
from interconnections.bridge import transitions
from interconnections.items import Lane
from interconnections.store import lanes, polls
from interconnections.worker.keeper import ChatKeeper
from interconnections.worker.timeouts import listens, nearest, warns

log = structlog.get_logger("bridge.limits")


async def seconds_left(keeper: ChatKeeper) -> float | None:
    """Until the next limit; where one is over, the end of the chat is ordered.  None: no limit.

    Before that comes a user whom the desk would end for their silence: they are warned.
    """
    conversation, redis, bot = keeper.conversation, keeper.bridge.redis, await keeper.bot()
    if listens(conversation, bot):
        said = await keeper.patiently(lambda: polls.silence(redis, conversation.id))
        conversation.user_said_at, conversation.unanswered_since = said
    now = clock.now()
    warning, limit = warns(conversation, bot), nearest(conversation, bot)
    if warning is not None and warning <= now:
        await keeper.change(transitions.idle_warning(bot, conversation.idle))
        warning = None
    if limit is None or limit.until > now:
        moments = ([limit.until] if limit else []) + ([] if warning is None else [warning])
        return (min(moments) - now) / 1000 if moments else None
    log.info("ended by a limit", session=conversation.session_id, reason=limit.reason)
    await keeper.patiently(lambda: lanes.hang_up(redis, conversation.id, limit.reason))
    await keeper.reread()  # it is leaving, or over already: the lane ends it, and the bot has its user back
    keeper.ring(Lane.SALESFORCE)
    return None
