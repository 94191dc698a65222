"""An interconnection in its owner's hands: all that polling and delivering need, read once when it is claimed."""

from dataclasses import dataclass, field

from interconnections.bridge.masking import Masked, masked
from interconnections.bridge.news import Known
from interconnections.bridge.queue import Told
from interconnections.desks import news
from interconnections.desks.live_agent.client import Access, ChatRequest
from interconnections.desks.live_agent.prechat import attached
from interconnections.items import Change
from interconnections.lifecycle import Status
from interconnections.secret import Secret
from interconnections.store.leases import Hold

WINDOW = 120_000  # ms without a successful poll after which the chat counts as lost, unless Salesforce said


@dataclass(slots=True)
class Claim:
    """`ack`, `offset`, `status`, `queued` and `handover` follow what the store said last."""

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
    handover: str  # "" | "reconnect" | "data" | "resync": how far a hand-over has come
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
    slow_rules: set[str] = field(default_factory=set)  # names of those that took too long over some text

    @property
    def id(self) -> str:
        return self.hold.id

    def known(self, past: tuple[str, ...]) -> Known:
        """As the news are read against."""
        return Known(self.provider, self.name, past, self.queued, self.waiting_again, self.queue_told)

    def masked(self, text: str) -> Masked:
        """What of a text the agent may read.  A rule that was too slow once is not tried again."""
        found = masked(text, self.sensitive_rules, self.slow_rules)
        self.slow_rules |= found.slow
        return found

    def learn(self, change: Change) -> None:
        """What of a stored change the next one depends on."""
        known, fields = self.known(()).after(change), change.fields
        self.queued, self.waiting_again, self.queue_told = known.queued, known.waiting_again, known.queue_told
        self.waits_since = float(fields.get("waitingSince", self.waits_since))
        self.accepted_at = float(fields.get("acceptedAt", self.accepted_at))
        self.sensitive_rules = fields.get("sensitiveRules", self.sensitive_rules)
        self.idle = news.Idle(
            int(fields.get("idleWarning", self.idle.warning)), int(fields.get("idleEnd", self.idle.end))
        )
        self.warned_at = float(fields.get("warnedAt", self.warned_at))
        self.file_request = fields.get("fileRequest", self.file_request)


def claim_from(hold: Hold, fields: dict[str, str], tokens: dict[str, Secret]) -> Claim:
    details, entities = attached(fields.get("contactId", ""), fields.get("caseId", ""))
    return Claim(
        hold=hold,
        session_id=fields["sessionId"],
        user_id=fields["userId"],
        bot_slug=fields["botSlug"],
        provider=fields["provider"],
        name=fields.get("name", ""),
        status=Status(fields["status"]),
        started=fields.get("started") == "1",
        leaving=fields.get("leaving") == "1",
        waits_since=float(fields.get("waitingSince") or fields.get("openedAt") or 0),
        waiting_again=fields.get("waitingAgain") == "1",
        accepted_at=float(fields.get("acceptedAt") or 0),
        user_said_at=float(fields.get("userSaidAt") or 0),
        unanswered_since=float(fields.get("unansweredSince") or 0),
        ack=int(fields.get("ack", "-1")),
        epoch=fields.get("epoch", "0"),
        window=int(fields.get("window") or WINDOW),
        handover=fields.get("handover", ""),
        offset=int(fields.get("offset") or 0),
        queued="queuePosition" in fields,
        switch_to=fields.get("switchTo", ""),
        replays=fields.get("replays") == "1",
        queue_told=Told(fields.get("queueTold", ""), float(fields.get("queueToldAt") or 0)),
        sensitive_rules=fields.get("sensitiveRules", ""),
        idle=news.Idle(int(fields.get("idleWarning") or 0), int(fields.get("idleEnd") or 0)),
        warned_at=float(fields.get("warnedAt") or 0),
        case_id=fields.get("caseId", ""),
        file_request=fields.get("fileRequest", ""),
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
