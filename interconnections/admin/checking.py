"""“Check”: the doctor's questions about the chosen rows, asked now, as messages on the page."""

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from interconnections.doctor.findings import Level

AT_ONCE = 10  # rows that one press asks about: each may take some seconds
LEVELS = {Level.OK: messages.SUCCESS, Level.WARNING: messages.WARNING, Level.ERROR: messages.ERROR}


def check(page, request, chosen, examine):
    for row in chosen[:AT_ONCE]:
        for finding in examine(row):
            # Within an element: Django begins a bare message with a capital, and a slug has none.
            told = format_html("<div>{}</div>{}", finding.what, finding.mend)
            page.message_user(request, told, LEVELS[finding.level])
    if chosen.count() > AT_ONCE:
        page.message_user(request, _("Only the first %s were checked.") % AT_ONCE, messages.WARNING)
