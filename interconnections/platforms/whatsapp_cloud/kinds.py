"""Kinds of messages, and of what stands beside them, that only the Cloud API has, as an agent reads them."""

from django.utils.translation import pgettext_lazy

KINDS = {
    "forwarded": pgettext_lazy("kind of message", "forwarded"),
    "frequently forwarded": pgettext_lazy("kind of message", "forwarded many times"),
}
