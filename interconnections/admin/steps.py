"""A new row's form in steps: what it is, what that needs, what may stay as it is; in the end “Check”.

The page holds every field, so that it works without a script, and is told all mistakes at once.  steps.js shows one
step at a time, and of the fields those that the choices of the first step ask for.
"""

from collections.abc import Callable, Iterable, Mapping

from django.contrib import admin
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from interconnections.admin.checking import check


def flat(columns):
    """The names in a form's fields, of which some stand together in a line."""
    return [name for each in columns for name in ([each] if isinstance(each, str) else each)]


class AsksInSteps(admin.ModelAdmin):
    """What an admin needs for it; its fieldsets say by a class, `step-2`, in which step they are.

    `step_titles`: of all steps; `asked`: by a column of the first step and what is chosen there, the columns that
    this choice alone asks for; `examine(row)`: what Check tells, see checking.py.
    """

    step_titles: Iterable[str] = ()
    asked: Mapping[str, Mapping[str, Iterable[str]]] = {}
    examine: Callable[..., object]

    class Media:
        js = ("interconnections/steps.js",)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        words = {"next": _("Next"), "back": _("Back")}
        steps = {"titles": list(self.step_titles), "words": words, "asked": self.asked}
        context = (extra_context or {}) | {"steps": steps if object_id is None else None}
        return super().changeform_view(request, object_id, form_url, context)

    def response_add(self, request, obj, post_url_continue=None):
        return super().response_add(self._to_check(request, obj), obj, post_url_continue)

    def response_change(self, request, obj):
        return super().response_change(self._to_check(request, obj), obj)

    def _to_check(self, request, row):
        """The row is asked about once it is stored: no transaction waits for somebody's answer."""
        if "_check" in request.POST and self.has_change_permission(request, row):
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
            chosen = type(row)._default_manager.filter(pk=row.pk)
            transaction.on_commit(lambda: check(self, request, chosen, type(self).examine))
        return request
