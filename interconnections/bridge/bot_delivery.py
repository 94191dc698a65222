"""Telling a bot what became of its chats: one event of its lane, to its state API.

The lane is the bot's alone: however long its server is away, it holds up no word to a user.
"""

from interconnections.backoff import backoff
from interconnections.bot_events import LAST
from interconnections.bridge.conversation import Conversation
from interconnections.bridge.message_ids import message_id
from interconnections.bridge.services import Bridge
from interconnections.directory import Bot
from interconnections.errors import PlatformRefused, PlatformUnwell
from interconnections.items import Item
from interconnections.platforms.messages import StateChange
from interconnections.store.lanes import Cause, Settled, Taken, Whose

BASE, CAP = 0.5, 30  # seconds between two tries


async def to_bot(bridge: Bridge, conversation: Conversation, bot: Bot | None, taken: Taken) -> Settled:
    if bot is None:
        return Settled(taken.number, "dead", "this bot is no longer configured")
    api = bridge.state_apis.get(bot.state_api)
    if api is None or not (api.tells_events or taken.item.text in LAST):
        return Settled(taken.number, "delivered")  # it is not told of this any more
    id = message_id(conversation.session_id, taken.number)
    try:
        await api.tell(bot.state_settings, conversation.user_id, _told(conversation, taken.item), id)
    except PlatformRefused as refusal:
        return Settled(taken.number, "dead", str(refusal))
    except PlatformUnwell as trouble:
        if trouble.crowded:
            return taken.not_asked(str(trouble))
        if trouble.wait:
            return taken.retry(trouble.wait, str(trouble), Cause.ASKED, Whose.ASKED)
        pause = backoff(taken.tried(Cause.TROUBLE), base=BASE, cap=CAP)
        return taken.retry(pause, str(trouble), Cause.TROUBLE, Whose.SHORE)
    return Settled(taken.number, "delivered")


def _told(conversation: Conversation, item: Item) -> StateChange:
    assert item.event
    return StateChange(
        item.event.state,
        item.text,
        item.event.at,
        item.event.reason,
        conversation.session_id,
        conversation.bot_slug,
        conversation.provider,
        item.event.case_id,
        item.name,
    )
