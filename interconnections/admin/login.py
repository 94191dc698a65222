"""The console's log-in: bound like the API's, and open while Redis is away, when it is needed most."""

import threading
from contextlib import contextmanager

import structlog
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interconnections.errors import StoreAway
from interconnections.proxies import address_of
from interconnections.store import attempts
from interconnections.store.connection import for_pages
from interconnections.threads import THREADS, Purpose
from interconnections.throttle import KNOWN_FOR, Counts, attempt_of, minutes

AT_ONCE = 10.0  # seconds that a log-in waits for a processor

log = structlog.get_logger("bridge.login")

_own_counts = Counts()  # while Redis is away
_hashing = threading.BoundedSemaphore(THREADS[Purpose.PASSWORDS])


class LoginForm(AdminAuthenticationForm):
    def clean(self):
        username = self.cleaned_data.get("username")
        if username is None or not self.cleaned_data.get("password"):
            return super().clean()
        attempt = attempt_of(address_of(self.request), username)
        with _a_processor():
            told = _count(attempt)
            cleaned = super().clean()  # raises for a wrong password, and for somebody who is no staff
            told(attempt)
        return cleaned


def _count(attempt):
    """Count it; gives what is to be called when it was no failure, or raises ValidationError."""
    try:
        wait = attempts.count_for_page(for_pages(), attempt)
        succeeded = _succeeded
    except StoreAway as trouble:
        log.warning("log-ins are counted here alone, Redis is away", why=str(trouble))
        wait = _own_counts.count(attempt)
        succeeded = _own_counts.succeeded
    if wait:
        log.warning("a log-in at the console is refused", minutes=minutes(wait))
        raise ValidationError(
            _("Too many failed log-ins. Wait %(minutes)d minutes.") % {"minutes": minutes(wait)}, code="too_many"
        )
    return succeeded


def _succeeded(attempt):
    try:
        attempts.succeeded_for_page(for_pages(), attempt, KNOWN_FOR)
    except StoreAway as trouble:
        log.warning("a log-in stays counted as a failure, Redis is away", why=str(trouble))


@contextmanager
def _a_processor():
    if not _hashing.acquire(timeout=AT_ONCE):
        raise ValidationError(_("Too many log-ins at once. Try again in a moment."), code="too_many")
    try:
        yield
    finally:
        _hashing.release()


admin.site.login_form = LoginForm
