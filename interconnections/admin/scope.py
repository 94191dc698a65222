"""Which bots' things somebody may see: those that they are given.  Every page, action and file asks here."""

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin

from interconnections.models import bots_of


def given(request):
    """Slugs of the bots that whoever asks is given; None for all.  Read once for each request."""
    if not hasattr(request, "given_bots"):
        request.given_bots = bots_of(request.user)
    return request.given_bots


def may_see(request, slug):
    bots = given(request)
    return bots is None or slug in bots


class ChoosesGivenBots(BaseModelAdmin):
    """A form of these offers, and takes, only what whoever fills it in may see."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(related, OnlyGivenBots):
            kwargs["queryset"] = related.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OnlyGivenBots(ChoosesGivenBots, admin.ModelAdmin):
    """Rows of other bots are not there, in lists, pages, choices and actions alike.

    Who is given some bots adds none: nobody would have given it to them.
    """

    slug_at: tuple[str, ...] = ("slug",)  # by which columns a row belongs to a bot

    def get_queryset(self, request):
        rows, bots = super().get_queryset(request), given(request)
        if bots is None:
            return rows
        found = rows.none()
        for column in self.slug_at:
            found = found | rows.filter(**{f"{column}__in": bots})
        return found.distinct() if len(self.slug_at) > 1 else found

    def has_add_permission(self, request):
        return super().has_add_permission(request) and given(request) is None
