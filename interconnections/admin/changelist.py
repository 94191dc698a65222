"""The list of interconnections: ordered by time, filtered by what the index knows, nothing else."""

from collections.abc import Iterable

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db import NotSupportedError
from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from interconnections.admin.scope import may_see
from interconnections.admin.table import rows
from interconnections.models import Interconnection
from interconnections.store.glance import glances


class ByTime(ChangeList):
    """What the index cannot answer goes the admin's way of wrong lookups (?e=1), before it is counted."""

    result_list: Iterable[Interconnection]

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (
            DisallowedModelAdminLookup,
            ValueError,
            OverflowError,
        ) as fault:  # the year 9999 has no next one
            raise IncorrectLookupParameters(fault) from fault

    def get_ordering(self, request, queryset):
        # sortable_by only hides the arrows: a typed ?o= with another column comes here all the same.
        column = self.list_display.index("opened")
        if self.params.get(ORDER_VAR, str(column)) not in (str(column), f"-{column}"):
            raise IncorrectLookupParameters("ordered by time only")
        return super().get_ordering(request, queryset)

    def get_results(self, request):
        """With a glance at each row of this page."""
        super().get_results(request)
        found = list(self.result_list)
        for row, glance in zip(found, glances([row.id for row in found]), strict=True):
            row.glance = glance
        self.result_list = found

    @cached_property
    def headers(self):
        return list(result_headers(self))

    @cached_property
    def table(self):
        """The cells of each row."""
        return rows(self)

    @property
    def one_row(self):
        """For the admin's own template, which draws cell by cell: all rows as the one cell of one row."""
        return [(mark_safe("</tr>\n<tr>".join(self.table)),)] if self.table else []

    def get_queryset(self, request, exclude_parameters=None):
        queryset = super().get_queryset(request, exclude_parameters)
        try:
            queryset.plan  # noqa: B018 - reading it is the check
        except (NotSupportedError, OverflowError) as fault:
            raise IncorrectLookupParameters(fault) from fault
        return queryset


class BotFilter(SimpleListFilter):
    """Every bot that ever had an interconnection, whether it is still configured or not."""

    title = _("bot")
    parameter_name = "bot_slug"

    def lookups(self, request, model_admin):
        return [(slug, slug) for slug in model_admin.model.objects.bots() if may_see(request, slug)]

    def queryset(self, request, queryset):
        return queryset.filter(bot_slug=self.value()) if self.value() else queryset

    def get_facet_counts(self, pk_attname, filtered_qs):
        # Django would count with a subquery, and there is no SQL here.
        return {
            f"{place}__c": Count(pk_attname, filter=Q(bot_slug=slug))
            for place, (slug, _) in enumerate(self.lookup_choices)
        }
