"""The live workers, and draining them: whoever drains gives its conversations to the others and takes no more.

A worker carries the conversations of all bots: who is given some of them drains none.
"""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interconnections.admin.asking_why import WhyForm
from interconnections.admin.redis_unavailable import answered
from interconnections.admin.scope import given
from interconnections.bridge import by_hand
from interconnections.models import Interconnection
from interconnections.store.by_hand import workers
from interconnections.store.connection import for_pages

LABEL = {"drain": gettext_lazy("Drain this worker"), "undrain": gettext_lazy("Let this worker take again")}
AUDITED = {"drain": "Drained the worker: ", "undrain": "Let the worker take again: "}
SAID = {
    ("drain", "done"): gettext_lazy("The worker %s gives its conversations to the others."),
    ("undrain", "done"): gettext_lazy("The worker %s takes conversations again."),
    "twice": gettext_lazy("The worker %s: it was so already."),
    "last": gettext_lazy("The worker %s is the last that carries conversations: start another worker first."),
    "full": gettext_lazy("Nobody else has room for the conversations of %s: start another worker first."),
    "no such": gettext_lazy("The worker %s runs no more."),
}


def worker_list(request):
    return _calmly(request, _list)


def drain(request, name, act):
    return _calmly(request, _drain, name, act)


def _calmly(request, view, *arguments):
    if not request.user.has_perm("interconnections.drain_worker") or given(request) is not None:
        raise PermissionDenied
    return answered(admin.site, request, Interconnection._meta, lambda: view(request, *arguments))


def _list(request):
    return _page(request, "worker/list.html", _("Workers"), workers=workers(for_pages()))


def _drain(request, name, act):
    form = WhyForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "worker/drain.html", LABEL[act], form=form, name=name, act=act)
    word = by_hand.drain(name, drains=act == "drain")
    if word == "done":
        LogEntry.objects.create(
            user_id=request.user.pk,
            object_id=name,
            object_repr=name[:200],
            action_flag=CHANGE,
            change_message=AUDITED[act] + form.cleaned_data["reason"],
        )
    said = SAID.get(word) or SAID[act, word]
    messages.add_message(request, messages.SUCCESS if word == "done" else messages.WARNING, said % name)
    return HttpResponseRedirect(reverse("workers"))


def _page(request, template, title, **more):
    context = admin.site.each_context(request) | {"title": title, "subtitle": None, **more}
    return TemplateResponse(request, f"admin/interconnections/{template}", context)
