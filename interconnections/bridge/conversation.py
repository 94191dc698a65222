"""An interconnection in its owner's hands: all that polling and delivering need.

Read when it is claimed, and again from every answer of a script that wrote: never counted on in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from interconnections.bridge.masking import Masked, masked
from interconnections.bridge.queue_notices import Told
from interconnections.bridge.transitions import ConversationState
from interconnections.desks import news
from interconnections.desks.live_agent.client import Access, ChatRequest
from interconnections.desks.live_agent.prechat import attached
from interconnections.lifecycle import Status
from interconnections.secret import Secret
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
    ack: int
    epoch: str
    window: int
    handover: str  # how far a hand-over has come, as worker.handover names it; "": there is none
    offset: int
    queued: bool  # the user was told that they wait
    switch_to: str  # where Salesforce says that the org is served; "" where nothing is to be done
    replays: bool  # after a hand-over this server was seen to repeat texts
    queue_told: Told  # what the user was told of the queue
    sensitive_rules: str  # as `masking` stores them
    idle: news.Idle  # how long the user may be silent, by Salesforce
    warned_at: float  # ms; when the user was last told that the chat ends if they stay silent
    case_id: str  # "" where there is none
    file_request: str  # as `file_request` stores it; "" where the agent asked for none
    access: Access
    request: ChatRequest = field(repr=False)
    file_served: str = ""  # the file_request that was served last: it can be done once
    slow_rules: set[str] = field(default_factory=set)  # names of those that took too long over some text

    @property
    def id(self) -> str:
        return self.hold.id

    def known(self, past: tuple[str, ...]) -> ConversationState:
        """As the news are read against."""
        return ConversationState(self.provider, self.name, past, self.queued, self.waiting_again, self.queue_told)

    def masked(self, text: str) -> Masked:
        """What of a text the agent may read.  A rule that was too slow once is not tried again."""
        found = masked(text, self.sensitive_rules, self.slow_rules)
        self.slow_rules |= found.slow
        return found

    def learn(self, fields: Mapping[str, str]) -> None:
        """`fields`: of the hash, as a script that wrote gives them back."""
        for name, value in followed(fields).items():
            setattr(self, name, value)


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
    ack: int
    epoch: str
    offset: int
    window: int
    handover: str
    switch_to: str
    replays: bool
    queued: bool
    queue_told: Told
    sensitive_rules: str
    idle: news.Idle
    warned_at: float
    file_request: str


def followed(fields: Mapping[str, str]) -> Followed:
    """From the hash (store.fields.FOLLOWED)."""

    def moment(*names: str) -> float:
        return float(next((value for name in names if (value := fields.get(name))), 0))

    return {
        "status": Status(fields["status"]),
        "started": fields.get("started") == "1",
        "leaving": fields.get("leaving") == "1",
        "waits_since": moment("waitingSince", "openedAt"),
        "waiting_again": fields.get("waitingAgain") == "1",
        "accepted_at": moment("acceptedAt"),
        "user_said_at": moment("userSaidAt"),
        "unanswered_since": moment("unansweredSince"),
        "ack": int(fields.get("ack", "-1")),
        "epoch": fields.get("epoch", "0"),
        "offset": int(fields.get("offset") or 0),
        "window": int(fields.get("window") or WINDOW),
        "handover": fields.get("handover", ""),
        "switch_to": fields.get("switchTo", ""),
        "replays": fields.get("replays") == "1",
        "queued": "queuePosition" in fields,
        "queue_told": Told(fields.get("queueTold", ""), moment("queueToldAt")),
        "sensitive_rules": fields.get("sensitiveRules", ""),
        "idle": news.Idle(int(fields.get("idleWarning") or 0), int(fields.get("idleEnd") or 0)),
        "warned_at": moment("warnedAt"),
        "file_request": fields.get("fileRequest", ""),
    }


def conversation_from(hold: Hold, fields: dict[str, str], tokens: dict[str, Secret]) -> Conversation:
    details, entities = attached(fields.get("contactId", ""), fields.get("caseId", ""))
    return Conversation(
        hold=hold,
        session_id=fields["sessionId"],
        user_id=fields["userId"],
        bot_slug=fields["botSlug"],
        provider=fields["provider"],
        name=fields.get("name", ""),
        case_id=fields.get("caseId", ""),
        **followed(fields),
        access=Access(
            url=fields.get("chatUrl", ""),
            api_version=int(fields.get("apiVersion") or 58),
            key=tokens.get("sessionKey", Secret("")),
            affinity=tokens.get("affinityToken", Secret("")),
            poll_timeout=int(fields.get("pollTimeout") or 30),
        ),
        request=ChatRequest(
            session_id=fields.get("wireId") or fields["sessionId"],
            button_id=fields.get("buttonId", ""),
            visitor_name=fields.get("name", ""),
            language=fields.get("language", ""),
            details=details,
            entities=entities,
        ),
    )
