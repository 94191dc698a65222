"""What Live Agent's events say, as a supervisor reads them: an event's type and its kept JSON in, words out.

Texts are told by the message record, typing by nobody: those give None.
"""

import json

SILENT = {
    "ChatMessage",
    "AgentTyping",
    "AgentNotTyping",
    "Availability",
    "NewVisitorBreadcrumb",
    "SensitiveDataRules",
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
    return f"Salesforce put the user into the queue{place(body, 'queuePosition')}.", "plain"


def moved(body):
    if word(body, "position") == "0":
        return "The queue moved: the user is next.", "plain"
    return f"The queue moved{place(body, 'position') or ', it did not say how far'}.", "plain"


def place(body, name):
    position, wait = word(body, name), word(body, "estimatedWaitTime")
    told = f", at place {position}" if position not in ("", "0") else ""
    return told + (f", for about {wait} s" if wait and not wait.startswith("-") and wait != "0" else "")


def joined(body):
    return f"{word(body, 'name') or 'An agent'} took the conversation.", "good"


def transferred(body):
    return f"Transferred: {word(body, 'name') or 'another agent'} has the conversation from here on.", "plain"


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
    return "The agent's console sent an event of its own.", "plain"


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
}
