"""What Live Agent's events say, as a supervisor reads them: an event's type and its kept JSON in, words out.

Texts are told by the message record, typing by nobody: those give None.
"""

import json

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
    "agent": "the agent ended the chat",
    "client": "our side left the chat",
    "clientIdleTimeout": "the user said nothing for too long",
    "agentsUnavailable": "no agent is available any more",
    "agentPushTimeout": "no agent took the chat in time",
    "NoPost": "it did not take the way in which the chat was asked for",
    "unknown": "it did not say why",
}
NO_AGENT = {
    "Unavailable": "no agent is online, or all declined",
    "Blocked": "this visitor is blocked",
    "InternalFailure": "it had a failure of its own",
    "NoPost": "it did not take the way in which the chat was asked for",
    "Unknown": "it did not say why",
}
FILES = {
    "Requested": ("The agent asks the user for a file.", "plain"),
    "Canceled": ("The agent no longer asks for a file.", "plain"),
    "Success": ("A file of the user arrived.", "good"),
    "Failure": ("A file of the user did not arrive.", "bad"),
}


def told(type, data):
    """(words, mood), or None for what is no line of its own.  mood: plain | good | bad."""
    if type in SILENT:
        return None
    body = read(data)
    if words := WORDS.get(type):
        return words(body)
    return f"Salesforce told “{type}”, which the bridge keeps and passes over.", "plain"


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
    return f"Salesforce put the user into the queue{place(body, 'queuePosition')}. {rules}".rstrip(), mood


def masked(body):
    """The rules of sensitive data: how many, and which of them cannot be applied here."""
    rules = rules_of(body)
    hopeless = [rule.name or rule.id or "without a name" for rule in rules if mask_of(rule) is None]
    words = f"Sensitive data is masked before it is sent, by {len(rules)} rule{'s' if len(rules) != 1 else ''}"
    if not rules:
        return "Salesforce has no rules of sensitive data.", "plain"
    if not hopeless:
        return f"{words}.", "plain"
    return f"{words}, but for {', '.join(hopeless)[:200]}: only Salesforce itself can apply that.", "bad"


def moved(body):
    if word(body, "position") == "0":
        return "The queue moved: the user is next.", "plain"
    return f"The queue moved{place(body, 'position') or ', it did not say how far'}.", "plain"


def place(body, name):
    position, wait = word(body, name), word(body, "estimatedWaitTime")
    told = f", at place {position}" if position not in ("", "0") else ""
    return told + (f", for about {wait} s" if wait and not wait.startswith("-") and wait != "0" else "")


def joined(body):
    return f"{word(body, 'name') or 'An agent'} took the conversation.{silence(body)}", "good"


def transferred(body):
    who = word(body, "name") or "another agent"
    return f"Transferred: {who} has the conversation from here on.{silence(body)}", "plain"


def silence(body):
    idle = idle_of(body)
    return f" Salesforce ends it when the user says nothing for {idle.end} s." if idle and idle.end else ""


def dropped(body):
    return "Waiting again: the agent's connection was lost. The chat lives, the next agent goes on.", "bad"


def requeued(body):
    return "Waiting again: the agent handed the user back to a queue.", "bad"


def refused(body):
    reason = word(body, "reason")
    return f"Salesforce gave up: {NO_AGENT.get(reason, reason or NO_AGENT['Unknown'])}.", "bad"


def ended(body):
    reason = word(body, "reason")
    return f"Salesforce ended the chat: {ENDED.get(reason, reason or ENDED['unknown'])}.", "plain"


def compared(body):
    lines = body.get("chatMessages")
    known = f" ({len(lines)} messages)" if isinstance(lines, list) else ""
    return f"Hand-over: the new server told what it knows{known}, and both sides were compared.", "plain"


def switched(body):
    return "Hand-over: Salesforce says that this chat lives on another server.", "plain"


def file(body):
    return FILES.get(word(body, "type"), ("Salesforce told something about a file.", "plain"))


def custom(body):
    kind = word(body, "type")
    return f"The agent's console sent an event of its own{f': {kind}' if kind else ''}.", "plain"


def later(body):
    wrong = any(body.get(name) is True for name in ("isError", "error"))  # names unconfirmed
    if wrong:
        return (
            f"Salesforce says that a request of ours failed after all: {word(body, 'message') or 'no reason'}.",
            "bad",
        )
    return "Salesforce told how a request of ours went.", "plain"


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
