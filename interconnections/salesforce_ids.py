"""The ids that Salesforce's Setup shows: 15 characters, or 18 of which the last three are a checksum."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def id_mistake(value: str, prefix: str, what: str | Promise) -> str | Promise | None:
    """What is wrong with the id of a `what`, in a sentence; None when nothing."""
    if len(value) in (15, 18) and value.isalnum() and value.startswith(prefix):
        return None
    return _("%(value)s is not a %(what)s: it has 15 (or 18) letters and digits and begins with %(prefix)s.") % {
        "value": repr(value),
        "what": what,
        "prefix": prefix,
    }
