"""Pausing the new hand-overs of bots, and letting them in again: one from its page, some from the list.

Open conversations go on.  Whoever is handed over meanwhile reads the pause's text, and is back at the bot.
"""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interconnections.admin.asking_why import WhyForm

ACTS = {"pause": gettext_lazy("Pause new hand-overs"), "resume": gettext_lazy("Let new hand-overs in again")}
AUDITED = {"pause": "Paused new hand-overs: ", "resume": "Let new hand-overs in again: "}


class PauseForm(WhyForm):
    text = forms.CharField(
        label=gettext_lazy("Text for users"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy(
            "Said to whoever is handed over meanwhile; empty: what the bot says when no agent is there."
        ),
    )
    field_order = ("text", "reason")


class PausesBots(admin.ModelAdmin):
    """What an admin of bots needs for it; only with the permission pause_bot."""

    change_form_template = "admin/interconnections/bot/change_form.html"

    def has_pause_permission(self, request):
        return self.has_view_permission(request) and request.user.has_perm("interconnections.pause_bot")

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "interconnections_bot"
        ours = [
            path(f"<path:object_id>/{act}/", view(self.pause_view), {"act": act}, name=f"{name}_{act}")
            for act in ACTS
        ]
        ours += [path(f"{act}/", view(self.pause_some_view), {"act": act}, name=f"{name}_{act}_some") for act in ACTS]
        return [*ours, *super().get_urls()]

    def get_actions(self, request):
        ours = {act: (partial(_ask_of_some, act=act), act, label) for act, label in ACTS.items()}
        return super().get_actions(request) | (ours if self.has_pause_permission(request) else {})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = obj is not None and self.has_pause_permission(request)
        act = "resume" if may and obj.paused else "pause" if may else ""
        context |= {"pausing": act, "pausing_label": ACTS.get(act, "")}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def pause_view(self, request, object_id, act):
        if not self.has_pause_permission(request):
            raise PermissionDenied
        bot = self.get_object(request, unquote(object_id))
        if bot is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self._asked(request, act, [bot], reverse("admin:interconnections_bot_change", args=[object_id]))

    def pause_some_view(self, request, act):
        if not self.has_pause_permission(request):
            raise PermissionDenied
        chosen = [pk for pk in request.POST.get("chosen", "").split(",") if pk.isdecimal()]
        bots = list(self.get_queryset(request).filter(pk__in=chosen))
        return self._asked(request, act, bots, reverse("admin:interconnections_bot_changelist"))

    def _asked(self, request, act, bots, back):
        form = _form(act)(request.POST or None)
        if not form.is_valid():
            return self._ask_why(request, act, form, bots, back)
        text = form.cleaned_data.get("text", "").strip()
        changed = [bot for bot in bots if _set(bot, paused=act == "pause", text=text)]
        if changed:
            LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, AUDITED[act] + form.cleaned_data["reason"])
        self.message_user(request, _told(act, changed), messages.SUCCESS if changed else messages.WARNING)
        return HttpResponseRedirect(back)

    def _ask_why(self, request, act, form, bots, back):
        context = self.admin_site.each_context(request) | {
            "title": ACTS[act],
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "act": act,
            "bots": bots,
            "chosen": ",".join(str(bot.pk) for bot in bots),
            "action": request.path
            if back.endswith("/change/")
            else reverse(f"admin:interconnections_bot_{act}_some"),
            "back": back,
        }
        return TemplateResponse(request, "admin/interconnections/bot/pause.html", context)


def _ask_of_some(admin_of_bots, request, queryset, *, act):
    back = reverse("admin:interconnections_bot_changelist")
    return admin_of_bots._ask_why(request, act, _form(act)(), list(queryset), back)


def _form(act):
    return PauseForm if act == "pause" else WhyForm


def _set(bot, *, paused, text):
    """False where it was so already."""
    if (bot.paused, bot.pause_text) == (paused, text):
        return False
    bot.paused, bot.pause_text = paused, text
    bot.save(update_fields=["paused", "pause_text"])
    return True


def _told(act, bots):
    if not bots:
        return _("It was so already.")
    number = len(bots)
    if act == "pause":
        words = ngettext(
            "%(number)s bot hands nobody over until it is let again.",
            "%(number)s bots hand nobody over until they are let again.",
            number,
        )
    else:
        words = ngettext("%(number)s bot hands over again.", "%(number)s bots hand over again.", number)
    return words % {"number": number}
