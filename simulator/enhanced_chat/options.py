"""The switches of Enhanced Chat: what its sheet marks U (unconfirmed) or X (disputed), with the chosen default.

Where nothing speaks for either reading the default is the one that forgives less.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TROUBLES = ("drop", "stall", "expired", "401", "duplicate", "unknown", "foreign", "forget")
ANY_TYPE = "*"


@dataclass
class EnhancedChatOptions:
    """One part of `Rules`."""

    # Enhanced Chat: tokens (EC §3)
    access_token_seconds: float = 21_600.0  # U: how long an access token lives
    org_id_form: str = "15"  # X: "any" takes 18 characters too
    platform_required: bool = True  # one client omitted it and worked
    verification_failure: str = "anon"  # C: 200 with an anonymous subject; else the status
    verification_fails: bool = False  # every customer token is judged false
    unknown_deployment_status: int = 400  # U
    deployment_refused_at: str = "conversation"  # U: where a deployment that is no Custom Client gets its 403
    revoke_status: int = 204  # U
    event_ids_of_tokens: str = "same"  # U: whether two tokens of one user count events alike

    # Enhanced Chat: limits (EC §7)
    token_requests_per_minute: int = 200  # of the org
    conversation_starts: int = 3  # in 30 s
    conversation_starts_per: str = "client"  # U
    messages_per_minute: int = 22  # of one conversation
    active_sessions_max: int = 11_000  # of the org
    rate_retry_after: str = "missing"  # U: whether a 429 says when to come again
    error_keys: str = "message_code"  # U: what the body of an error has

    # Enhanced Chat: conversations (EC §4.1, §4.8)
    conversation_repeated: int = 409  # U: the same id once more
    conversation_answer: str = "empty"  # the body of the 201
    routing_begins: str = "first_message"  # or with the conversation
    session_based: bool = False  # Session-Based Chat: the conversation ends with its session
    session_end_closes: str = "never"  # X: what the end of a session by its user does to the conversation
    closed_status: int = 404  # U: to whoever writes into a closed conversation
    close_again: str = "refused"  # U: closing what is closed already
    closed_entries: str = "kept"  # U: whether a closed conversation can still be read
    opt_out_keyword: str | None = None  # a text that ends the session; nothing more is told of it

    # Enhanced Chat: messages and files (EC §4.3 to §4.6)
    dedupe: bool = False  # U: a message id that was there already; without, it is a second message
    message_max_text: int | None = 4000  # U: 1 000 to 4 000
    attachment_max_bytes: int = 5_000_000
    attachment_types: list[str] = field(default_factory=lambda: ["png", "jpg", "jpeg", "gif", "pdf"])  # U; "*" any
    attachment_url_seconds: float | None = None  # U: how long an agent's file can be fetched
    typing_status: int = 200  # any 2xx
    acks_status: int = 200  # any 2xx
    entries_payload: str = "object"  # X: entryPayload of a list
    transcript_as: str = "text"  # U
    business_hours: str = "open"

    # Enhanced Chat: the stream (EC §5)
    ping_seconds: float = 30.0  # U: between two pings
    last_event_id_required: bool = True  # X: one tester got 400 without it
    expired_at_connect: str = "401"  # or the raw text on a stream
    expired_on_stream: str = "text"  # U: what a stream does when its token's time is up
    stream_log_size: int | None = None  # U: how many events are kept for a replay
    stream_trouble: list[str] = field(default_factory=list)  # one after the other, each n-th event
    stream_trouble_every: int = 10  # which event of a user

    # Enhanced Chat: events (EC §6)
    chatbot_first: bool = True  # a bot is there until the agent comes, and leaves in the same event
    agent_end_tells: str = "both"  # how the end of a session by its agent is told
    ended_by_role: str = "right"  # C: sessionEndedByRole is not reliable
    option_titles: str = "typed"  # U: where an option of a choice has its title
    typing_echo: bool = True  # the user's own typing comes back
    typing_ids: bool = True  # without, typing has no id and is not replayed


CHOICES: dict[str, tuple[object, ...]] = {
    "org_id_form": ("15", "any"),
    "verification_failure": ("anon", "401", "403"),
    "unknown_deployment_status": (400, 404),
    "deployment_refused_at": ("conversation", "token"),
    "revoke_status": (204, 200),
    "event_ids_of_tokens": ("same", "later", "earlier"),
    "conversation_starts_per": ("client", "user", "deployment"),
    "rate_retry_after": ("missing", "seconds"),
    "error_keys": ("message_code", "message", "errors", "nothing"),
    "conversation_repeated": (409, 200, 201),
    "conversation_answer": ("empty", "json"),
    "routing_begins": ("first_message", "conversation"),
    "session_end_closes": ("never", "anonymous"),
    "closed_status": (404, 400, 403, 412),
    "close_again": ("refused", "ok"),
    "closed_entries": ("kept", "gone"),
    "typing_status": (200, 202, 204),
    "acks_status": (200, 202, 204),
    "entries_payload": ("object", "string"),
    "transcript_as": ("text", "json"),
    "business_hours": ("open", "closed", "none", "inactive", "missing"),
    "expired_at_connect": ("401", "text"),
    "expired_on_stream": ("text", "end", "goes_on"),
    "agent_end_tells": ("both", "status", "leaves"),
    "ended_by_role": ("right", "wrong", "missing"),
    "option_titles": ("typed", "plain"),
}
WORDS: dict[str, tuple[str, ...]] = {"stream_trouble": TROUBLES}  # what the lists may hold
NULLABLE = frozenset({"opt_out_keyword", "message_max_text", "attachment_url_seconds", "stream_log_size"})
