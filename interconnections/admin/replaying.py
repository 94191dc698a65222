"""The page that says what today's rules would make of a conversation: for whoever may look at it; changes nothing."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.admin.redis_unavailable import calmly
from interconnections.errors import Unknown
from interconnections.replaying import replayed

SAID = {
    "events": gettext_lazy("%(today)s events cannot be read from what is kept of them."),
    "status": gettext_lazy("It is %(happened)s, and would be %(today)s."),
    "reason": gettext_lazy("It ended for the reason “%(happened)s”, and would for “%(today)s”."),
    "agent": gettext_lazy("The agent was “%(happened)s”, and would be “%(today)s”."),
    "missing": gettext_lazy("This text of the agent went to the user, and would not: “%(happened)s”"),
    "new": gettext_lazy("This text of the agent did not go to the user, and would: “%(today)s”"),
}


class ReplaysConversations(admin.ModelAdmin):
    """What an admin of interconnections needs for it."""

    def get_urls(self):
        one = path(
            "<path:object_id>/replay/",
            self.admin_site.admin_view(self.replay_view),
            name="interconnections_interconnection_replay",
        )
        return [one, *super().get_urls()]

    @calmly
    def replay_view(self, request, object_id):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            told = replayed(row.pk)
        except Unknown:
            told = None
        context = self.admin_site.each_context(request) | {
            "title": _("Replay"),
            "subtitle": None,
            "opts": self.opts,
            "row": row,
            "told": told,
            "sentences": [sentence(each, row.person) for each in told.differences] if told else [],
        }
        return TemplateResponse(request, "admin/interconnections/interconnection/replay.html", context)


def sentence(difference, person):
    return SAID[difference.what] % {
        "happened": person.hide(difference.happened) or "–",
        "today": person.hide(difference.today) or "–",
    }
