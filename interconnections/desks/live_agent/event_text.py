"""What Live Agent's events say, as a supervisor reads them: an event's type and its kept JSON in, words out.

Texts are told by the message record, typing by nobody: those give None.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.desks.desk import Line
from interconnections.desks.live_agent.events import idle_of, rules_of
from interconnections.desks.loosely import Json, object_of, parsed
from interconnections.desks.news import Rule

# How far a hand-over has come: the hash's word -> a sentence.
STAGES = {
    "reconnect": gettext_lazy(
        "Hand-over: Salesforce moves the chat to another server. We ask for the way to it; "
        "nothing is sent meanwhile, and nothing is lost."
    ),
    "asked": gettext_lazy("Hand-over: the new server was asked for the chat; its answer is not known yet."),
    "doubt": gettext_lazy("Hand-over: nobody knows whether the new server has the chat; polls will show it."),
    "data": gettext_lazy(
        "Hand-over: the new server has the chat. We wait for it to say what it knows; messages are held."
    ),
    "resync": gettext_lazy(
        "Hand-over: both sides were compared. The new server is asked to go on; messages are held until then."
    ),
}
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


def told(type: str, kept: str, applies: Callable[[Rule], bool]) -> Line | None:
    """None for what is no line of its own.  `applies`: can this rule of sensitive data be applied here?"""
    if type in SILENT:
        return None
    body = object_of(parsed(kept))
    if type in ("ChatRequestSuccess", "SensitiveDataRules"):
        return (queued if type == "ChatRequestSuccess" else masked)(body, applies)
    if words := WORDS.get(type):
        return words(body)
    return Line(_("Salesforce told “%s”, which the bridge keeps and passes over.") % type)


def word(body: Json, name: str) -> str:
    value = body.get(name)
    return str(value)[:200] if isinstance(value, str | int | float) else ""


def queued(body: Json, applies: Callable[[Rule], bool]) -> Line:
    rules = masked(body, applies) if body.get("sensitiveDataRules") else Line("")
    words = _("Salesforce put the user into the queue%s.") % place(body, "queuePosition")
    return Line(f"{words} {rules.words}".rstrip(), rules.mood)


def masked(body: Json, applies: Callable[[Rule], bool]) -> Line:
    """The rules of sensitive data: how many, and which of them cannot be applied here."""
    rules = rules_of(body)
    if not rules:
        return Line(_("Salesforce has no rules of sensitive data."))
    words = _("Sensitive data is masked before it is sent; rules: %s.") % len(rules)
    hopeless = [rule.name or rule.id or "?" for rule in rules if not applies(rule)]
    if not hopeless:
        return Line(words)
    only = _("Only Salesforce itself can apply these: %s.") % ", ".join(hopeless)[:200]
    return Line(f"{words} {only}", "bad")


def moved(body: Json) -> Line:
    if word(body, "position") == "0":
        return Line(_("The queue moved: the user is next."))
    how_far = place(body, "position") or _(", it did not say how far")
    return Line(_("The queue moved%s.") % how_far)


def place(body: Json, name: str) -> str:
    position, wait = word(body, name), word(body, "estimatedWaitTime")
    told = _(", at place %s") % position if position not in ("", "0") else ""
    return told + (_(", for about %s s") % wait if wait and not wait.startswith("-") and wait != "0" else "")


def joined(body: Json) -> Line:
    words = _("%s took the conversation.") % (word(body, "name") or _("An agent"))
    return Line(words + silence(body), "good", accepts=True)


def transferred(body: Json) -> Line:
    who = word(body, "name") or _("another agent")
    return Line((_("Transferred: %s has the conversation from here on.") % who) + silence(body))


def silence(body: Json) -> str:
    idle = idle_of(body)
    return " " + _("Salesforce ends it when the user says nothing for %s s.") % idle.end if idle and idle.end else ""


def dropped(body: Json) -> Line:
    return Line(_("Waiting again: the agent's connection was lost. The chat lives, the next agent goes on."), "bad")


def requeued(body: Json) -> Line:
    return Line(_("Waiting again: the agent handed the user back to a queue."), "bad")


def refused(body: Json) -> Line:
    reason = word(body, "reason")
    return Line(_("Salesforce gave up: %s.") % NO_AGENT.get(reason, reason or NO_AGENT["Unknown"]), "bad")


def ended(body: Json) -> Line:
    reason = word(body, "reason")
    return Line(_("Salesforce ended the chat: %s.") % ENDED.get(reason, reason or ENDED["unknown"]))


def compared(body: Json) -> Line:
    lines = body.get("chatMessages")
    known = _(" (messages: %s)") % len(lines) if isinstance(lines, list) else ""
    return Line(_("Hand-over: the new server told what it knows%s, and both sides were compared.") % known)


def switched(body: Json) -> Line:
    return Line(_("Hand-over: Salesforce says that this chat lives on another server."))


def file(body: Json) -> Line:
    words, mood = FILES.get(word(body, "type"), (_("Salesforce told something about a file."), "plain"))
    return Line(str(words), mood)


def custom(body: Json) -> Line:
    kind = word(body, "type")
    if not kind:
        return Line(_("The agent's console sent an event of its own."))
    return Line(_("The agent's console sent an event of its own: %s.") % kind)


def later(body: Json) -> Line:
    wrong = any(body.get(name) is True for name in ("isError", "error"))  # names unconfirmed
    if not wrong:
        return Line(_("Salesforce told how a request of ours went."))
    why = word(body, "message") or ENDED["unknown"]
    return Line(_("Salesforce says that a request of ours failed after all: %s.") % why, "bad")


WORDS: dict[str, Callable[[Json], Line]] = {
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
    "AsyncResult": later,
}
