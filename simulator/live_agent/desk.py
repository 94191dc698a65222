"""What an agent may do with a chat, and when.

Every verb either happens, with its events in the visitor's log, or raises NotNow with the reason.
"""

from __future__ import annotations

from itertools import cycle

from .. import ids
from ..protocol_options import Json
from . import events
from .chat import Agent, Chat, Status

_NAMES = cycle(["Luz R.", "Raúl S.", "Inés M.", "Tomás V."])


class NotNow(Exception):
    """The chat is not in a state for this; the message says in which it is."""


def accept(chat: Chat, name: str | None = None) -> None:
    """Take a waiting chat: QueueUpdate 0 if asked for, then ChatEstablished (§15.1)."""
    _must_be(chat, Status.WAITING, "accept")
    chat.agent = Agent(name or next(_NAMES), ids.agent_user_id())
    kind = chat.rules.next_agent if chat.established else "ChatEstablished"
    news = [events.agent_joined(kind, chat.rules, chat.agent.name, chat.agent.user_id, chat.version)]
    if chat.init and chat.init.queue_updates and not chat.established:
        news.insert(0, events.queue_update(chat.rules.queue_position_on_accept, 0, with_wait=chat.waits))
    chat.established = True
    chat.alive()
    chat.become(Status.ACTIVE)
    chat.step(kind)
    chat.tell(*news)


def say(chat: Chat, text: str) -> None:
    """Write to the visitor."""
    agent = _agent(chat, "say")
    number = chat.tell(events.chat_message(chat.rules, text, agent.name, agent.user_id))
    chat.write("agent", agent.name, text, number)


def typing(chat: Chat, on: bool) -> None:
    """Begin or stop typing; a switch puts NotTyping before Typing, as one server was seen to do (§8)."""
    agent = _agent(chat, "type")
    if chat.rules.typing_order == "wrong" and not on:
        chat.tell(*(events.agent_typing(chat.rules, one, agent.name) for one in (False, True)))
    else:
        chat.tell(events.agent_typing(chat.rules, on, agent.name))


def end(chat: Chat, reason: str = "agent") -> None:
    """End it: ChatEnded."""
    if not chat.established or chat.over:
        raise _not_now(chat, "end")
    chat.end(reason)


def refuse(chat: Chat, reason: str = "Unavailable") -> None:
    """ChatRequestFail: nobody takes it, also when the only agent is lost in mid-chat (§8)."""
    if chat.status not in (Status.WAITING, Status.ACTIVE):
        raise _not_now(chat, "refuse")
    chat.end(reason, events.chat_request_fail(reason))


def transfer(chat: Chat, name: str | None = None) -> None:
    """Give it to another agent: ChatTransferred (§15.6)."""
    before = _agent(chat, "transfer")
    chat.agent = Agent(name or next(_NAMES), ids.agent_user_id())
    chat.step("ChatTransferred")
    chat.write("system", "OperatorTransferred", f"{before.name} gave the chat to {chat.agent.name}")
    chat.tell(events.agent_joined("ChatTransferred", chat.rules, chat.agent.name, chat.agent.user_id, chat.version))


def requeue(chat: Chat, position: int = 2, wait: int = 90) -> None:
    """Give it back to a queue: TransferToButtonInitiated, QueueUpdate (§15.6)."""
    _agent(chat, "requeue")
    chat.agent = None
    chat.become(Status.WAITING)
    chat.step("TransferToButtonInitiated")
    chat.tell(events.event("TransferToButtonInitiated"))
    if chat.init and chat.init.queue_updates:
        chat.tell(events.queue_update(position, wait, with_wait=chat.waits))


def disconnect(chat: Chat) -> None:
    """The agent's connection drops; the chat lives and another agent may take it (§8)."""
    agent = _agent(chat, "disconnect")
    chat.agent = None
    chat.become(Status.WAITING)
    chat.step("AgentDisconnect")
    chat.tell(events.agent_disconnect(chat.rules, agent.name))


def queue(chat: Chat, position: int, wait: int) -> None:
    """The queue moves; told only to a visitor who asked for it (§4.2)."""
    _must_be(chat, Status.WAITING, "queue")
    if chat.init and not chat.init.queue_updates:
        raise NotNow("this visitor set receiveQueueUpdates to false")
    chat.tell(events.queue_update(position, wait, with_wait=chat.waits))


def request_file(chat: Chat) -> str:
    """Press the file button (§9); returns the token."""
    _agent(chat, "request a file in")
    chat.file_token = ids.file_token()
    chat.tell(events.file_requested(chat.origin, chat.file_token))
    return chat.file_token


def cancel_file(chat: Chat) -> None:
    """Withdraw the request for a file (§9)."""
    if chat.file_token is None:
        raise NotNow("no file was requested in this chat")
    chat.file_token = None
    chat.tell(events.file_news("Canceled"))


def raw(chat: Chat, kind: str, message: Json | None) -> None:
    """Any event, known or not; the state stays as it is."""
    if chat.over:
        raise _not_now(chat, "send an event to")
    chat.tell({"type": kind} if message is None else events.event(kind, message))


def _agent(chat: Chat, verb: str) -> Agent:
    _must_be(chat, Status.ACTIVE, verb)
    assert chat.agent is not None
    return chat.agent


def _must_be(chat: Chat, status: Status, verb: str) -> None:
    if chat.status is not status:
        raise _not_now(chat, verb)


def _not_now(chat: Chat, verb: str) -> NotNow:
    return NotNow(f"cannot {verb} a chat that is {chat.status}")
