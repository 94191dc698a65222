"""What the list says of a conversation beside its fields: how long its user waits, who spoke last, what keeps it.

Pure: a row and its glance (store/glance.py) in, words out.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from interconnections.admin.durations import roughly
from interconnections.bridge.desk_words import stage_line

LATE = 10_000  # ms after which what is due, or wants a worker, is in trouble
LONGEST = 120  # characters of what a shore said
TO: dict[str, Promise] = {
    "salesforce": gettext_lazy("to the agent"),
    "integration": gettext_lazy("to the user"),
    "bot": gettext_lazy("to the bot"),
}


@dataclass(frozen=True)
class LastWord:
    said_by: str  # user | agent
    who: str
    age: str


def waiting(row, glance):
    """(how long their user waits, or waited for their first agent; whether they wait now)."""
    if glance.waits:
        return roughly((glance.at - glance.waits) / 1000), True
    until = row.accepted_at or row.ended_at
    if not (row.opened_at and until):
        return "", False
    return roughly((until - row.opened_at).total_seconds()), False


def last_word(glance):
    """None where nobody has said anything."""
    at = max(glance.user_said, glance.agent_said)
    if not at:
        return None
    side = "user" if glance.user_said >= glance.agent_said else "agent"
    who = pgettext("last word", "user") if side == "user" else pgettext("last word", "agent")
    return LastWord(side, who, roughly((glance.at - at) / 1000))


def troubles(glance):
    """What keeps it, the worst first; empty where all is well."""
    found = []
    if glance.unowned and glance.at - glance.unowned >= LATE:
        found.append(_("no worker for %s") % _age(glance, glance.unowned))
    if stage := stage_line(glance.desk, glance.handover):
        found.append(stage)
    for lane in glance.lanes:
        if words := _of_a_lane(glance, lane):
            found.append(f"{TO.get(lane.lane, lane.lane)}: {words}")
    return found


def _of_a_lane(glance, lane):
    why = f" ({lane.why[:LONGEST]})" if lane.why else ""
    if lane.paused > glance.at:
        return _("paused%s") % why
    if lane.failing:
        return _("tried again for %s") % _age(glance, lane.failing) + why
    if lane.due and glance.at - lane.due >= LATE:
        return _("%(number)s undelivered for %(time)s") % {"number": lane.items, "time": _age(glance, lane.due)}
    return ""


def _age(glance, since):
    return roughly((glance.at - since) / 1000)
