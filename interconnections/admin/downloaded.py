"""A conversation as a file: the story that its page shows, as text to read or as a record for programs.

Pure; what is masked on the page is masked here, as the story comes so.
"""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def as_text(row, story):
    """A head of facts, then a line for what happened, and what was said below who said it."""
    head = [f"{_('Conversation')} {row.pk}", f"{row.get_status_display()} {row.reason}".strip()]
    head += [f"{name}: {words}" for name, words, _address in story["facts"]]
    lines = [_line(line, row, story["person"]) for line in story["timeline"]]
    return "\n".join([*head, "", *lines, ""])


def _line(line, row, person):
    at = localtime(line.at).isoformat(" ", "seconds") if line.at else _("now")
    if not line.message:
        return f"{at}  * {line.words}"
    message = line.message
    said = message.text.replace("\n", "\n    ")
    return f"{at}  {speaker(message, row, person)} {_whereto(message)} (#{message.number}, {line.fate})\n    {said}"


def speaker(message, row, person):
    if message.origin == "user":
        return person.name or _("User")
    return message.name or row.agent_name or _("Agent") if message.origin == "agent" else _("Bridge")


def _whereto(message):
    if message.to_agent:
        return _("to the agent")
    return _("to the bot") if message.to_bot else _("to the user")


def as_record(row, story):
    """Keys are English in every language; moments are ISO 8601 with their zone."""
    person = story["person"]
    return {
        "session": row.pk,
        "bot": row.bot_slug,
        "provider": row.provider,
        "status": row.status,
        "reason": row.reason,
        "opened": row.indexed_at,
        "accepted": row.accepted_at,
        "ended": row.ended_at,
        "agent": row.agent_name,
        "case": row.case_id,
        "user": {"name": person.name, "id": person.user_id, "phone": person.phone, "email": person.email},
        "masked": not person.open,
        "extra": story["extra"],
        "messages": [_message(line.message) for line in story["timeline"] if line.message],
        "happened": [{"at": line.at, "what": line.words} for line in story["timeline"] if not line.message],
        "events": [
            {"at": event.at, "sequence": event.sequence, "type": event.type, "data": event.data}
            for event in story["events"]
        ],
    }


def _message(message):
    return {
        "number": message.number,
        "at": message.at,
        "from": message.origin,
        "to": "agent" if message.to_agent else "bot" if message.to_bot else "user",
        "kind": message.kind,
        "name": message.name,
        "text": message.text,
        "checkpoints": [{"what": point.what, "at": point.at, "why": point.why} for point in message.checkpoints],
    }
