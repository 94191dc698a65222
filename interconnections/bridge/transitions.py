"""What the desk's news change.  Pure: an event and what we know in, a Change out, or None."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from interconnections import clock, texts
from interconnections.bot_events import EventType
from interconnections.bridge.failure_notices import lost_notice
from interconnections.bridge.masking import stored
from interconnections.bridge.outgoing import (
    LONGEST_TEXT,
    file_to_user,
    given_back,
    to_agent,
    to_bot,
    to_user,
    user_limit,
)
from interconnections.bridge.queue_notices import Told, news_of_the_queue
from interconnections.bridge.quotes import shows_quotes
from interconnections.desks import news
from interconnections.desks.choices import in_words
from interconnections.directory import Bot
from interconnections.items import Change, Item, Kind, Origin
from interconnections.lifecycle import Reason, Status
from interconnections.platforms import PLATFORMS

# What an agent says: of these a desk with names for its events may be told what became of them.
SAID = news.AgentSaid | news.AgentShowed | news.AgentSentFiles | news.Choices


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What was known before the events.

    `past`: messages that tell it to an agent who joins; `queued`: the user was told that they wait;
    `waiting_again`: the agent is gone, the chat lives; `queue_told`: what they were told of the queue; `waits`: an
    agent who joins is told the past then; `text_limit`: characters of a message to the agent.
    """

    provider: str
    name: str
    past: tuple[str, ...] = ()
    queued: bool = False
    waiting_again: bool = False
    queue_told: Told = Told()
    waits: bool = True
    text_limit: int = LONGEST_TEXT
    returns_to: str = ""

    def after(self, change: Change) -> "ConversationState":
        fields = change.fields
        return replace(
            self,
            queued=self.queued or "queuePosition" in fields,
            waiting_again=fields.get("waitingAgain", "1" if self.waiting_again else "0") == "1",
            queue_told=Told(fields["queueTold"], float(fields["queueToldAt"]))
            if "queueTold" in fields
            else self.queue_told,
        )


def changes_for(
    events: Sequence[news.Event], status: Status, bot: Bot | None, known: ConversationState
) -> list[Change]:
    """In the events' order, each change applied whole.

    `bot` is None when its configuration was deleted meanwhile: texts still pass, notices fall away.
    """
    found: list[Change] = []
    for event in events:
        change = _change(event.news, status, bot, known)
        if change:
            if event.id and isinstance(event.news, SAID) and change.to_user and tells_receipts(bot):
                change = replace(change, said_as=event.id)
            if event.answers and isinstance(event.news, SAID) and shows_quotes(bot):
                change = replace(change, answers=event.answers)
            found.append(change)
            status, known = change.to or status, known.after(change)
    return found


def tells_receipts(bot: Bot | None) -> bool:
    return bot is not None and bot.platform in PLATFORMS and PLATFORMS[bot.platform].tells_receipts


