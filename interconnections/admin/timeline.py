"""One conversation as it happened: the record, the poll events and the audit, merged by time, in words.

Pure: entries of the record in, lines out.  What the page says about a desk's events, the desk knows.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.admin.audited import told as told_of
from interconnections.admin.durations import after, lag
from interconnections.bridge.desk_words import event_line, stage_line
from interconnections.lifecycle import FINAL, Status
from interconnections.models.rows.history import Message
from interconnections.moments import moment

PLAIN = "plain"
GOOD = "good"
BAD = "bad"
CLAIMS = tuple(f"claim:{place}" for place in range(10))  # of the hash: 'ms worker', as heartbeat.lua writes them


@dataclass(frozen=True)
class Line:
    """Something that happened.  `message`: what was said, with `fate` as words; else `words` tell it."""

    at: datetime | None
    words: str = ""
    mood: str = PLAIN
    message: Message | None = None
    fate: str = ""
    since: str = ""  # after the conversation was opened
    letter: str = ""  # id of the dead letter of that message


def timeline(row, more, audit, now):
    """`more`: fields that only this page reads; `audit`: (when, who, what was written) of the history."""
    lines = [(0, Line(row.indexed_at, opened(row)))]
    events = row.events_chat
    desk = more.get("desk", "")
    told = [(event.at, line) for event in events if (line := event_line(desk, event.type, event.data))]
    lines += [(1, Line(at, line.words, line.mood)) for at, line in told]
    if row.accepted_at and not any(line.accepts for _, line in told):
        lines.append(
            (1, Line(row.accepted_at, _("%s took the conversation.") % (row.agent_name or _("An agent")), GOOD))
        )
    lines += [(1, Line(at, _("The worker %s took it.") % worker)) for at, worker in owners(more)]
    for message in row.messages:
        lines.append((2, Line(message.at, message=message, fate=fate(message, now), mood=mood(message))))
        lines += [(3, Line(point.at, strange(message, point), BAD)) for point in message.checkpoints if odd(point)]
    for at, who, written in audit:
        if words := told_of(who, written):
            lines.append((1, Line(at, words)))
    if row.ended_at:
        lines.append((4, Line(row.ended_at, ended(row, more), GOOD if row.status == Status.CLOSED else BAD)))
    lines.sort(key=lambda pair: (pair[1].at, pair[0]))
    told_lines = [
        Line(line.at, line.words, line.mood, line.message, line.fate, after(row.indexed_at, line.at))
        for _, line in lines
    ]
    return told_lines + [Line(None, words, mood) for words, mood in presently(row, more)]


def masked(line, person):
    """The same line, as whoever looks may see the person in it."""
    message = line.message
    if message:
        points = [replace(point, why=person.hide(point.why)) for point in message.checkpoints]
        said, name = person.hide(message.text), person.hide(message.name)
        message = replace(message, text=said, name=name, checkpoints=points)
    return replace(line, words=person.hide(line.words), fate=person.hide(line.fate), message=message)


def owners(more):
    """[(since when, worker)], the latest ten; nothing where it was one all the time."""
    claims = [more[name].partition(" ") for name in CLAIMS if name in more]
    return [(moment(at), worker) for at, _, worker in claims] if len(claims) > 1 else []


def opened(row):
    channel = row.get_provider_display() or _("an unknown channel")
    return _("Opened for the bot %(bot)s, on %(channel)s.") % {"bot": row.bot_slug or "–", "channel": channel}


def ended(row, more):
    word = more.get("endWord", "")
    how = f"{row.get_status_display()}: {row.reason or _('no reason was kept')}"
    return f"{how} ({word})." if word and word != row.reason else f"{how}."


# By whether what the user says waits for an agent.
WAITING = {
    True: gettext_lazy("Waiting for an agent%s. What the user says is kept for them."),
    False: gettext_lazy("Waiting for an agent%s. What the user says goes to Salesforce at once."),
}
WAITING_AGAIN = {
    True: gettext_lazy(
        "Waiting again: the agent is gone, the chat lives. What the user says is kept for the next one."
    ),
    False: gettext_lazy(
        "Waiting again: the agent is gone, the chat lives. What the user says goes to Salesforce at once."
    ),
}


def presently(row, more):
    """What is so now, of one that is not over."""
    if row.status in FINAL:
        return
    kept = more.get("waits", "1") == "1"  # what came before desks said it was Live Agent's
    if stage := stage_line(more.get("desk", ""), more.get("handover", "")):
        yield stage, BAD
    if row.leaving:
        yield _("Its end is ordered (%s) and on its way to Salesforce.") % (more.get("leavingReason") or "–"), PLAIN
    elif row.status == Status.ON_HOLD:
        place = more.get("queuePosition", "")
        waits = _(", at place %s of the queue") % place if place not in ("", "0") else ""
        yield WAITING[kept] % waits, PLAIN
    elif row.waiting_again:
        yield WAITING_AGAIN[kept], BAD
    else:
        yield _("Talking to %s.") % (row.agent_name or _("an agent")).rstrip("."), GOOD
    if not row.owner:
        yield _("No worker has it at the moment: nothing is polled or sent until one takes it."), BAD


# What became of a message


def fate(message, now):
    if not message.checkpoints:
        return _("not delivered yet, for %s") % lag(message.at, now)
    words = []
    for point in message.checkpoints:
        word = _("%(what)s after %(time)s") % {"what": what(point), "time": lag(message.at, point.at)}
        words.append(f"{word}: {point.why}" if point.why else word)
    return ", ".join(words)


FATES = {
    "delivered": gettext_lazy("delivered"),
    "given up": gettext_lazy("given up"),
    "sent again": gettext_lazy("sent again"),
    "status:sent": gettext_lazy("sent by the platform"),
    "status:delivered": gettext_lazy("on the phone"),
    "status:read": gettext_lazy("read"),
    "status:played": gettext_lazy("played"),
    "status:failed": gettext_lazy("failed at the platform"),
}
ARRIVED = frozenset({"delivered", "status:sent", "status:delivered", "status:read", "status:played"})


def what(point):
    return FATES.get(point.what, point.what)


def mood(message):
    last = message.checkpoints[-1] if message.checkpoints else None
    return PLAIN if last is None else GOOD if last.what in ARRIVED else BAD


def odd(point):
    return point.what not in ARRIVED


def strange(message, point):
    if message.to_bot:
        place = _("Message #%s to the bot") % message.number
    else:
        place = (_("Message #%s to the agent") if message.to_agent else _("Message #%s to the user")) % message.number
    if point.what == "given up":
        return f"{place} {_('was given up')}: {point.why or _('no reason was kept')}."
    if point.what == "status:failed":
        return f"{place} {_('was taken by the platform and failed')}{f' ({point.why})' if point.why else ''}."
    if point.what == "sent again":
        return f"{place} {_('is sent again')}: {point.why or _('its arrival is not sure')}."
    return f"{place}: {point.what}{f': {point.why}' if point.why else ''}."
