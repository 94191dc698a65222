"""The users whom supervisors blocked; one is let in again whether or not a conversation of theirs is kept."""

from itertools import islice

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from interconnections.admin.asking_why import WhyForm
from interconnections.admin.audited import AUDITED, PERHAPS
from interconnections.admin.masking import ending
from interconnections.admin.redis_unavailable import answered
from interconnections.admin.scope import may_see
from interconnections.errors import StoreAway
from interconnections.models import Interconnection
from interconnections.moments import moment
from interconnections.store.blocked import blocked, let_in
from interconnections.store.connection import for_pages

SHOWN = 1000


def blocked_list(request):
    return _calmly(request, _list)


def let_in_again(request, mark):
    return _calmly(request, _let_in, mark)


def _calmly(request, view, *arguments):
    if not request.user.has_perm("interconnections.block_user"):
        raise PermissionDenied
    return answered(admin.site, request, Interconnection._meta, lambda: view(request, *arguments))


def theirs(request):
    """Those of the bots that whoever asks is given, read on as far as is needed."""
    return blocked(for_pages(), lambda bot: may_see(request, bot))


def _list(request):
    rows = [(one.mark, one.bot, ending(one.user), moment(one.since)) for one in islice(theirs(request), SHOWN)]
    return _page(request, "blocked/list.html", _("Blocked users"), rows=rows)


def _let_in(request, mark):
    one = next((one for one in theirs(request) if one.mark == mark), None)
    if one is None:
        raise Http404
    form = WhyForm(request.POST or None)
    who = f"{one.bot} {ending(one.user)}"
    if not form.is_valid():
        return _page(request, "blocked/let_in.html", _("Let this user in again"), form=form, who=who)
    written = AUDITED["unblock"][0] + form.cleaned_data["reason"]
    try:
        let_in(for_pages(), one)
    except StoreAway:  # it may be done all the same: only the answer was lost
        _note(request, who, written + PERHAPS)
        raise
    _note(request, who, written)
    messages.success(request, _("The user %s may come again.") % who)
    return HttpResponseRedirect(reverse("blocked"))


def _note(request, who, written):
    LogEntry.objects.create(
        user_id=request.user.pk, object_id=who, object_repr=who, action_flag=CHANGE, change_message=written
    )


def _page(request, template, title, **more):
    context = admin.site.each_context(request) | {"title": title, "subtitle": None, **more}
    return TemplateResponse(request, f"admin/interconnections/{template}", context)
