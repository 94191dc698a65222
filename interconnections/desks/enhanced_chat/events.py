"""A conversation's events in our words (sections 6.1, 6.2).  Pure: JSON in, one Event each, whatever it holds.

JSON never leaves this room, but for what EventsChat keeps.
"""

from collections.abc import Callable

from interconnections.desks import news
from interconnections.desks.enhanced_chat.entry import ADDRESSES, HIDDEN, Entry, entry_of
from interconnections.desks.enhanced_chat.messages import answered, read_message
from interconnections.desks.enhanced_chat.sse import Frame
from interconnections.desks.kept import kept
from interconnections.desks.loosely import Json, first_text, object_of, objects, parsed, text, whole, whole_characters
from interconnections.desks.meanings import meant
from interconnections.lifecycle import Reason

TAKEN, UNROUTED = "none", "routingerror"  # as a failure's type: there is none; nobody could be found
CLOSED = "conversationClosed"  # our word for how it ended, where the desk has none


def read_frame(frame: Frame, conversation_id: str) -> news.Event | None:
    """None for what is nobody's news: a ping, a part of a text that follows whole, another conversation of the user.

    One that does not say whose it is, is taken for ours: the stream is the user's own.
    """
    if frame.event in UNTOLD:
        return None
    body = parsed(frame.data)
    envelope = object_of(body)
    owner = text(envelope, "conversationId")
    if owner and owner.lower() != conversation_id.lower():
        return None
    type, raw = whole_characters(frame.event[:80]), envelope.get("conversationEntry")
    if not isinstance(raw, dict):
        told = kept(body if body is not None else frame.data, HIDDEN, ADDRESSES)
        return news.Event(type, told, news.Other(), known=type in PASSED_OVER)
    return read_event(type, raw)


def read_entry(raw: Json) -> news.Event | None:
    """An entry of /entries (section 4.7), as the same event of a stream would be read; None as there."""
    written = text(raw, "entryType") or text(object_of(raw.get("entryPayload")), "entryType")
    type = EVENTS.get(written, written[:80] or "(none)")
    return None if type in UNTOLD else read_event(type, raw)


def read_event(type: str, raw: Json) -> news.Event:
    entry = entry_of(raw)
    meaning = MEANINGS.get(type)
    told, fault = meant(meaning, entry)
    return news.Event(
        type,
        entry.kept,
        told,
        known=not fault and type in KNOWN,
        id=entry.id,
        at=entry.at,
        answers=answered(entry),
        fault=fault,
    )


def read_kept(type: str, stored: str) -> news.News | None:
    """The same from what EventsChat keeps; None where that was cut."""
    body = parsed(stored)
    return read_event(type, object_of(body)).news if body is not None else None


def _participants(entry: Entry) -> news.News:
    """All of `entries`, in order: a bot leaves and an agent joins in one event."""
    came: dict[str, str] = {}
    left: dict[str, str] = {}
    for row in objects(entry.payload.get("entries")):
        who = object_of(row.get("participant"))
        if text(who, "role").casefold() != "agent":
            continue
        name = text(row, "displayName")
        id = text(who, "subject") or name
        match text(row, "operation").casefold():
            case "add":
                left.pop(id, None)
                came[id] = name
            case "remove":
                came.pop(id, None)
                left[id] = name
    if came:
        id, name = list(came.items())[-1]
        return news.AgentChanged(id, name) if left else news.AgentJoined(id, name)
    if left:
        return news.AgentLeft(*list(left.items())[-1])
    return news.Other()


def _routed(entry: Entry) -> news.News:
    """A failure of the type None is none: queued, and not yet an agent."""
    body = entry.payload
    failure = text(body, "failureType").strip()
    if failure.casefold() == TAKEN:
        wait = whole(object_of(body.get("estimatedWaitTime")), "estimatedWaitTimeInSeconds", -1)
        return news.Queued(wait=max(wait, -1))
    if not failure:
        return news.Other()
    reason = Reason.NO_AGENT if failure.casefold() == UNROUTED else Reason.REFUSED
    return news.NoAgent(_why(body) or failure[:80], reason)


def _why(body: Json) -> str:
    messages = body.get("errorMessages")
    said = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], str) else ""
    return (first_text(body, "failureReason") or whole_characters(said).strip())[:200]