def _change(item: news.News, status: Status, bot: Bot | None, known: ConversationState) -> Change | None:
    limit = user_limit(bot, known.provider)
    match item:
        case news.Queued(position=position, wait=wait, window=window, rules=rules):
            said, told = _queue(bot, position, wait, known, waits=status is Status.ON_HOLD)
            return Change(
                fields={"queuePosition": str(position), **told}
                | ({"window": str(window)} if window > 0 else {})
                | ({"sensitiveRules": stored(rules)} if rules else {}),
                to_user=(() if known.queued else notice(bot, "waitAgent")) + said,
                to_bot=() if known.queued else to_bot(bot, EventType.WAITING),
            )
        case news.QueueMoved(position=position, wait=wait):
            waits = status is Status.ON_HOLD or known.waiting_again
            said, told = _queue(bot, position, wait, known, waits=waits)
            return Change(fields={"queuePosition": str(position), "estimatedWait": str(wait), **told}, to_user=said)
        case news.AgentJoined(agent_id=agent_id, name=agent, idle=idle):
            serving = {"agentID": agent_id, "agentName": agent, "waitingAgain": "0"} | _idle(idle)
            greeting = notice(bot, "agentJoined", agent)
            if status is not Status.ON_HOLD:
                # again, after a wait: the past was told already
                return Change(fields=serving, to_user=greeting, to_bot=to_bot(bot, EventType.ACCEPTED))
            return Change(
                to=Status.ACTIVE,
                fields=serving | {"acceptedAt": now()},
                first_to_agent=introduction(bot, known.name, known.past, known.text_limit) if known.waits else (),
                to_user=greeting,
                to_bot=to_bot(bot, EventType.ACCEPTED),
            )
        case news.AgentChanged(agent_id=agent_id, name=agent, idle=idle):
            return Change(
                fields={"agentID": agent_id, "agentName": agent, "waitingAgain": "0"} | _idle(idle),
                to_user=notice(bot, "transferred", agent),
                to_bot=to_bot(bot, EventType.TRANSFERRED),
            )
        case news.AgentSaid(text=text, name=agent):
            return said_by_agent(text, agent, limit)
        case news.AgentShowed(text=text, name=agent):
            return Change(to_user=to_user(text, Origin.AGENT, limit, agent))
        case news.AgentSentFiles(files=files, text=text, name=agent, not_shown=more):
            note = not_shown_to_user("notShown", bot, known) if more else Change()
            return replace(note, to_user=_shown_files(bot, files, text, agent, limit) + note.to_user)
        case news.Choices(message_id=asked, options=options, name=agent):
            return Change(
                fields={"choices": json.dumps([asked, options], ensure_ascii=False)},
                to_user=to_user(in_words(item), Origin.AGENT, limit, agent),
            )
        case news.FormShown() | news.NotShown():
            what = "formNotShown" if isinstance(item, news.FormShown) else "notShown"
            return not_shown_to_user(what, bot, known)
        case news.Masked(rules=rules):
            return Change(fields={"sensitiveRules": stored(rules)})
        case news.CaughtUp(arrived=arrived, missing=missing, fields=fields):
            return Change(
                fields=dict(fields),
                arrived=arrived,
                first_to_agent=tuple(
                    item for _, text in missing for item in to_agent(text, Origin.USER, known.text_limit)
                ),
                sent_again=tuple(number for number, _ in missing),
            )
        case news.WaitingAgain(dropped=dropped) if status is Status.ACTIVE:
            return Change(
                fields={"waitingAgain": "1", "waitingSince": now()},
                to_user=notice(bot, "agentDropped" if dropped else "backInQueue"),
                to_bot=to_bot(bot, EventType.WAITING, reason="agent dropped" if dropped else "back in the queue"),
            )
        case news.Ended(word=word) | news.NoAgent(word=word) if known.returns_to:
            return ended(bot, Reason.RETURNED, word, state=known.returns_to)
        case news.Ended(word=word, reason=Reason.NO_AGENT as reason):
            return failed(bot, reason, word)
        case news.Ended(word=word, reason=reason):
            return ended(bot, reason, word, notice(bot, "userSilent") if reason is Reason.USER_SILENT else ())
        case news.NoAgent(word=word, reason=Reason.BLOCKED):
            return blocked(bot, word)
        case news.NoAgent(word=word, reason=reason):
            return failed(bot, reason, word)
    return None


def not_shown_to_user(what: str, bot: Bot | None, known: ConversationState) -> Change:
    """Both read of it; `what`: the key of the bot's text for the user."""
    return Change(to_user=notice(bot, what), first_to_agent=notice_to_agent(bot, f"{what}ToAgent", known))


def not_shown(events: Sequence[news.Event]) -> int:
    """Of how many things that agents sent their users see nothing, as nobody can read them."""
    told = (event.news for event in events)
    return sum(
        item.not_shown if isinstance(item, news.AgentSentFiles) else isinstance(item, news.NotShown) for item in told
    )


def _shown_files(
    bot: Bot | None, files: Sequence[news.AttachedFile], text: str, agent: str, limit: int
) -> tuple[Item, ...]:
    """Words first.  Links that nothing shows as files stay in one text."""
    shown = [item for file in files for item in file_to_user(bot, file.name, file.mime, file.url, agent, limit)]
    if any(item.kind is Kind.FILE for item in shown):
        return (*to_user(text, Origin.AGENT, limit, agent), *shown)
    lines = [text, *(item.text for item in shown)]
    return to_user("\n".join(line for line in lines if line.strip()), Origin.AGENT, limit, agent)


def _queue(
    bot: Bot | None, position: int, wait: int, known: ConversationState, *, waits: bool
) -> tuple[tuple[Item, ...], dict[str, str]]:
    if not waits:
        return (), {}
    return news_of_the_queue(bot, position, wait, known.queue_told, clock.now())


def _idle(idle: news.Idle | None) -> dict[str, str]:
    return {} if idle is None else {"idleWarning": str(idle.warning), "idleEnd": str(idle.end)}


def introduction(bot: Bot | None, name: str, past: Sequence[str], text_limit: int) -> tuple[Item, ...]:
    """What the agent is told first: the talk before, and the bot's welcome."""
    welcome = texts.filled(bot.texts["welcomeTemplate"], name) if bot else ""
    return tuple(item for words in (*past, welcome) if words for item in to_agent(words, Origin.BRIDGE, text_limit))


def now() -> str:
    """Milliseconds of the store's clock, as the hash keeps times."""
    return str(int(clock.now()))


