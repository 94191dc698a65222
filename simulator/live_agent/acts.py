"""What an agent may do with a Live Agent chat, and when: the events of each act, and the state after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ids
from ..desk.acts import NAMES, Acts, NotNow
from ..desk.chat import Agent, Status
from ..protocol_options import Json
from . import events

if TYPE_CHECKING:
    from .chat import Chat


class LiveAgentActs(Acts):
    """An agent's hands on one chat."""

    wire = "Live Agent"

    def __init__(self, chat: Chat) -> None:
        super().__init__(chat)
        self._chat = chat

    def accept(self, name: str | None = None) -> None:
        """QueueUpdate 0 if asked for, then ChatEstablished (§15.1)."""
        chat = self._chat
        self._must_be(Status.WAITING, "accept")
        chat.agent = Agent(name or next(NAMES), ids.agent_user_id())
        kind = chat.rules.next_agent if chat.established else "ChatEstablished"
        news = [events.agent_joined(kind, chat.rules, chat.agent.name, chat.agent.user_id, chat.version)]
        if chat.init and chat.init.queue_updates and not chat.established:
            news.insert(0, events.queue_update(chat.rules.queue_position_on_accept, 0, with_wait=chat.waits))
        chat.established = True
        chat.alive()
        chat.become(Status.ACTIVE)
        chat.step(kind)
        chat.tell(*news)

    def say(self, text: str, quotes: str | None = None) -> None:
        if quotes is not None:
            raise self._unknown("quote a message")
        chat, agent = self._chat, self._agent("say")
        number = chat.tell(events.chat_message(chat.rules, text, agent.name, agent.user_id))
        chat.write("agent", agent.name, text, number)

    def typing(self, on: bool) -> None:
        """A switch puts NotTyping before Typing, as one server was seen to do (§8)."""
        chat, agent = self._chat, self._agent("type")
        if chat.rules.typing_order == "wrong" and not on:
            chat.tell(*(events.agent_typing(chat.rules, one, agent.name) for one in (False, True)))
        else:
            chat.tell(events.agent_typing(chat.rules, on, agent.name))

    def end(self, reason: str = "agent") -> None:
        """ChatEnded."""
        if not self._chat.established or self._chat.over:
            raise self._not_now("end")
        self._chat.end(reason)

    def refuse(self, reason: str = "Unavailable") -> None:
        """ChatRequestFail: nobody takes it, also when the only agent is lost in mid-chat (§8)."""
        if self._chat.status not in (Status.WAITING, Status.ACTIVE):
            raise self._not_now("refuse")
        self._chat.end(reason, events.chat_request_fail(reason))

    def transfer(self, name: str | None = None) -> None:
        """ChatTransferred (§15.6)."""
        chat, before = self._chat, self._agent("transfer")
        chat.agent = Agent(name or next(NAMES), ids.agent_user_id())
        chat.step("ChatTransferred")
        chat.write("system", "OperatorTransferred", f"{before.name} gave the chat to {chat.agent.name}")
        joined = events.agent_joined("ChatTransferred", chat.rules, chat.agent.name, chat.agent.user_id, chat.version)
        chat.tell(joined)

    def requeue(self, position: int = 2, wait: int = 90) -> None:
        """TransferToButtonInitiated, QueueUpdate (§15.6)."""
        chat = self._chat
        self._agent("requeue")
        chat.agent = None
        chat.become(Status.WAITING)
        chat.step("TransferToButtonInitiated")
        chat.tell(events.event("TransferToButtonInitiated"))
        if chat.init and chat.init.queue_updates:
            chat.tell(events.queue_update(position, wait, with_wait=chat.waits))

    def disconnect(self, routing_status: str | None = None) -> None:
        """AgentDisconnect (§8); there is no routing status here."""
        if routing_status is not None:
            raise NotNow("a chat of Live Agent has no routing status")
        chat, agent = self._chat, self._agent("disconnect")
        chat.agent = None
        chat.become(Status.WAITING)
        chat.step("AgentDisconnect")
        chat.tell(events.agent_disconnect(chat.rules, agent.name))

    def queue(self, position: int, wait: int) -> None:
        """Told only to a visitor who asked for it (§4.2)."""
        chat = self._chat
        self._must_be(Status.WAITING, "queue")
        if chat.init and not chat.init.queue_updates:
            raise NotNow("this visitor set receiveQueueUpdates to false")
        chat.tell(events.queue_update(position, wait, with_wait=chat.waits))

    def request_file(self) -> str:
        """Press the file button (§9)."""
        chat = self._chat
        self._agent("request a file in")
        chat.file_token = ids.file_token()
        chat.tell(events.file_requested(chat.origin, chat.file_token))
        return chat.file_token

    def cancel_file(self) -> None:
        if self._chat.file_token is None:
            raise NotNow("no file was requested in this chat")
        self._chat.file_token = None
        self._chat.tell(events.file_news("Canceled"))

    def raw(self, kind: str, message: Json | None) -> None:
        if self._chat.over:
            raise self._not_now("send an event to")
        self._chat.tell({"type": kind} if message is None else events.event(kind, message))
