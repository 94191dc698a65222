"""An interconnection in its owner's hands: all that polling and delivering need.

Read when it is claimed, and again from every answer of a script that wrote: never counted on in memory.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from interconnections.bridge.masking import Masked, masked
from interconnections.bridge.queue_notices import Told
from interconnections.bridge.transitions import ConversationState
from interconnections.desks import news
from interconnections.desks.desk import Chat, Desk, Pace
from interconnections.lifecycle import Status
from interconnections.store.leases import Hold

WINDOW = 120_000  # ms without a successful poll after which the chat counts as lost, unless Salesforce said


@dataclass(slots=True)
class Conversation:
    """What stands in `followed` is as the store said last."""

    hold: Hold
    session_id: str
    user_id: str
    bot_slug: str
    provider: str
    name: str
    status: Status
    started: bool
    leaving: bool
    waits_since: float  # ms; when it was opened, or when the agent dropped
    waiting_again: bool
    accepted_at: float  # ms, like the two below; 0 for never
    user_said_at: float
    unanswered_since: float  # when the user said the first thing that the agent did not answer
    mark: str  # by which the desk is asked for what follows
    epoch: str
    window: int
    queued: bool  # the user was told that they wait
    queue_told: Told  # what the user was told of the queue
    sensitive_rules: str  # as `masking` stores them
    idle: news.Idle  # how long the user may be silent, by Salesforce
    warned_at: float  # ms; when the user was last told that the chat ends if they stay silent
    case_id: str  # "" where there is none
    org_name: str  # whose agents it was opened for; "" of releases that had one org a bot
    waits: bool  # what the user says is held until an agent is there
    text_limit: int  # characters of a message to the agent
    pace: Pace | None  # of messages to the agent
    chat: Chat = field(repr=False)
    slow_rules: set[str] = field(default_factory=set)  # names of those that took too long over some text
    writing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)  # held until a write's answer is learnt

    @property
    def id(self) -> str:
        return self.hold.id

    async def caught_up(self) -> None:
        """Until no write is on its way: the store may know by now, and we not yet, what the user has answered to."""
        if self.writing.locked():
            async with self.writing:
                pass

    def known(self, past: tuple[str, ...], returns_to: str = "") -> ConversationState:
        """As the news are read against; `returns_to`: where a supervisor wants the bot to go on."""
        return ConversationState(
            self.provider,
            self.name,
            past,
            self.queued,
            self.waiting_again,
            self.queue_told,
            self.waits,
            self.text_limit,
            returns_to,
        )

    def masked(self, text: str) -> Masked:
        """What of a text the agent may read.  A rule that was too slow once is not tried again."""
        found = masked(text, self.sensitive_rules, self.slow_rules)
        self.slow_rules |= found.slow
        return found

    def learn(self, fields: Mapping[str, str]) -> None:
        """`fields`: of the hash, as a script that wrote gives them back."""
        for name, value in followed(fields).items():
            setattr(self, name, value)
        self.chat.learn(fields)


class Followed(TypedDict):
    """What of a claim changes while it is held: its attributes of the same names."""

    status: Status
    started: bool
    leaving: bool
    waits_since: float
    waiting_again: bool
    accepted_at: float
    user_said_at: float
    unanswered_since: float
    mark: str
    epoch: str
    window: int
    queued: bool
    queue_told: Told
    sensitive_rules: str
    idle: news.Idle
    warned_at: float


def followed(fields: Mapping[str, str]) -> Followed:
    """From the hash (store.fields.FOLLOWED)."""
    found = fields.get
    return {
        "status": Status(fields["status"]),
        "started": found("started") == "1",
        "leaving": found("leaving") == "1",
        "waits_since": float(found("waitingSince") or found("openedAt") or 0),
        "waiting_again": found("waitingAgain") == "1",
        "accepted_at": float(found("acceptedAt") or 0),
        "user_said_at": float(found("userSaidAt") or 0),
        "unanswered_since": float(found("unansweredSince") or 0),
        "mark": found("ack", "-1"),
        "epoch": found("epoch", "0"),
        "window": max(int(found("window") or 0), 0) or WINDOW,
        "queued": "queuePosition" in fields,
        "queue_told": Told(found("queueTold", ""), float(found("queueToldAt") or 0)),
        "sensitive_rules": found("sensitiveRules", ""),
        "idle": news.Idle(int(found("idleWarning") or 0), int(found("idleEnd") or 0)),
        "warned_at": float(found("warnedAt") or 0),
    }


def conversation_from(hold: Hold, fields: Mapping[str, str], desk: Desk, chat: Chat) -> Conversation:
    return Conversation(
        hold=hold,
        session_id=fields["sessionId"],
        user_id=fields["userId"],
        bot_slug=fields["botSlug"],
        provider=fields["provider"],
        name=fields.get("name", ""),
        case_id=fields.get("caseId", ""),
        org_name=fields.get("org", ""),
        waits=desk.waits,
        text_limit=desk.text_limit,
        pace=desk.pace,
        chat=chat,
        **followed(fields),
    )
