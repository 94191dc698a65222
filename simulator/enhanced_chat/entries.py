"""An entry of a conversation, as the stream tells it (EC §6.1) and as the list shows it (EC §4.7)."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field

from .. import ids
from ..protocol_options import Json

EVENTS = {  # entryType -> the name of its event (EC §6.2)
    "Message": "CONVERSATION_MESSAGE",
    "ParticipantChanged": "CONVERSATION_PARTICIPANT_CHANGED",
    "RoutingResult": "CONVERSATION_ROUTING_RESULT",
    "RoutingWorkResult": "CONVERSATION_ROUTING_WORK_RESULT",
    "SessionStatusChanged": "CONVERSATION_SESSION_STATUS_CHANGED",
    "CloseConversation": "CONVERSATION_CLOSE_CONVERSATION",
    "TypingStartedIndicator": "CONVERSATION_TYPING_STARTED_INDICATOR",
    "TypingStoppedIndicator": "CONVERSATION_TYPING_STOPPED_INDICATOR",
    "DeliveryAcknowledgement": "CONVERSATION_DELIVERY_ACKNOWLEDGEMENT",
    "ReadAcknowledgement": "CONVERSATION_READ_ACKNOWLEDGEMENT",
    "QueuePosition": "CONVERSATION_QUEUE_POSITION",
}
LISTED = frozenset(  # what the list of entries keeps; the rest is told once
    {
        "Message",
        "ParticipantChanged",
        "RoutingResult",
        "SessionStatusChanged",
        "CloseConversation",
        "DeliveryAcknowledgement",
        "ReadAcknowledgement",
    }
)
TYPING = frozenset({"TypingStartedIndicator", "TypingStoppedIndicator"})


@dataclass(frozen=True)
class Sender:
    """Who an entry is from."""

    role: str
    app_type: str
    subject: str
    client: str
    name: str

    def shown(self) -> Json:
        """As participants and senders are written."""
        return {
            "role": self.role,
            "appType": self.app_type,
            "subject": self.subject,
            "clientIdentifier": self.client,
        }


SYSTEM = Sender("System", "conversation", "conversation", "system", "Automated Process")
CHATBOT = Sender("Chatbot", "chatbot", "0Xx000000000001AAA", "chatbot", "Bot")


@dataclass(eq=False)
class Entry:
    """One thing in the thread.  `payload` has its own `entryType` and `id`."""

    type: str
    payload: Json
    sender: Sender = SYSTEM
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    related: list[str] = field(default_factory=list)
    client_at: int = field(default_factory=ids.now_ms)
    at: int = field(default_factory=ids.now_ms)  # transcriptedTimestamp
    delivered: int | None = None  # when the other side had it, ms
    read: int | None = None

    def __post_init__(self) -> None:
        self.payload = {"entryType": self.type, "id": self.id} | self.payload

    def event(self, conversation: str, channel: str) -> Json:
        """The envelope; `entryPayload` is a string that holds JSON."""
        return {
            "channelPlatformKey": channel,
            "channelType": "embedded_messaging",
            "channelAddressIdentifier": channel,
            "conversationId": conversation,
            "conversationEntry": self._shown() | {"entryPayload": _as_string(self.payload)},
        }

    def listed(self, payload_as: str) -> Json:
        """As the list of entries writes it."""
        payload = _as_string(self.payload) if payload_as == "string" else self.payload
        return self._shown() | {
            "entryPayload": payload,
            "actorType": self.sender.role,
            "actorName": self.sender.name,
            "isSent": True,
            "isDelivered": self.delivered is not None,
            "deliveryAcknowledgementTimestamp": self.delivered,
            "isRead": self.read is not None,
            "readAcknowledgementTimestamp": self.read,
        }

    def _shown(self) -> Json:
        return {
            "senderDisplayName": self.sender.name,
            "identifier": self.id,
            "entryType": self.type,
            "sender": self.sender.shown(),
            "contextParamMap": {},
            "visibilityStrategy": "",
            "transcriptedTimestamp": self.at,
            "relatedRecords": self.related,
            "clientTimestamp": self.client_at,
            "clientDuration": 0,
        }


def _as_string(payload: Json) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
