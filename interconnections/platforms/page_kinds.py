"""Kinds of messages that only a page's webhooks have, as an agent reads them (messenger-platform.md section 4)."""

from django.utils.translation import pgettext_lazy

KINDS = {
    "template": pgettext_lazy("kind of message", "card"),
    "fallback": pgettext_lazy("kind of message", "shared link"),
    "share": pgettext_lazy("kind of message", "shared link"),
    "post": pgettext_lazy("kind of message", "post"),
    "ig_post": pgettext_lazy("kind of message", "post"),
    "reel": pgettext_lazy("kind of message", "reel"),
    "ig_reel": pgettext_lazy("kind of message", "reel"),
    "appointment_booking": pgettext_lazy("kind of message", "appointment"),
    "optin": pgettext_lazy("kind of message", "agreed to notifications"),
    "account_linked": pgettext_lazy("kind of message", "linked their account"),
    "account_unlinked": pgettext_lazy("kind of message", "unlinked their account"),
    "account_linking": pgettext_lazy("kind of message", "link of their account"),
    "response_feedback": pgettext_lazy("kind of message", "rated an answer"),
}