def notice(bot: Bot | None, name: str, words: str = "") -> tuple[Item, ...]:
    """One of the bot's texts for the user; nothing where it is empty, or has a place for `words` that are missing."""
    template = bot.texts[name] if bot else ""
    if bot is None or not template or ("%s" in template and not words):
        return ()
    return to_user(texts.filled(template, words), Origin.BRIDGE, user_limit(bot))


def notice_to_agent(bot: Bot | None, name: str, known: ConversationState) -> tuple[Item, ...]:
    return to_agent(bot.texts[name], Origin.BRIDGE, known.text_limit) if bot and bot.texts[name] else ()


def idle_warning(bot: Bot | None, idle: news.Idle) -> Change:
    """The user is told that the desk will end the chat, once a silence."""
    left = f"{idle.end - idle.warning} s" if idle.end > idle.warning else ""
    return Change(fields={"warnedAt": now()}, to_user=notice(bot, "idleWarning", left))


def said_by_agent(text: str, agent: str, limit: int) -> Change:
    return Change(to_user=to_user(text, Origin.AGENT, limit, agent), agent_said=(news.mark(text),))


def ended(bot: Bot | None, reason: str, word: str = "", words: tuple[Item, ...] = (), state: str = "") -> Change:
    """Over, as chats end: the bot goes on at its success state, or at another, at once (sections 4.3, 4.4)."""
    said = notice(bot, "goodbye") if reason == Reason.AGENT_ENDED else words
    goes_on = state or (bot.success_state if bot else "")
    return Change(
        to=Status.CLOSED,
        reason=reason,
        fields={"endWord": word},
        to_user=said + given_back(bot, goes_on, delayed=False),
        to_bot=to_bot(bot, EventType.ENDED, state=goes_on),
        if_lost=lost_notice(bot),
    )


def ended_by_us(bot: Bot | None, reason: Reason, state: str = "") -> Change:
    """The end that we ordered was taken: how the user and the bot are told, by the reason.

    `state`: at which a supervisor wants the bot to go on.
    """
    match reason:
        case Reason.NO_AGENT | Reason.START_FAILED:
            return failed(bot, reason, "limit")
        case Reason.USER_SILENT:
            return ended(bot, reason, "limit", notice(bot, "userSilent"))
        case Reason.AGENT_SILENT:
            return replace(lost(bot, "limit", notice(bot, "agentSilent")), reason=reason, unless_leaving=False)
    return ended(bot, reason, "client", state=state)


def lost(bot: Bot | None, why: str, words: tuple[Item, ...] = ()) -> Change:
    """Salesforce no longer knows the chat: the bot goes on at its timeout state."""
    goes_on = bot.timeout_state if bot else ""
    return Change(
        to=Status.CLOSED,
        reason=Reason.LOST,
        fields={"endWord": why},
        to_user=(words or notice(bot, "noAgent")) + given_back(bot, goes_on, delayed=True),
        to_bot=to_bot(bot, EventType.ENDED, state=goes_on, delayed=True),
        if_lost=lost_notice(bot),
        unless_leaving=True,
    )


def session_lost(bot: Bot | None, why: str) -> Change:
    """Nothing shows the desk any more who the user is: the chat cannot be reached, be it alive over there."""
    return replace(lost(bot, why, notice(bot, "lost")), reason=Reason.SESSION_LOST)


def failed(bot: Bot | None, reason: str, word: str = "") -> Change:
    """No agent, or no chat at all: the bot goes on at its timeout state."""
    goes_on = bot.timeout_state if bot else ""
    return Change(
        to=Status.FAILED,
        reason=reason,
        fields={"endWord": word},
        to_user=notice(bot, "noAgent") + given_back(bot, goes_on, delayed=True),
        to_bot=to_bot(bot, EventType.FAILED, state=goes_on, delayed=True),
        if_lost=lost_notice(bot),
    )


def blocked(bot: Bot | None, word: str = "") -> Change:
    """They are not to reach an agent: the bot goes on at its state for that (section 4.4)."""
    goes_on = bot.blocked_state if bot else ""
    return replace(
        failed(bot, Reason.BLOCKED, word),
        to_user=notice(bot, "blocked") + given_back(bot, goes_on, delayed=True),
        to_bot=to_bot(bot, EventType.FAILED, state=goes_on, delayed=True),
    )


def paused(bot: Bot) -> Change:
    """Nobody is handed over for now: who is sent reads why, or what they read where no agent is there."""
    change, words = failed(bot, Reason.PAUSED), bot.pause_text or ""
    said = to_user(words, Origin.BRIDGE, user_limit(bot)) or notice(bot, "noAgent")
    return replace(change, to_user=said + given_back(bot, bot.timeout_state, delayed=True))
