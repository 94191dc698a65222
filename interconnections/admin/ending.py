"""Ending conversations by hand: one from its page, many from the list, both behind a page that asks why.

The end is ordered through the lane, like a bot's; a history entry with who, when and why goes with each.
"""

import json

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from interconnections.admin.act_forms import EndForm
from interconnections.admin.audited import AUDITED, PERHAPS
from interconnections.admin.masking import Person
from interconnections.admin.redis_unavailable import calmly
from interconnections.bridge.hang_up import end_from_page
from interconnections.errors import StoreAway
from interconnections.lifecycle import FINAL, OPEN
from interconnections.models import Interconnection

AT_ONCE = 500  # conversations that one request ends; a page between tells how far it is
PROGRESS = "admin/interconnections/interconnection/act_progress.html"
SHOWN = 20  # conversations named on the page that asks
BECAME = {  # what became of those that were chosen: as a sentence begins, and as it goes on
    "ordered": (
        ngettext_lazy("%(number)s conversation is being ended", "%(number)s conversations are being ended", "number"),
        "",
    ),
    "over": (
        ngettext_lazy(
            "%(number)s conversation was over already", "%(number)s conversations were over already", "number"
        ),
        ngettext_lazy("%(number)s was over already", "%(number)s were over already", "number"),
    ),
    "leaving": (
        ngettext_lazy(
            "%(number)s conversation is already ending", "%(number)s conversations are already ending", "number"
        ),
        ngettext_lazy("%(number)s is already ending", "%(number)s are already ending", "number"),
    ),
}


class EndsConversations(admin.ModelAdmin):
    """What an admin of interconnections needs to end them; only with the permission close_interconnection."""

    actions = ("end_conversations",)

    def has_close_permission(self, request):
        return request.user.has_perm("interconnections.close_interconnection")

    def get_urls(self):
        one = path(
            "<path:object_id>/end/",
            self.admin_site.admin_view(self.end_view),
            name="interconnections_interconnection_end",
        )
        return [one, *super().get_urls()]

    @admin.action(description=_("End the selected conversations"), permissions=["close"])
    def end_conversations(self, request, queryset):
        """From the list.  Of "all that match" only those are meant that were there when the page asked."""
        form = EndForm(request.POST if "reason" in request.POST else None)
        across = request.POST.get("select_across") == "1"
        asked_at = read_moment(request.POST.get("asked_at", "")) or timezone.now()
        if across:
            queryset = queryset.filter(timestamp__lte=asked_at)
        hidden = [("action", "end_conversations"), ("select_across", "1" if across else "0")]
        hidden += [("asked_at", asked_at.isoformat())]
        hidden += [(ACTION_CHECKBOX_NAME, pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)]
        if form.is_valid():
            became = self._end(request, queryset, form.cleaned_data, so_far(request))
            if became["left"]:
                return self._how_far(request, hidden, form.cleaned_data, became)
            self.tell(request, became)
            return None  # back to the list
        return self._ask(request, queryset, form, hidden)

    @calmly
    def end_view(self, request, object_id):
        """From the page of one."""
        if not (self.has_view_permission(request) and self.has_close_permission(request)):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = EndForm(request.POST or None)
        queryset = self.get_queryset(request).filter(pk=row.pk)
        if row.status in FINAL or row.leaving:  # nothing to ask, and the same answer for a second press
            self.tell(request, {"over" if row.status in FINAL else "leaving": 1})
        elif form.is_valid():
            self.tell(request, self._end(request, queryset, form.cleaned_data))
        else:
            return self._ask(request, queryset, form, (), row)
        return HttpResponseRedirect(reverse("admin:interconnections_interconnection_change", args=[object_id]))

    def _ask(self, request, queryset, form, hidden, row=None):
        still_open = queryset.filter(status__in=list(OPEN))
        number = still_open.count()
        context = self.admin_site.each_context(request) | {
            "title": _("End this conversation") if row else _("End conversations"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "hidden": hidden,
            "row": row,
            "rows": [(one, Person(one)) for one in still_open[:SHOWN]],
            "number": number,
            "more": max(0, number - SHOWN),
            "over": queryset.count() - number,
        }
        return TemplateResponse(request, "admin/interconnections/interconnection/end.html", context)

    def _how_far(self, request, hidden, asked, became):
        """The same order once more, as its page sends it by itself: those whose end is ordered are passed over."""
        kept = {word: number for word, number in became.items() if word != "left"}
        context = self.admin_site.each_context(request) | {
            "title": _("End conversations"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "done": sum(kept.values()),
            "whole": sum(became.values()),
            "hidden": [*hidden, *((name, asked[name]) for name in EndForm.base_fields), ("became", json.dumps(kept))],
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, PROGRESS, context)

    def _end(self, request, queryset, asked, before=None):
        """Order the end of those that are open, and write into the history what was ordered; how many became what.

        `before`: the same, of the requests that this one goes on with.
        """
        still_open = queryset.filter(status__in=list(OPEN))
        number = still_open.count()
        rows, leaving = to_be_ended(still_open, number)
        became = before or {"over": queryset.count() - number, "leaving": leaving}
        became["left"] = number - leaving - len(rows)
        ordered, left, written = [], dict(rows), AUDITED["end"][0] + asked["reason"]
        try:
            for id, word in end_from_page([(id, row.provider) for id, row in rows.items()], asked["goodbye"]):
                became[word] = became.get(word, 0) + 1
                row = left.pop(id)
                if word == "ordered":
                    ordered.append(row)
        except StoreAway:  # the one in hand may be ordered all the same: only the answer was lost
            LogEntry.objects.log_actions(request.user.pk, list(left.values())[:1], CHANGE, written + PERHAPS)
            raise
        finally:  # Redis may go away half-way: what was ordered is in the history all the same
            if ordered:
                LogEntry.objects.log_actions(request.user.pk, ordered, CHANGE, written)
        return became

    def tell(self, request, became):
        """`became`: how many were ordered, over, leaving, or purged meanwhile."""
        became = became | {"over": became.get("over", 0) + became.get("no such", 0)}
        words: list[str] = []
        for word, sentence in BECAME.items():
            if number := became.get(word):
                words.append(sentence[bool(words)] % {"number": number})
        level = messages.SUCCESS if became.get("ordered") else messages.WARNING
        self.message_user(request, f"{'; '.join(words) or _('No conversation was ended')}.", level)


def so_far(request):
    """How many of a long order became what in the requests before; None at its first."""
    try:
        told = json.loads(request.POST.get("became", ""))
        return {word: int(told[word]) for word in BECAME if word in told}
    except (ValueError, TypeError):
        return None


def to_be_ended(still_open, number):
    """({id: row} of those whose end is to be ordered now, how many of those seen are ending already)."""
    rows: dict[str, Interconnection] = {}
    leaving = 0
    for start in range(0, number, AT_ONCE):
        for row in still_open[start : start + AT_ONCE]:
            if row.leaving:
                leaving += 1
            elif len(rows) < AT_ONCE:
                rows[row.id] = row
        if len(rows) == AT_ONCE:
            break
    return rows, leaving


def read_moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
