"""The switches: every point where the sheets say "unconfirmed" or "disputed", with the chosen default.

Each can be changed while the simulator runs (`PUT /sim/rules`).  This file knows only their names,
their defaults and their choices; `switches` throws them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .enhanced_chat import options as enhanced_chat
from .graph import options as graph

Json = dict[str, Any]


@dataclass
class OtherOptions:
    """The switches of Live Agent, the org and the platform.  `§` alone is the Live Agent sheet."""

    # Session (§4.1)
    client_poll_timeout: int = 40  # s; 30 in the docs, 40 seen
    client_poll_timeout_as: str = "int"
    silence_before_queue_ms: int = 45_000  # §5: unpolled sessions were seen to die after 45 s before queueing
    connection_timeout_ms: int = 150_000  # §5: window without a poll, told in ChatRequestSuccess

    # Poll (§5)
    hold_seconds: float = 30.0
    empty_poll: str = "held"  # what nobody promises: "204" or "200" at once, "503" with a hand-over each time
    events_per_answer: int | None = None
    first_sequence: int = 1  # "first non-empty answer can be 0 or more"
    sequence_step: int = 1  # "not necessarily +1 each time"
    offset: str = "always"
    confirmed_events: str = "kept"  # §13.3: ack -1 replays old events
    ack_ahead: str = "literal"  # an ack beyond all numbers: nothing comes until the log is past it
    second_poll: str = "end"
    second_poll_grace: float = 0.05  # s in which the socket of a poll that was just dropped may be noticed

    # POSTs (§3, §7)
    post_status: int = 200
    post_seconds: float = (
        0.0  # that the server takes over a POST; a hand-over meanwhile answers poll and POST together
    )
    sequence_required: bool = False  # §3.6: the header is optional in practice
    duplicate_sequence: str = "ok"
    chat_end_while_waiting: str = "500"  # §7: ChatEnd before ChatEstablished is not documented as safe
    max_text: int | None = None  # §7: no documented length limit
    error_body: str = "text"

    # Events (§8)
    agent_id: str = "user"
    html_entities: str = "agent"
    empty_message: str = "object"  # "missing": an event without properties has no `message` either
    typing_names: bool = True  # the docs give AgentTyping no properties
    disconnect_names: bool = False  # none in the docs; name and agentId were seen
    typing_order: str = "right"  # "wrong": NotTyping is put before Typing, as one server was seen to do
    queue_position: int = 1
    queue_position_on_accept: int = 0
    estimated_wait: int = 42  # s; -1 unknown
    custom_details: str = "echo"
    attached_records: str = "list"
    sneak_peek: bool = False
    next_agent: str = "ChatEstablished"  # what announces the agent who takes a chat that was waiting again
    idle_enabled: bool = False
    idle_warning: float = 120.0
    idle_timeout: float = 180.0
    idle_key: str = "chasitorIdleTimeout"

    # Hand-over (§6)
    reconnect_again: str = "after_503"  # U: the first answer was lost; 405, and 200 only after one more 503
    reset_sequence: bool | None = True  # None: the property is missing
    post_at_handover: str = "lost"  # U: whether a POST that is answered 503 was stored; "either": every second one
    early_resync: str = "refuse"  # U: ChasitorResyncState before the ChasitorSessionData was fetched
    session_data: str = "first"
    after_handover: str = "unseen"
    before_resync: str = "refuse"

    # Routing and visitor calls (§4.2, §10)
    closed_buttons: list[str] = field(default_factory=list)  # button or agent ids; "*" closes all
    unavailable_as: str = "missing"
    visitor_id_as: str = "event"  # U: "bare": {"sessionId": …} alone
    ping_rate: str = "pingRate"  # X: the guide's table spells it pingrate
    switch_server: str | None = None

    # Files (§9)
    file_max_bytes: int = 10 * 1024 * 1024
    file_extensions: list[str] = field(default_factory=list)  # empty: all
    file_failure: str = "status"  # "event": 200, and only FileTransfer Failure tells it

    # Org: logging in (data sheet §1)
    token_seconds: float = 7200.0  # s after its last use; expires_in is never told
    token_as: str = "opaque"  # "jwt": very long, as in newer apps
    issued_at_in_jwt_answers: bool = False
    token_refusal_status: int = 400
    token_descriptions: bool = True  # error_description may be missing
    password_flow: bool = True  # newer orgs have it switched off
    address_trusted: bool = False  # True: no security token behind the password
    jwt_audiences: list[str] = field(
        default_factory=lambda: ["https://login.salesforce.com", "https://test.salesforce.com"]
    )
    login_host: str = "my_domain"  # "login": client credentials are not supported there
    clock_ahead: float = 0.0  # s that Salesforce's clock is before ours
    logins_per_hour: int = 3600
    lock_after: int = 10  # wrong passwords in a row
    org_active: bool = True

    # Org: data calls (data sheet §2 to §5)
    api_calls_max: int = 15_000
    limit_header: str = "short"  # "per_app": with per-app-api-usage behind it
    data_refuses: str = "nothing"
    oldest_data_version: int = 31
    newest_data_version: int = 68
    retired_version_status: int = 404
    uri_max_bytes: int = 16_384  # U: of the URI alone, and of it and the headers together
    field_names: str = "any_case"  # U: a live bridge's other spellings are taken
    query_page_size: int = 2000
    upsert_updated: int = 200
    person_accounts: bool = False
    assignment_owner: str | None = None  # the active assignment rule gives cases to this user or queue

    # Org: files (data sheet §6)
    multipart_entity: str = "entity_content"  # U, "any": entity_ and any word behind it
    file_base64_max_bytes: int = 39_321_600  # 37.5 MB
    file_multipart_max_bytes: int = 2 * 1024**3
    file_storage_bytes: int | None = None

    # Platform (Yalo §3)
    platform_status: int = 200
    whatsapp_max_text: int | None = 4096  # Yalo W26
    facebook_max_text: int | None = 2000


@dataclass
class Rules(graph.GraphOptions, enhanced_chat.EnhancedChatOptions, OtherOptions):
    """The switches of all worlds."""


CHOICES: dict[str, tuple[object, ...]] = (
    enhanced_chat.CHOICES
    | graph.CHOICES
    | {
        "client_poll_timeout_as": ("int", "string"),
        "empty_poll": ("held", "204", "200", "503"),
        "offset": ("always", "sometimes", "zero"),
        "confirmed_events": ("kept", "forgotten"),
        "ack_ahead": ("literal", "replay"),
        "second_poll": ("end", "only_409"),
        "post_status": (200, 202, 204),
        "duplicate_sequence": ("ok", "409"),
        "chat_end_while_waiting": ("ok", "500"),
        "error_body": ("text", "json"),
        "agent_id": ("user", "uuid", "missing"),
        "html_entities": ("agent", "all", "none"),
        "typing_order": ("right", "wrong"),
        "custom_details": ("echo", "empty"),
        "attached_records": ("list", "string", "missing"),
        "next_agent": ("ChatEstablished", "ChatTransferred"),
        "idle_key": ("chasitorIdleTimeout", "chasitorIdletimeout"),
        "reconnect_again": ("after_503", "405", "200"),
        "reset_sequence": (True, False, None),
        "post_at_handover": ("lost", "stored", "either"),
        "early_resync": ("refuse", "accept"),
        "session_data": ("first", "second", "never"),
        "after_handover": ("unseen", "unseen_with_texts", "all", "nothing"),
        "before_resync": ("refuse", "accept"),
        "empty_message": ("object", "missing"),
        "visitor_id_as": ("event", "bare"),
        "ping_rate": ("pingRate", "pingrate"),
        "unavailable_as": ("missing", "false"),
        "file_failure": ("status", "event"),
        "token_as": ("opaque", "jwt"),
        "token_refusal_status": (400, 401),
        "login_host": ("my_domain", "login"),
        "limit_header": ("short", "per_app"),
        "data_refuses": ("nothing", "api_disabled", "password_expired", "insufficient_access", "not_for_rest"),
        "field_names": ("any_case", "exact"),
        "multipart_entity": ("entity_content", "any"),
        "retired_version_status": (404, 410),
        "upsert_updated": (200, 204),
        "platform_status": (200, 201),
    }
)
WORDS = enhanced_chat.WORDS | graph.WORDS
NULLABLE = (
    enhanced_chat.NULLABLE
    | graph.NULLABLE
    | frozenset(
        {
            "events_per_answer",
            "max_text",
            "switch_server",
            "assignment_owner",
            "file_storage_bytes",
            "whatsapp_max_text",
            "facebook_max_text",
        }
    )
)
