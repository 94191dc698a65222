"""What an agent may do with a chat.

Every act either happens, with its events on the wire, or raises NotNow with the reason.  An act that a wire does
not know is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import TYPE_CHECKING

from ..protocol_options import Json

if TYPE_CHECKING:
    from .chat import Agent, DeskChat

NAMES: Iterator[str] = cycle(["Luz R.", "Raúl S.", "Inés M.", "Tomás V."])


class NotNow(Exception):
    """The chat is not in a state for this; the message says in which it is."""


class Acts:
    """An agent's hands on one chat; `wire` names its kind in refusals."""

    wire = ""

    def __init__(self, chat: DeskChat) -> None:
        self._at = chat

    def accept(self, name: str | None = None) -> None:
        """Take a waiting chat."""
        raise self._unknown("accept a chat")

    def say(self, text: str, quotes: str | None = None) -> None:
        """Write to the visitor; `quotes`: the id of the entry that it answers."""
        raise self._unknown("write")

    def typing(self, on: bool) -> None:
        """Begin or stop typing."""
        raise self._unknown("type")

    def end(self, reason: str = "agent") -> None:
        """End it."""
        raise self._unknown("end a chat")

    def refuse(self, reason: str = "Unavailable") -> None:
        """Nobody takes it."""
        raise self._unknown("refuse a chat")

    def transfer(self, name: str | None = None) -> None:
        """Give it to another agent."""
        raise self._unknown("transfer a chat")

    def requeue(self, position: int = 2, wait: int = 90) -> None:
        """Give it back to a queue."""
        raise self._unknown("return a chat to a queue")

    def disconnect(self, routing_status: str | None = None) -> None:
        """The agent leaves, or the connection drops; the chat lives and another agent may take it."""
        raise self._unknown("leave a chat")

    def queue(self, position: int, wait: int) -> None:
        """The queue moves."""
        raise self._unknown("tell a place in the queue")

    def request_file(self) -> str:
        """Ask for a file; returns the token of the upload."""
        raise self._unknown("ask for a file: its users send files by themselves")

    def cancel_file(self) -> None:
        """Withdraw the request for a file."""
        raise self._unknown("withdraw the request for a file")

    def send_file(self, name: str, mime: str, content: bytes, text: str | None = None) -> None:
        """Send the visitor a file."""
        raise self._unknown("send a file")

    def send_choices(self, text: str, options: list[str], form: str = "Buttons") -> None:
        """Send the visitor buttons, quick replies or a carousel."""
        raise self._unknown("send choices")

    def send_form(self, title: str, inputs: list[str]) -> None:
        """Send the visitor a form."""
        raise self._unknown("send a form")

    def acknowledge(self, kind: str, entry: str | None = None) -> None:
        """Say that the visitor's message was delivered or read: this one, or the last."""
        raise self._unknown("acknowledge a message")

    def raw(self, kind: str, message: Json | None) -> None:
        """Any event, known or not; the state stays as it is."""
        raise self._unknown("send any event")

    def _agent(self, verb: str) -> Agent:
        """Who serves; without one, nothing of this can be done."""
        self._must_be("active", verb)
        assert self._at.agent is not None
        return self._at.agent

    def _must_be(self, status: str, verb: str) -> None:
        if self._at.status != status:
            raise self._not_now(verb)

    def _not_now(self, verb: str) -> NotNow:
        return NotNow(f"cannot {verb} a chat that is {self._at.status}")

    def _unknown(self, what: str) -> NotNow:
        return NotNow(f"an agent of {self.wire} cannot {what}")
