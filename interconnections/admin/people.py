"""Users, with the bots that each is given: where their administrators give them rights."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from interconnections.admin.bounded import Bounded
from interconnections.models import BotAccess

User = get_user_model()


class BotAccessInline(admin.TabularInline):
    """Who may change a user may give them bots: no right of its own."""

    model = BotAccess
    extra = 0
    autocomplete_fields = ("bot",)
    verbose_name_plural = _("Bots: only these; with none here, all bots")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.view_user") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_user")

    has_add_permission = has_delete_permission = has_change_permission


admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class PeopleAdmin(Bounded, UserAdmin):
    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), BotAccessInline] if obj else []


@admin.register(Group)
class GroupsAdmin(Bounded, GroupAdmin):
    pass
