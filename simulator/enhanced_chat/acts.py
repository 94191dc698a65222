"""What an agent may do with a conversation: the events of each act (EC §6.2), and the state after it."""

from __future__ import annotations

import uuid

from .. import ids
from ..desk.acts import NAMES, Acts, NotNow
from ..desk.chat import Agent, Status
from ..protocol_options import Json
from . import attachments, payloads, sessions
from .conversation import Conversation, Routing
from .entries import CHATBOT, SYSTEM, Entry

FORMATS = ("Buttons", "QuickReplies", "Carousel")
ROUTINGS = ("INITIAL", "NEEDS_ROUTING", "TRANSFER")


class EnhancedChatActs(Acts):
    """An agent's hands on one conversation."""

    wire = "Enhanced Chat"

    def __init__(self, chat: Conversation) -> None:
        super().__init__(chat)
        self._chat = chat

    def accept(self, name: str | None = None) -> None:
        """The bot leaves and the agent joins in one event; the session is active."""
        chat = self._chat
        self._must_be(Status.WAITING, "accept")
        joined_before = chat.established
        chat.agent = Agent(name or next(NAMES), ids.agent_user_id())
        chat.established = True
        chat.routing = Routing.ROUTED
        chat.become(Status.ACTIVE)
        chat.step("accepted")
        assert chat.session is not None
        chat.tell("RoutingWorkResult", {"workResult": "Accepted", "recordId": chat.session.id})
        changes = [self._joins(chat)]
        if chat.rules.chatbot_first and not joined_before:
            changes.insert(0, ("remove", CHATBOT.shown(), CHATBOT.name))
        chat.tell("ParticipantChanged", payloads.participants(*changes))
        if chat.session.status != "Active":
            sessions.become(chat, "Active")

    def say(self, text: str, quotes: str | None = None) -> None:
        self._agent("say")
        if quotes is not None and self._chat.entry(quotes) is None:
            raise NotNow("there is no such entry to quote")
        self._message(payloads.text(text), text, quotes=quotes)

    def typing(self, on: bool) -> None:
        self._agent("type")
        self._chat.tell("TypingStartedIndicator" if on else "TypingStoppedIndicator", {}, self._chat.agent_sender)

    def end(self, reason: str = "agent") -> None:
        """No close: the agent leaves and the session ends, each told as the switch says (EC §4.8)."""
        chat = self._chat
        if not chat.established or chat.over:
            raise self._not_now("end")
        tells = chat.rules.agent_end_tells
        if chat.agent is not None and tells != "status":
            chat.tell("ParticipantChanged", payloads.participants(self._leaves(chat)))
        sessions.end(chat, "Agent", reason, told=tells != "leaves")

    def refuse(self, reason: str = "Unavailable") -> None:
        """Routing fails, at first or when the only agent is lost."""
        if self._chat.status not in (Status.WAITING, Status.ACTIVE):
            raise self._not_now("refuse")
        sessions.fail(self._chat, reason)

    def transfer(self, name: str | None = None) -> None:
        """To another agent: one leaves and one joins, in one event."""
        chat, before = self._chat, self._agent("transfer")
        leaves = self._leaves(chat)
        chat.agent = Agent(name or next(NAMES), ids.agent_user_id())
        chat.step("transferred")
        chat.write("system", "transfer", f"{before.name} gave the chat to {chat.agent.name}")
        chat.tell("ParticipantChanged", payloads.participants(leaves, self._joins(chat)))

    def requeue(self, position: int = 2, wait: int = 90) -> None:
        """The agent leaves, and routing looks for another."""
        chat = self._chat
        self._agent("requeue")
        self._leave("requeued", "TRANSFER")
        assert chat.session is not None
        chat.tell("RoutingResult", payloads.routing_result("Transfer", chat.session.id, wait=wait))
        self._place(position)

    def disconnect(self, routing_status: str | None = None) -> None:
        """The agent leaves; only the routing status says what comes of it (EC §4.2)."""
        self._agent("disconnect")
        if routing_status is not None and routing_status not in ROUTINGS:
            raise NotNow(f"routing_status is one of {', '.join(ROUTINGS)}")
        self._leave("agent left", routing_status or "INITIAL")

    def queue(self, position: int, wait: int) -> None:
        self._must_be(Status.WAITING, "queue")
        self._place(position)

    def send_file(self, name: str, mime: str, content: bytes, text: str | None = None) -> None:
        """An attachment; its URL can be fetched without a token."""
        chat = self._chat
        self._agent("send a file in")
        number = attachments.keep(chat, name, mime, content)
        url = attachments.url(chat, number)
        self._message(payloads.attachment(name, mime, url, text), text or f"[{name}]", number)

    def send_choices(self, text: str, options: list[str], form: str = "Buttons") -> None:
        chat = self._chat
        self._agent("send choices in")
        if form not in FORMATS or not options:
            raise NotNow(f"choices have options, and a format of {', '.join(FORMATS)}")
        offered = {f"o-{uuid.uuid4()}": title for title in options}
        id = self._message(payloads.choices(text, list(offered.items()), form, chat.rules.option_titles), text)
        chat.choices[id] = offered

    def send_form(self, title: str, inputs: list[str]) -> None:
        self._agent("send a form in")
        self._chat.forms.add(self._message(payloads.form(title, inputs), title))

    def acknowledge(self, kind: str, entry: str | None = None) -> None:
        """The user is told that a message of theirs was delivered, or read."""
        chat = self._chat
        if kind not in ("Delivery", "Read"):
            raise NotNow("an acknowledgement is Delivery or Read")
        theirs = [one for one in chat.entries if one.sender.role == "EndUser" and one.type == "Message"]
        found = next((one for one in reversed(theirs) if entry in (None, one.id)), None)
        if found is None:
            raise NotNow("there is no such message of the user")
        now = ids.now_ms()
        if kind == "Read":
            found.read = now
        found.delivered = found.delivered or now
        told = Entry(f"{kind}Acknowledgement", payloads.acknowledgement(found.id, now), related=[found.id])
        chat.put(told)

    def raw(self, kind: str, message: Json | None) -> None:
        """`kind` is the name of the event; its payload gets an entryType unless it has one."""
        if self._chat.closed:
            raise self._not_now("send an event to")
        self._chat.put(Entry(str((message or {}).get("entryType", "Unknown")), message or {}), kind)

    def _message(self, abstract: Json, words: str, file: int | None = None, quotes: str | None = None) -> str:
        chat, id = self._chat, str(uuid.uuid4())
        assert chat.agent is not None
        chat.tell("Message", payloads.message(id, abstract, quotes), chat.agent_sender, id)
        chat.write("agent", chat.agent.name, words, id=id, file=file, quotes=quotes)
        return id

    def _leave(self, step: str, routing: str) -> None:
        chat = self._chat
        leaves = self._leaves(chat)
        chat.agent, chat.routing = None, Routing(routing)
        chat.become(Status.WAITING)
        chat.step(step)
        chat.tell("ParticipantChanged", payloads.participants(leaves))

    def _place(self, position: int) -> None:
        self._chat.tell("QueuePosition", {"position": position}, SYSTEM)

    @staticmethod
    def _joins(chat: Conversation) -> tuple[str, Json, str]:
        return "add", chat.agent_sender.shown(), chat.agent_sender.name

    @staticmethod
    def _leaves(chat: Conversation) -> tuple[str, Json, str]:
        return "remove", chat.agent_sender.shown(), chat.agent_sender.name
