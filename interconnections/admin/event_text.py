"""What Live Agent's events say, as a supervisor reads them: an event's type and its kept JSON in, words out.

Texts are told by the message record, typing by nobody: those give None.
"""

import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.bridge.masking import mask_of
from interconnections.desks.live_agent.events import idle_of, rules_of

SILENT = {
    "ChatMessage",
    "RichMessage",
    "AgentTyping",
    "AgentNotTyping",
    "Availability",
    "NewVisitorBreadcrumb",
}
ENDED = {
    "agent": gettext_lazy("the agent ended the chat"),
    "client": gettext_lazy("our side left the chat"),
    "clientIdleTimeout": gettext_lazy("the user said nothing for too long"),
    "agentsUnavailable": gettext_lazy("no agent is available any more"),
    "agentPushTimeout": gettext_lazy("no agent took the chat in time"),
    "NoPost": gettext_lazy("it did not take the way in which the chat was asked for"),
    "unknown": gettext_lazy("it did not say why"),
}
NO_AGENT = {
    "Unavailable": gettext_lazy("no agent is online, or all declined"),
    "Blocked": gettext_lazy("this visitor is blocked"),
    "InternalFailure": gettext_lazy("it had a failure of its own"),
    "NoPost": gettext_lazy("it did not take the way in which the chat was asked for"),
    "Unknown": gettext_lazy("it did not say why"),
}
FILES = {
    "Requested": (gettext_lazy("The agent asks the user for a file."), "plain"),
    "Canceled": (gettext_lazy("The agent no longer asks for a file."), "plain"),
    "Success": (gettext_lazy("A file of the user arrived."), "good"),
    "Failure": (gettext_lazy("A file of the user did not arrive."), "bad"),
}


def told(type, data):
    """(words, mood), or None for what is no line of its own.  mood: plain | good | bad."""
    if type in SILENT:
        return None
    body = read(data)
    if words := WORDS.get(type):
        return words(body)
    return _("Salesforce told “%s”, which the bridge keeps and passes over.") % type, "plain"


def read(data):
    try:
        body = json.loads(data)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def word(body, name):
    value = body.get(name)
    return str(value)[:200] if isinstance(value, str | int | float) else ""


def queued(body):
    rules, mood = masked(body) if body.get("sensitiveDataRules") else ("", "plain")
    words = _("Salesforce put the user into the queue%s.") % place(body, "queuePosition")
    return f"{words} {rules}".rstrip(), mood


def masked(body):
    """The rules of sensitive data: how many, and which of them cannot be applied here."""
    rules = rules_of(body)
    if not rules:
        return _("Salesforce has no rules of sensitive data."), "plain"
    words = _("Sensitive data is masked before it is sent; rules: %s.") % len(rules)
    hopeless = [rule.name or rule.id or "?" for rule in rules if mask_of(rule) is None]
    if not hopeless:
        return words, "plain"
    only = _("Only Salesforce itself can apply these: %s.") % ", ".join(hopeless)[:200]
    return f"{words} {only}", "bad"


def moved(body):
    if word(body, "position") == "0":
        return _("The queue moved: the user is next."), "plain"
    how_far = place(body, "position") or _(", it did not say how far")
    return _("The queue moved%s.") % how_far, "plain"


def place(body, name):
    position, wait = word(body, name), word(body, "estimatedWaitTime")
    told = _(", at place %s") % position if position not in ("", "0") else ""
    return told + (_(", for about %s s") % wait if wait and not wait.startswith("-") and wait != "0" else "")


def joined(body):
    return (_("%s took the conversation.") % (word(body, "name") or _("An agent"))) + silence(body), "good"


def transferred(body):
    who = word(body, "name") or _("another agent")
    return (_("Transferred: %s has the conversation from here on.") % who) + silence(body), "plain"


def silence(body):
    idle = idle_of(body)
    return " " + _("Salesforce ends it when the user says nothing for %s s.") % idle.end if idle and idle.end else ""


def dropped(body):
    return _("Waiting again: the agent's connection was lost. The chat lives, the next agent goes on."), "bad"


def requeued(body):
    return _("Waiting again: the agent handed the user back to a queue."), "bad"


def refused(body):
    reason = word(body, "reason")
    return _("Salesforce gave up: %s.") % NO_AGENT.get(reason, reason or NO_AGENT["Unknown"]), "bad"


def ended(body):
    reason = word(body, "reason")
    return _("Salesforce ended the chat: %s.") % ENDED.get(reason, reason or ENDED["unknown"]), "plain"


def compared(body):
    lines = body.get("chatMessages")
    known = _(" (messages: %s)") % len(lines) if isinstance(lines, list) else ""
    return _("Hand-over: the new server told what it knows%s, and both sides were compared.") % known, "plain"


def switched(body):
    return _("Hand-over: Salesforce says that this chat lives on another server."), "plain"


def file(body):
    words, mood = FILES.get(word(body, "type"), (_("Salesforce told something about a file."), "plain"))
    return str(words), mood


def custom(body):
    kind = word(body, "type")
    if not kind:
        return _("The agent's console sent an event of its own."), "plain"
    return _("The agent's console sent an event of its own: %s.") % kind, "plain"


def later(body):
    wrong = any(body.get(name) is True for name in ("isError", "error"))  # names unconfirmed
    if not wrong:
        return _("Salesforce told how a request of ours went."), "plain"
    why = word(body, "message") or ENDED["unknown"]
    return _("Salesforce says that a request of ours failed after all: %s.") % why, "bad"


WORDS = {
    "ChatRequestSuccess": queued,
    "ChatRequestFail": refused,
    "QueueUpdate": moved,
    "ChatEstablished": joined,
    "ChatTransferred": transferred,
    "AgentDisconnect": dropped,
    "TransferToButtonInitiated": requeued,
    "ChatEnded": ended,
    "ChasitorSessionData": compared,
    "SwitchServer": switched,
    "FileTransfer": file,
    "CustomEvent": custom,
    "SensitiveDataRules": masked,
    "AsyncResult": later,
}
