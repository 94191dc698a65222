"""What Meta says of the account, not of a user: trouble, quality, limits, policy (whatsapp-cloud-api.md section 3).

Pure.  Its words are Meta's, for those who run the bot; no agent reads them.
"""

import re

from interconnections.platforms.descriptions import trouble
from interconnections.platforms.messages import ANY, Notice, Place
from interconnections.platforms.values import Json, an_object, text, texts

LONGEST_WORDS = 300  # characters
FIELDS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "message_template_quality_update",
        "message_template_status_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
    }
)
EVENTS = ("event", "decision", "alert_type", "new_quality_score")  # what happened, by the field's own word
# What it happened to, and to what it led.
TOLD = (
    "display_phone_number", "message_template_name", "current_limit", "max_daily_conversation_per_phone",
    "rejection_reason", "reason", "alert_severity", "alert_status", "alert_description", "requester",
)  # fmt: skip
LIMITS = ("current_limit", "max_daily_conversations_per_business", "max_daily_conversation_per_phone")
TIER = re.compile(r"(?:TIER_)?([0-9]{1,9})(K|M)?")
SIZES = {"K": 1_000, "M": 1_000_000}
INSIDE = ("violation_info", "ban_info", "restriction_info", "disable_info", "alert_info")
TOLD_INSIDE = ("violation_type", "waba_ban_state", "restriction_type", "disable_date", *TOLD)


def notice(field: str, value: Json, place: Place, told_at: int) -> Notice:
    words = texts(value, *TOLD)
    for name in INSIDE:
        part = value.get(name)
        parts = part if isinstance(part, list) else [part]
        words += [word for each in parts for word in texts(an_object(each), *TOLD_INSIDE)]
    code = text(value, *EVENTS) or text(an_object(value.get("alert_info")), *EVENTS)
    reach = reach_of(text(value, *LIMITS))
    return Notice(field, code[:100], ", ".join(words)[:LONGEST_WORDS], place, reach, told_at)


def error(part: Json, place: Place) -> Notice:
    """One of `errors[]` beside the messages: it belongs to none of them (131000, 130429, …)."""
    return Notice("error", text(part, "code")[:100], trouble(part)[:LONGEST_WORDS], place)


def reach_of(tier: str) -> int:
    """TIER_10K and its like, or the number itself; 0 for what says none."""
    if tier.removeprefix("TIER_") == "UNLIMITED":
        return ANY
    found = TIER.fullmatch(tier)
    return int(found[1]) * SIZES.get(found[2], 1) if found else 0