def _session(entry: Entry) -> news.News:
    """Ended is the end of the service: the role that ended it is told, and not reliable."""
    if text(entry.payload, "sessionStatus").casefold() != "ended":
        return news.Other()
    return news.Ended(first_text(entry.payload, "sessionEndedByRole")[:80] or "unknown")


def _typing(on: bool) -> Callable[[Entry], news.News]:
    return lambda entry: news.Other() if entry.by_user else news.AgentTyping(on)


def _read(entry: Entry) -> news.News:
    """Of what the agent wrote the user is told by nobody but their phone."""
    return news.Other() if entry.by_user else news.AgentRead(entry.at)


def _queue(entry: Entry) -> news.News:
    """The position's name is unconfirmed: whichever speaks of one."""
    body = entry.payload
    named = [name for name in body if "position" in name.lower()]
    places = [place for name in named if (place := whole(body, name, 0)) > 0]
    wait = whole(object_of(body.get("estimatedWaitTime")), "estimatedWaitTimeInSeconds", -1)
    return news.QueueMoved(places[0], max(wait, -1)) if places else news.Other()


# What is not listed is kept, counted, and passed over.
MEANINGS: dict[str, Callable[[Entry], news.News]] = {
    "CONVERSATION_MESSAGE": read_message,
    "CONVERSATION_PARTICIPANT_CHANGED": _participants,
    "CONVERSATION_ROUTING_RESULT": _routed,
    "CONVERSATION_SESSION_STATUS_CHANGED": _session,
    "CONVERSATION_CLOSE_CONVERSATION": lambda entry: news.Ended(CLOSED, Reason.USER_LEFT),
    "CONVERSATION_TYPING_STARTED_INDICATOR": _typing(True),
    "CONVERSATION_TYPING_STOPPED_INDICATOR": _typing(False),
    "CONVERSATION_TYPING_INDICATOR": _typing(True),
    "CONVERSATION_PROGRESS_INDICATOR": _typing(True),
    "CONVERSATION_READ_ACKNOWLEDGEMENT": _read,
    "CONVERSATION_QUEUE_POSITION": _queue,
}
# Documented, and not our business: kept in EventsChat like all others.
PASSED_OVER = frozenset(
    {
        "CONVERSATION_DELIVERY_ACKNOWLEDGEMENT",  # platforms have no mark for it
        "CONVERSATION_ROUTING_WORK_RESULT",
        "CONVERSATION_END_USER_CONSENT_UPDATED",
        "CONVERSATION_CLIENT_ACTION",
        "CONVERSATION_CLIENT_MENU",
    }
)
# Not even kept: the one says nothing, the other says it again and again before it is said.
UNTOLD = frozenset({"ping", "CONVERSATION_STREAMING_TOKEN"})
KNOWN = frozenset(MEANINGS) | PASSED_OVER
# entryType -> the event that tells it on a stream.
EVENTS = {
    "Message": "CONVERSATION_MESSAGE",
    "ParticipantChanged": "CONVERSATION_PARTICIPANT_CHANGED",
    "RoutingResult": "CONVERSATION_ROUTING_RESULT",
    "RoutingWorkResult": "CONVERSATION_ROUTING_WORK_RESULT",
    "SessionStatusChanged": "CONVERSATION_SESSION_STATUS_CHANGED",
    "CloseConversation": "CONVERSATION_CLOSE_CONVERSATION",
    "TypingStartedIndicator": "CONVERSATION_TYPING_STARTED_INDICATOR",
    "TypingStoppedIndicator": "CONVERSATION_TYPING_STOPPED_INDICATOR",
    "TypingIndicator": "CONVERSATION_TYPING_INDICATOR",
    "ProgressIndicator": "CONVERSATION_PROGRESS_INDICATOR",
    "StreamingToken": "CONVERSATION_STREAMING_TOKEN",
    "DeliveryAcknowledgement": "CONVERSATION_DELIVERY_ACKNOWLEDGEMENT",
    "ReadAcknowledgement": "CONVERSATION_READ_ACKNOWLEDGEMENT",
    "QueuePosition": "CONVERSATION_QUEUE_POSITION",
    "EndUserConsentUpdated": "CONVERSATION_END_USER_CONSENT_UPDATED",
    "ClientAction": "CONVERSATION_CLIENT_ACTION",
    "ClientMenu": "CONVERSATION_CLIENT_MENU",
}
