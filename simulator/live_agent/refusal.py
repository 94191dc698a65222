"""How Live Agent says no (§11)."""

from __future__ import annotations

from ..refusal import Refused

SESSION_GONE = "Session required but was invalid or not found"


def gone() -> Refused:
    """The session ended, expired, was deleted or never was (§5, §11)."""
    return Refused(403, SESSION_GONE)


def moved() -> Refused:
    """The affinity token is no longer valid (§6)."""
    return Refused(503, "Affinity token no longer valid")


def too_early(noun: str) -> Refused:
    """A POST before its time (§4.3)."""
    return Refused(500, f"{noun} is not possible in the present state of the chat")
