"""The change of servers (§6).

503 to everything, ReconnectSession, ChasitorSessionData, ChasitorResyncState.
"""

from __future__ import annotations

from .. import ids
from ..desk.chat import Line
from ..protocol_options import Json
from ..refusal import Refused
from . import events
from .chat import Chat, Handover
from .refusal import too_early

_TEXTS = {"ChatMessage"}  # ChasitorSessionData repeats them, so they need no event of their own


def begin(chat: Chat) -> None:
    """The server restarts: from now on everything gets 503, an open poll too."""
    chat.handover = Handover.MOVED
    chat.met_handover = 0
    chat.epoch += 1
    chat.step("handover")
    chat.bell.ring()


def stores(chat: Chat, affinity: str) -> bool:
    """Whether a POST that is answered 503 is stored all the same: unknown (§6, edge cases), so a switch."""
    if chat.handover is not Handover.MOVED or affinity != chat.affinity or not chat.established or chat.over:
        return False
    chat.met_handover += 1
    rule = chat.rules.post_at_handover
    return rule == "stored" or (rule == "either" and chat.met_handover % 2 == 1)


def reconnect(chat: Chat, offset: int) -> Json:
    """Answer ReconnectSession: a new affinity, a new numbering, the outbound sequence from the start.

    Once for each hand-over.  What happens when that answer was lost, no sheet says: a switch.
    """
    if not _pending(chat):
        raise Refused(405, "Method Not Allowed")
    chat.handover = Handover.RECONNECTED
    chat.affinity = ids.affinity_token()
    if chat.rules.reset_sequence is not False:
        chat.sequence.reset()
    _renumber(chat, offset)
    chat.step("ReconnectSession")
    message: Json = {"affinityToken": chat.affinity}
    if chat.rules.reset_sequence is not None:
        message["resetSequence"] = chat.rules.reset_sequence
    return {"messages": [events.event("ReconnectSession", message)]}


def _pending(chat: Chat) -> bool:
    """Is ReconnectSession what this chat's client has to call?  If not, 405 (§6, edge cases)."""
    if chat.handover in (Handover.MOVED, Handover.UNHEARD):
        return True
    return chat.handover is Handover.RECONNECTED and chat.rules.reconnect_again == "200"


def resync(chat: Chat, organization_id: str) -> None:
    """ChasitorResyncState: the client is back."""
    if chat.init is not None and chat.init.organization_id != organization_id:
        raise Refused(400, "organizationId is not the one of this chat")
    early = chat.handover is Handover.RESYNCING and chat.rules.session_data != "never" and chat.log.handed_out < 0
    if early and chat.rules.early_resync == "refuse":
        raise too_early("ChasitorResyncState")  # its place is after ChasitorSessionData (§6, steps 5 and 6)
    chat.handover = Handover.NONE
    chat.step("ChasitorResyncState")


def _renumber(chat: Chat, seen: int) -> None:
    """ChasitorSessionData first, then whatever the client has not seen, as the switches say."""
    where, what = chat.rules.session_data, chat.rules.after_handover
    unseen = chat.log.renumber(seen=-1 if what == "all" else seen)
    if what == "nothing":
        unseen = []
    elif what == "unseen":
        unseen = [one for one in unseen if one["type"] not in _TEXTS]
    unseen = [one for one in unseen if one["type"] != "ChasitorSessionData"]
    data = [session_data(chat)] if where != "never" else []
    if where == "second":
        unseen, data = unseen[1:], unseen[:1] + data
    chat.tell(*data, *unseen)


def session_data(chat: Chat) -> Json:
    """ChasitorSessionData (§8): the conversation so far."""
    lines = [line for line in chat.transcript if _type(line) in ("Agent", "Chasitor", "OperatorTransferred")]
    return events.event(
        "ChasitorSessionData",
        {
            "queuePosition": 0 if chat.established else chat.rules.queue_position,
            "geoLocation": {"countryCode": "MX", "countryName": "Mexico"},
            "url": "",
            "oref": "",
            "postChatUrl": "",
            "sneakPeekEnabled": chat.rules.sneak_peek,
            "chatMessages": [_repeated(chat, line, number) for number, line in enumerate(lines, start=1)],
        },
    )


def _repeated(chat: Chat, line: Line, number: int) -> Json:
    write = events.visitor_text if line.speaker == "visitor" else events.agent_text
    return {
        "type": _type(line),
        "name": line.name if line.speaker != "system" else "",
        "content": write(chat.rules, line.text),
        "timestamp": line.at,
        "sequence": number,
    }


def _type(line: Line) -> str:
    return {"agent": "Agent", "visitor": "Chasitor"}.get(line.speaker, line.name)
