"""Chats that end by themselves: nobody polled (§5), or the visitor was idle (§12).

One timer per chat.  When it goes off it looks whether the time has really come; polls do not touch it.
"""

from __future__ import annotations

import asyncio
import time

from ..desk.chat import Status
from .chat import Chat


def silence_ends(chat: Chat, now: float) -> float:
    """When the session expires if nobody polls."""
    rules = chat.rules
    window = (rules.connection_timeout_ms if chat.queue_told else rules.silence_before_queue_ms) / 1000
    return (now if chat.polls.open else chat.silent_since) + window


def idle_ends(chat: Chat) -> float:
    """When the server ends the chat because the visitor says nothing."""
    if not chat.rules.idle_enabled or chat.status is not Status.ACTIVE:
        return float("inf")
    return chat.heard_at + chat.rules.idle_timeout


class Patience:
    """The timers."""

    def __init__(self) -> None:
        self._timers: dict[Chat, asyncio.TimerHandle] = {}

    def watch(self, chat: Chat) -> None:
        """(Re)set the timer of this chat."""
        if (timer := self._timers.pop(chat, None)) is not None:
            timer.cancel()
        if chat.gone:
            return
        now = time.monotonic()
        silence, idle = silence_ends(chat, now), idle_ends(chat)
        if chat.rules.idle_enabled:
            idle = min(idle, now + chat.rules.idle_timeout)  # an agent may come while the timer runs
        if idle_ends(chat) <= now:
            chat.end("clientIdleTimeout")
            idle = float("inf")
        if silence <= now:
            chat.forget("expired")
            return
        wait = min(silence, idle) - now
        self._timers[chat] = asyncio.get_running_loop().call_later(wait + 0.001, self.watch, chat)

    def stop(self) -> None:
        """Let all timers go."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
