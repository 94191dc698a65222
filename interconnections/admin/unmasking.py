"""Seeing who a conversation's user is: asked for, one conversation at a time; the history keeps who asked."""

import time

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse

from interconnections.admin.masking import Person
from interconnections.admin.redis_unavailable import calmly

SHOWN_FOR = 15 * 60  # seconds, in the browser that asked
AT_ONCE = 50  # conversations that one browser may have open
KEPT = "unmasked"  # in the browser's session: {session id of the conversation: until when}
AUDITED = "Saw who the person is"


class UnmasksPeople(admin.ModelAdmin):
    """What an admin of interconnections needs for it; only with the permission unmask_interconnection."""

    def has_unmask_permission(self, request):
        return request.user.has_perm("interconnections.unmask_interconnection")

    def person_of(self, request, row):
        until = request.session.get(KEPT, {}).get(row.pk, 0)
        return Person(row, open=until > time.time() and self.has_unmask_permission(request))

    def get_urls(self):
        one = path(
            "<path:object_id>/unmask/",
            self.admin_site.admin_view(self.unmask_view),
            name="interconnections_interconnection_unmask",
        )
        return [one, *super().get_urls()]

    @calmly
    def unmask_view(self, request, object_id):
        if not (self.has_view_permission(request) and self.has_unmask_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        now = time.time()
        shown = {session: until for session, until in request.session.get(KEPT, {}).items() if until > now}
        if row.pk not in shown:
            LogEntry.objects.log_actions(request.user.pk, [row], CHANGE, AUDITED)
        newest = dict(list(shown.items())[-AT_ONCE + 1 :])
        request.session[KEPT] = newest | {row.pk: now + SHOWN_FOR}
        return HttpResponseRedirect(reverse("admin:interconnections_interconnection_change", args=[object_id]))
