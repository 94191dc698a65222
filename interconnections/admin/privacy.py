"""What a person may ask, answered from the page of a conversation of theirs: what is kept, and to be forgotten.

Who is given some bots answers for the bot of that conversation; who has all, for all.  The history keeps who did it.
"""

import json

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from interconnections.admin.asking_why import WhyForm
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.scope import given
from interconnections.errors import Conflict
from interconnections.privacy.export import export
from interconnections.privacy.forget import forget

FORGOT = "Forgot the person (receipt %s): "
EXPORTED = "Exported what is kept of the person: "


class AnswersPeople(admin.ModelAdmin):
    """What an admin of interconnections needs for it; only with the permissions forget_user and export_user."""

    def has_forget_permission(self, request):
        return request.user.has_perm("interconnections.forget_user")

    def has_export_permission(self, request):
        return request.user.has_perm("interconnections.export_user")

    def get_urls(self):
        ours = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"interconnections_interconnection_{name}",
            )
            for name, view in (("forget", self.forget_view), ("export", self.export_view))
        ]
        return [*ours, *super().get_urls()]

    @calmly
    def forget_view(self, request, object_id):
        row = self._theirs(request, object_id, allowed=self.has_forget_permission(request))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = WhyForm(request.POST or None)
        if not form.is_valid():
            return self._ask_why(request, row, form, forgets=True)
        try:
            receipt = forget(row.user_id, _bot(request, row))
        except Conflict as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:interconnections_interconnection_change", args=[row.pk]))
        self._audit(request, row, DELETION, FORGOT % receipt.receipt + form.cleaned_data["reason"])
        self.message_user(
            request,
            _("This person is forgotten. Receipt: %s") % json.dumps(receipt.as_json()),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:interconnections_interconnection_changelist"))

    @calmly
    def export_view(self, request, object_id):
        row = self._theirs(request, object_id, allowed=self.has_export_permission(request))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = WhyForm(request.POST or None)
        if not form.is_valid():
            return self._ask_why(request, row, form, forgets=False)
        kept = json.dumps(
            export(row.user_id, _bot(request, row)), indent=2, ensure_ascii=False, cls=DjangoJSONEncoder
        )
        self._audit(request, row, CHANGE, EXPORTED + form.cleaned_data["reason"])
        return HttpResponse(
            kept,
            content_type="application/json; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="person-{row.pk}.json"',
                "Cache-Control": "no-store",
            },
        )

    def _theirs(self, request, object_id, *, allowed):
        if not (allowed and self.has_view_permission(request)):
            raise PermissionDenied
        return self.get_object(request, unquote(object_id))

    def _audit(self, request, row, flag, words):
        LogEntry.objects.log_actions(request.user.pk, [row], flag, words)

    def _ask_why(self, request, row, form, *, forgets):
        context = self.admin_site.each_context(request) | {
            "title": _("Forget this person") if forgets else _("Export what is kept of this person"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "row": row,
            "person": row.person,
            "forgets": forgets,
            "bot": _bot(request, row),
        }
        return TemplateResponse(request, "admin/interconnections/interconnection/person.html", context)


def _bot(request, row):
    """At which bot: "" for all."""
    return "" if given(request) is None else row.bot_slug
