"""What the desk's news change.  Pure: an event and what we know in, a Change out, or None."""

import time
from collections.abc import Sequence

from interconnections import texts
from interconnections.bridge.reconcile import mark
from interconnections.bridge.sayings import state, to_agent, to_user
from interconnections.desks import news
from interconnections.directory import Bot
from interconnections.items import Change, Item, Origin
from interconnections.lifecycle import Reason, Status

ENDINGS = {"agent": Reason.AGENT_ENDED, "client": Reason.USER_LEFT}


def changes_for(
    events: Sequence[news.Event],
    status: Status,
    bot: Bot | None,
    *,
    provider: str,
    name: str,
    past: Sequence[str],
    queued: bool = False,
) -> list[Change]:
    """In the events' order, each change applied whole.  `past`: messages that tell it to an agent who joins;
    `queued`: the user was told before that they wait.

    `bot` is None when its configuration was deleted meanwhile: texts still pass, notices fall away.
    """
    found: list[Change] = []
    for event in events:
        change = _change(event.news, status, bot, provider, name, past, queued)
        if change:
            found.append(change)
            status = change.to or status
        queued = queued or isinstance(event.news, news.Queued)
    return found


def _change(
    item: news.News, status: Status, bot: Bot | None, provider: str, name: str, past: Sequence[str], queued: bool
) -> Change | None:
    match item:
        case news.Queued(position=position, window=window):
            wait_text = bot.texts["waitAgent"] if bot and not queued else ""
            return Change(
                fields={"queuePosition": str(position)} | ({"window": str(window)} if window > 0 else {}),
                to_user=to_user(wait_text, Origin.BRIDGE, provider) if wait_text else (),
            )
        case news.QueueMoved(position=position, wait=wait):
            return Change(fields={"queuePosition": str(position), "estimatedWait": str(wait)})
        case news.AgentJoined(agent_id=agent_id, name=agent):
            serving = {"agentID": agent_id, "agentName": agent, "waitingAgain": "0"}
            if status is not Status.ON_HOLD:
                return Change(fields=serving)  # again, after a wait: the past was told already
            welcome = texts.filled(bot.texts["welcomeTemplate"], name) if bot else ""
            return Change(
                to=Status.ACTIVE,
                fields=serving | {"acceptedAt": now()},
                first_to_agent=tuple(
                    item for words in (*past, welcome) if words for item in to_agent(words, Origin.BRIDGE)
                ),
            )
        case news.AgentChanged(agent_id=agent_id, name=agent):
            return Change(fields={"agentID": agent_id, "agentName": agent, "waitingAgain": "0"})
        case news.AgentSaid(text=text, name=agent):
            return said_by_agent(text, agent, provider)
        case news.Moved(url=url):
            return Change(fields={"switchTo": url})
        case news.WaitingAgain(dropped=dropped) if status is Status.ACTIVE:
            return Change(
                fields={"waitingAgain": "1", "waitingSince": now()},
                to_user=notice(bot, "agentDropped") if dropped else (),
            )
        case news.Ended(reason=reason):
            return ended(bot, ENDINGS.get(reason, Reason.AGENT_ENDED), word=reason)
        case news.NoAgent(reason=reason):
            return failed(bot, Reason.NO_AGENT, word=reason)
    return None


def now() -> str:
    """Milliseconds, as the hash keeps times."""
    return str(int(time.time() * 1000))


def notice(bot: Bot | None, name: str) -> tuple[Item, ...]:
    """One of the bot's texts for the user; nothing where it is empty."""
    return to_user(bot.texts[name], Origin.BRIDGE, bot.provider) if bot and bot.texts[name] else ()


def said_by_agent(text: str, agent: str, provider: str) -> Change:
    return Change(to_user=to_user(text, Origin.AGENT, provider, agent), agent_said=(mark(text),))


def ended(bot: Bot | None, reason: str, word: str = "") -> Change:
    """Over, as chats end: the bot goes on at its success state, at once (sections 4.3, 4.4)."""
    return Change(
        to=Status.CLOSED,
        reason=reason,
        fields={"endWord": word},
        to_user=(notice(bot, "goodbye") if reason == Reason.AGENT_ENDED else ())
        + state(bot, bot.success_state if bot else "", delayed=False),
    )


def lost(bot: Bot | None, why: str) -> Change:
    """Salesforce no longer knows the chat: the bot goes on at its timeout state."""
    return Change(
        to=Status.CLOSED,
        reason=Reason.LOST,
        fields={"endWord": why},
        to_user=notice(bot, "noAgent") + state(bot, bot.timeout_state if bot else "", delayed=True),
        unless_leaving=True,
    )


def failed(bot: Bot | None, reason: str, word: str = "") -> Change:
    """No agent, or no chat at all: the bot goes on at its timeout state."""
    return Change(
        to=Status.FAILED,
        reason=reason,
        fields={"endWord": word},
        to_user=notice(bot, "noAgent") + state(bot, bot.timeout_state if bot else "", delayed=True),
    )
