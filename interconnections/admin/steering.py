"""The acts of acts.py behind a page that asks why: from the page of one, or on many from the list.

Many go some at a time, and a page between tells how far it is.  What was done is in the history, with who and why.
"""

import json
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from interconnections.admin.acts import ACTS
from interconnections.admin.audited import PERHAPS
from interconnections.admin.doing import DONE, OVER, TWICE, Order
from interconnections.admin.masking import Person
from interconnections.admin.redis_unavailable import calmly
from interconnections.errors import StoreAway

MOST = 5_000  # conversations that one order may mean
AT_A_TIME = 100  # of them that one request carries out
SHOWN = 20  # named on the page that asks
PASSED_OVER = {
    OVER: ngettext_lazy("%(number)s is passed over", "%(number)s are passed over", "number"),
}
TEMPLATE = "admin/interconnections/interconnection/act.html"
PROGRESS = "admin/interconnections/interconnection/act_progress.html"


class SteersConversations(admin.ModelAdmin):
    """What an admin of interconnections needs for it; each act only with its own permission."""

    def may_act(self, request, act):
        return self.has_view_permission(request) and request.user.has_perm(f"interconnections.{act.permission}")

    def acts_on(self, request, row):
        """What its page offers."""
        return [act for act in ACTS.values() if self.may_act(request, act) and (act.offered or act.fits)(row)]

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "interconnections_interconnection"
        many = path("many/<slug:act>/", view(self.many_view), name=f"{name}_many")
        ones = [
            path(f"<path:object_id>/{act.name}/", view(self.one_view), {"act": act.name}, name=f"{name}_{act.name}")
            for act in ACTS.values()
        ]
        return [many, *ones, *super().get_urls()]

    def get_actions(self, request):
        ours = {
            act.name: (partial(_ask_of_many, act=act), act.name, act.many)
            for act in ACTS.values()
            if self.may_act(request, act)
        }
        return super().get_actions(request) | ours

    @calmly
    def one_view(self, request, object_id, act):
        act = self._allowed(request, act)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = act.form(request.POST or None)
        if not act.fits(row):
            self._tell(request, act, {OVER: 1})
        elif form.is_valid():
            self._tell(request, act, self._carry_out(request, act, form, [row]))
        else:
            return self._ask_first(request, act, form, [row], row=row)
        return HttpResponseRedirect(reverse("admin:interconnections_interconnection_change", args=[object_id]))

    @calmly
    def many_view(self, request, act):
        """Some of those that were chosen; then a page that asks for the next, or the list again."""
        act = self._allowed(request, act)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = [pk for pk in request.POST.get("chosen", "").split(",") if pk][:MOST]
        form = act.form(request.POST)
        if not form.is_valid():
            rows = list(self.get_queryset(request).filter(pk__in=chosen[:SHOWN]))
            return self._ask_first(request, act, form, rows, chosen=chosen)
        now, rest = chosen[:AT_A_TIME], chosen[AT_A_TIME:]
        rows = list(self.get_queryset(request).filter(pk__in=now))
        became = _before(request)
        became[OVER] = became.get(OVER, 0) + len(now) - len(rows)
        for word, number in self._carry_out(request, act, form, rows).items():
            became[word] = became.get(word, 0) + number
        if rest:
            return self._progress(request, act, form, rest, became)
        self._tell(request, act, became)
        return HttpResponseRedirect(_back(request))

    def _allowed(self, request, name):
        if name not in ACTS:
            raise Http404
        if not self.may_act(request, ACTS[name]):
            raise PermissionDenied
        return ACTS[name]

    def _carry_out(self, request, act, form, rows):
        """How many became what."""
        asked = form.cleaned_data
        order = Order(request.user, asked["reason"], asked["ticket"], asked)
        fitting = [row for row in rows if act.fits(row)]
        became, done, seen = {OVER: len(rows) - len(fitting)}, [], 0
        written = act.audited + order.why
        try:
            for row, word in act.do(fitting, order):
                seen += 1
                became[word] = became.get(word, 0) + 1
                if word == DONE:
                    done.append(row)
        except StoreAway:  # the one in hand may be done all the same: only the answer was lost
            LogEntry.objects.log_actions(request.user.pk, fitting[seen : seen + 1], CHANGE, written + PERHAPS)
            raise
        finally:  # Redis may go away half-way: what was done is in the history all the same
            if done:
                LogEntry.objects.log_actions(request.user.pk, done, CHANGE, written)
        return became

    def _ask_first(self, request, act, form, rows, *, row=None, chosen=()):
        return self._page(
            request,
            TEMPLATE,
            act,
            form,
            title=act.label if row else act.many,
            row=row,
            rows=[(one, Person(one)) for one in rows[:SHOWN]],
            number=len(chosen) or 1,
            more=max(0, len(chosen) - SHOWN),
            chosen=",".join(chosen),
            back=reverse("admin:interconnections_interconnection_change", args=[row.pk]) if row else _back(request),
        )

    def _progress(self, request, act, form, rest, became):
        done = sum(became.values())
        hidden = {name: form.cleaned_data[name] for name in form.fields}
        hidden |= {"chosen": ",".join(rest), "became": json.dumps(became), "back": _back(request)}
        more = {"hidden": hidden.items(), "back": hidden["back"], "done": done, "whole": done + len(rest)}
        return self._page(request, PROGRESS, act, form, title=act.many, **more)

    def _page(self, request, template, act, form, **more):
        context = self.admin_site.each_context(request) | {
            "title": act.label,
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "act": act,
            "form": form,
        }
        return TemplateResponse(request, template, context | more)

    def _tell(self, request, act, became):
        sentences = {DONE: act.did, TWICE: act.twice, **PASSED_OVER}
        words = [sentences[word] % {"number": n} for word, n in sorted(became.items(), key=_done_first) if n]
        level = messages.SUCCESS if became.get(DONE) else messages.WARNING
        self.message_user(request, f"{'; '.join(words) or _('Nothing was done')}.", level)


def _ask_of_many(steering, request, queryset, *, act):
    """Of "all that match" those are meant that are there now, the newest where they are very many."""
    chosen = [row.pk for row in queryset[:MOST]]
    form = act.form()
    return steering._ask_first(request, act, form, list(queryset[:SHOWN]), chosen=chosen)


def _done_first(became):
    return (DONE, TWICE, OVER).index(became[0])


def _before(request):
    """What became of those that were carried out before."""
    try:
        told = json.loads(request.POST.get("became", "{}"))
        return {word: int(told[word]) for word in (DONE, TWICE, OVER) if word in told}
    except (ValueError, TypeError):
        return {}


def _back(request):
    """The list as it was, with its filters."""
    whole = reverse("admin:interconnections_interconnection_changelist")
    asked = request.POST.get("back", request.get_full_path())
    return asked if asked.partition("?")[0] == whole else whole
