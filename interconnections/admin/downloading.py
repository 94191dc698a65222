"""Taking a conversation away as a file, as text or as JSON: what its page shows, masked as it is masked there.

Asked for with a reason, and kept in the history with who asked.
"""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.admin.asking_why import WhyForm
from interconnections.admin.downloaded import as_record, as_text
from interconnections.admin.redis_unavailable import calmly

DOWNLOADED = "Downloaded the conversation: "
TYPES = {"txt": "text/plain; charset=utf-8", "json": "application/json; charset=utf-8"}


class DownloadForm(WhyForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[("txt", gettext_lazy("text, to read")), ("json", gettext_lazy("JSON, for programs"))],
        initial="txt",
        required=False,
    )

    def clean_kind(self):
        return self.cleaned_data["kind"] or "txt"


class DownloadsConversations(admin.ModelAdmin):
    """What an admin of interconnections needs for it; only with the permission download_interconnection."""

    def has_download_permission(self, request):
        return request.user.has_perm("interconnections.download_interconnection")

    def get_urls(self):
        one = path(
            "<path:object_id>/download/",
            self.admin_site.admin_view(self.download_view),
            name="interconnections_interconnection_download",
        )
        return [one, *super().get_urls()]

    @calmly
    def download_view(self, request, object_id):
        if not (self.has_view_permission(request) and self.has_download_permission(request)):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = DownloadForm(request.POST or None)
        if not form.is_valid():
            return self._ask_what_for(request, row, form)
        kind, story = form.cleaned_data["kind"], self.story(request, row)
        if kind == "json":
            told = json.dumps(as_record(row, story), indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)
        else:
            told = as_text(row, story)
        LogEntry.objects.log_actions(request.user.pk, [row], CHANGE, DOWNLOADED + form.cleaned_data["reason"])
        headers = {
            "Content-Disposition": f'attachment; filename="conversation-{row.pk}.{kind}"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(told, content_type=TYPES[kind], headers=headers)

    def _ask_what_for(self, request, row, form):
        context = self.admin_site.each_context(request) | {
            "title": _("Download this conversation"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "row": row,
            "person": row.person,
        }
        return TemplateResponse(request, "admin/interconnections/interconnection/download.html", context)
