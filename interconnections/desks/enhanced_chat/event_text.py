"""What Enhanced Chat's events say, as a supervisor reads them: an event's type and its kept entry in, words out.

Texts are told by the message record, typing and acknowledgements by nobody: those give None.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.desks import news
from interconnections.desks.desk import Line
from interconnections.desks.enhanced_chat.events import CLOSED, KNOWN, UNTOLD, read_event
from interconnections.desks.loosely import object_of, parsed
from interconnections.desks.news import Rule

SILENT = UNTOLD | {
    "CONVERSATION_MESSAGE",
    "CONVERSATION_TYPING_STARTED_INDICATOR",
    "CONVERSATION_TYPING_STOPPED_INDICATOR",
    "CONVERSATION_TYPING_INDICATOR",
    "CONVERSATION_PROGRESS_INDICATOR",
    "CONVERSATION_DELIVERY_ACKNOWLEDGEMENT",
    "CONVERSATION_READ_ACKNOWLEDGEMENT",
    "CONVERSATION_ROUTING_WORK_RESULT",
    "CONVERSATION_END_USER_CONSENT_UPDATED",
    "CONVERSATION_CLIENT_ACTION",
    "CONVERSATION_CLIENT_MENU",
}
ENDED = {
    "agent": gettext_lazy("the agent ended the session"),
    "enduser": gettext_lazy("the user's side ended the session"),
    "system": gettext_lazy("Salesforce ended the session"),
    CLOSED.casefold(): gettext_lazy("the conversation was closed by another client of this user"),
    "unknown": gettext_lazy("it did not say why"),
}


def told(type: str, kept: str, applies: Callable[[Rule], bool]) -> Line | None:
    """None for what is no line of its own."""
    if type in SILENT:
        return None
    match read_event(type, object_of(parsed(kept))).news:
        case news.Queued(wait=wait):
            how_long = _(", for about %s s") % wait if wait > 0 else ""
            return Line(_("Salesforce put the user into the queue%s.") % how_long)
        case news.QueueMoved(position=position):
            return Line(_("The queue moved%s.") % (_(", at place %s") % position))
        case news.AgentJoined(name=name):
            return Line(_("%s took the conversation.") % (name or _("An agent")), "good", accepts=True)
        case news.AgentChanged(name=name):
            who = name or _("another agent")
            return Line(_("Transferred: %s has the conversation from here on.") % who)
        case news.AgentLeft(name=name):
            return Line(_("%s left the conversation.") % (name or _("An agent")))
        case news.NoAgent(word=word):
            return Line(_("Salesforce found no agent: %s.") % (word or ENDED["unknown"]), "bad")
        case news.Ended(word=word):
            return Line(_("Salesforce ended the chat: %s.") % ENDED.get(word.casefold(), word))
    if type in KNOWN:
        return None
    return Line(_("Salesforce told “%s”, which the bridge keeps and passes over.") % type)
