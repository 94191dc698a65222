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
}
