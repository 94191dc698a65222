"""A chat as the control API shows it."""

from __future__ import annotations

from dataclasses import asdict

from ..live_agent.chasitor_init import described
from ..live_agent.chat import Chat
from ..protocol_options import Json


def shown(chat: Chat) -> Json:
    """Everything that a test may want to know of it."""
    transcript = [asdict(line) for line in chat.transcript]
    for line in transcript:
        line["from"] = line.pop("speaker")
    nothing: Json = {"visitor_name": None, "button_id": None, "language": None}
    nothing |= {"prechat_details": [], "prechat_entities": []}
    return {
        "id": chat.id,
        "status": chat.status,
        "end_reason": chat.end_reason,
        **(described(chat.init) if chat.init else nothing),
        "routed_to": chat.routed_to,
        "agent": asdict(chat.agent) if chat.agent else None,
        "established": chat.established,
        "gone": chat.gone,
        "handover": chat.handover,
        "handovers": chat.epoch,
        "transcript": transcript,
        "heard": chat.heard,
        "said": chat.said,
        "records": chat.records,
        "files": chat.files,
        "file_requested": chat.file_token is not None,
        "visitor_typing": chat.visitor_typing,
        "polls": asdict(chat.polls),
        "confirmed": chat.log.confirmed,
        "handed_out": chat.log.handed_out,
        "last_event": chat.log.last_number,
        "last_sequence": chat.sequence.last,
        "duplicates": chat.duplicates,
        "refusals": list(chat.refusals),
        "steps": chat.steps,
    }
