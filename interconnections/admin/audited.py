"""How supervisors' acts stand in the history, and how a conversation's timeline tells them."""

from django.utils.translation import gettext_lazy as _

# By the act: what the entry begins with, before the reason; and the sentence of the timeline.
AUDITED = {
    "end": ("Ended by a supervisor: ", _("%(who)s ended the conversation: %(why)s")),
    "say": ("Said to the user: ", _("%(who)s said something to the user: %(why)s")),
    "return": ("Returned to the bot: ", _("%(who)s returned the user to the bot: %(why)s")),
    "reconnect": ("Had it connect anew: ", _("%(who)s had the conversation connect anew: %(why)s")),
    "release": ("Took it from its worker: ", _("%(who)s took the conversation from its worker: %(why)s")),
    "block": ("Blocked the user: ", _("%(who)s blocked the user: %(why)s")),
    "unblock": ("Let the user in again: ", _("%(who)s let the user in again: %(why)s")),
    "resend": ("Sent dead letters again ", _("%(who)s sent dead letters again %(why)s")),
    "drop": ("Dropped dead letters ", _("%(who)s dropped dead letters %(why)s")),
    "note": ("Noted: ", _("%(who)s noted: %(why)s")),
}
# Behind the reason, where Redis took the order and its answer was lost, or was away before it came.
PERHAPS = " (perhaps: Redis did not answer)"


def told(who, written):
    """An entry of the history in words; "" for one that the timeline does not tell."""
    for begins, sentence in AUDITED.values():
        if written.startswith(begins):
            why = written.removeprefix(begins)
            what = sentence % {"who": who, "why": why.removesuffix(PERHAPS)}
            return _("%(what)s (perhaps: Redis did not answer)") % {"what": what} if why.endswith(PERHAPS) else what
    return ""
