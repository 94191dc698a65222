"""Until when the platform lets us write to a user, and as what (messenger-platform.md section 7).  Pure.

All moments are ms since 1970.
"""

from interconnections.errors import WindowClosed
from interconnections.platforms.platform import Recipient
from interconnections.platforms.values import Json, an_object, text

DAY = 86_400  # seconds
STANDARD, BY_AD, BY_HUMANS = DAY, 7 * DAY, 7 * DAY
MARGIN = 180  # seconds before the end of a window in which nothing is sent any more: clocks differ
CLOSED = "10/2018278"  # what Meta answers outside it
HUMAN_AGENT = "HUMAN_AGENT"

OPENING = frozenset({"message", "postback", "referral"})  # a reaction too, while it stands


def opened_by(event: Json) -> int:
    """Seconds for which this event of a user's lets us write; 0 for what opens nothing."""
    message, reaction = an_object(event.get("message")), an_object(event.get("reaction"))
    if reaction:
        return 0 if reaction.get("action") == "unreact" else STANDARD
    if message.get("is_deleted") is True or not any(an_object(event.get(name)) for name in OPENING):
        return 0
    parts = (message, an_object(event.get("postback")), {"referral": event.get("referral")})
    by_ad = any(text(an_object(part.get("referral")), "source").upper() == "ADS" for part in parts)
    return BY_AD if by_ad else STANDARD


def tag_for(to: Recipient, *, by_human: bool, now: int) -> str:
    """The tag of a message that goes out now: "" inside the window, HUMAN_AGENT behind it; raises WindowClosed.

    `by_human`: an agent wrote it, and the page's app has the feature.  A window of which nothing is known is open:
    Meta will say.
    """
    until = to.window_until
    if until is None and to.said_at is not None:
        until = to.said_at + STANDARD * 1000
    if until is None or now < until - MARGIN * 1000:
        return ""
    return human_tag(to, by_human=by_human, now=now)


def human_tag(to: Recipient, *, by_human: bool, now: int) -> str:
    """HUMAN_AGENT, where an agent may still answer; raises WindowClosed."""
    said = to.said_at
    if said is None and to.window_until is not None:
        said = to.window_until - STANDARD * 1000
    if by_human and (said is None or now < said + (BY_HUMANS - MARGIN) * 1000):
        return HUMAN_AGENT
    raise WindowClosed("the user wrote too long ago", CLOSED)


def is_open(to: Recipient, *, by_human: bool, now: int) -> bool:
    try:
        tag_for(to, by_human=by_human, now=now)
    except WindowClosed:
        return False
    return True


def long_ago(to: Recipient, *, now: int) -> bool:
    """Did the user write so long ago that a refusal is the window's?"""
    return to.said_at is not None and now >= to.said_at + STANDARD * 1000
