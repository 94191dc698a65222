"""What a form would have said of rows that no form has seen: in their list, and on top of their page."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from interconnections.admin.bounded import Bounded
from interconnections.doctor.examination import doubts, in_the_clear, said_by_clean


class AdminOfMistakes(Bounded):
    def get_list_display(self, request):
        return (*super().get_list_display(request), "to_mend")

    @admin.display(description=_("to mend"))
    def to_mend(self, row):
        return " ".join(said_by_clean(row))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and request.method == "GET":
            for sentence in (*said_by_clean(obj), *in_the_clear(obj), *doubts(obj)):
                messages.warning(request, sentence)
        return super().render_change_form(request, context, add, change, form_url, obj)
