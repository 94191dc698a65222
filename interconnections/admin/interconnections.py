"""A window on Redis: look, search, read what was said, end a conversation.  Nothing is edited by hand."""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interconnections.admin.changelist import BotFilter, ByTime
from interconnections.admin.ending import EndsConversations
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.timeline import timeline
from interconnections.lifecycle import FINAL
from interconnections.models import Interconnection
from interconnections.models.interconnection import EVENTS_SHOWN
from interconnections.store.admin_reads import FOUND_AT_MOST, rows

ALLOWED = {
    *(
        name + lookup
        for name in ("status", "provider", "bot_slug", "session_id")
        for lookup in ("", "__exact", "__in")
    ),
    *("timestamp__" + lookup for lookup in ("gt", "gte", "lt", "lte", "year", "month", "day")),
}
# Of the hash, only for the timeline.
ON_THE_PAGE = ("desk", "waits", "handover", "endWord", "leavingReason", "queuePosition")


@admin.register(Interconnection)
class InterconnectionAdmin(EndsConversations):
    list_display = ("opened", "state", "name", "user", "provider", "bot_slug", "agent_name", "num_message")
    list_filter = ("status", "provider", BotFilter)
    date_hierarchy = "timestamp"
    ordering = ("-timestamp",)
    sortable_by = ("opened",)
    search_fields = ("name",)  # only so that the box is drawn; get_search_results does it
    search_help_text = _(
        "starts of: name, e-mail, phone, case, user or session; or a number's last four digits or more. "
        "Several words must all be there."
    )
    list_per_page = 100
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("state", "reason", "num_message"),
                    ("timestamp", "accepted_at", "ended_at"),
                    ("agent_name", "agent_id", "case_id"),
                )
            },
        ),
        (
            _("Who"),
            {
                "fields": (
                    ("name", "phone_number", "email"),
                    ("provider", "bot_slug", "bot_id"),
                    "user_id",
                )
            },
        ),
        (
            _("In the engine room"),
            {
                "classes": ("collapse",),
                "description": _("How it is stored, and which worker polls it and empties its lanes."),
                "fields": (
                    "id",
                    "session_id",
                    ("status", "waiting_again", "leaving"),
                    ("owner", "opened_at"),
                    ("salesforce_message_channel", "integration_message_channel"),
                    ("button_id", "language"),
                ),
            },
        ),
    )

    class Media:
        css = {"all": ("interconnections/admin.css",)}

    @admin.display(description=_("opened"), ordering="timestamp")
    def opened(self, row):
        return date_format(localtime(row.timestamp), "DATETIME_FORMAT") if row.timestamp else "?"

    @admin.display(description=_("status"))
    def state(self, row):
        if not row.status:
            return ""
        more = _("ending") if row.leaving else _("waiting again") if row.waiting_again else ""
        if row.status in FINAL:
            more = row.reason
        return format_html('<span class="state state-{}">{}</span> {}', row.status, row.get_status_display(), more)

    @admin.display(description=_("user"))
    def user(self, row):
        """Enough to tell two apart on a screen that others see too; the whole is on the row's own page."""
        return f"…{row.user_id[-4:]}"

    def get_changelist(self, request, **kwargs):
        return ByTime

    def lookup_allowed(self, lookup, value, request=None):
        return lookup in ALLOWED

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        known = getattr(request, "searched", None)  # counts of filters search the same again
        if known is None:
            known, more = queryset.search(search_term)
            request.searched = known
            if more:
                messages.warning(
                    request,
                    gettext("More than %s match: these are some of them. Type more to see others.") % FOUND_AT_MOST,
                )
        return queryset.among(known), False

    def story(self, request, row):
        """What the page of one shows besides its fields."""
        found = rows([row.id], ON_THE_PAGE)
        audit = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=row.pk
        ).values_list("action_time", "user__username", "change_message")
        return {
            "timeline": timeline(row, found[0] if found else {}, list(audit), timezone.now()),
            "can_end": self.has_close_permission(request) and row.status not in FINAL and not row.leaving,
        }

    # Nothing is edited from here.

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # Redis may be away.

    @calmly
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, extra_context)

    @calmly
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        extra = (extra_context or {}) | {"events_shown": EVENTS_SHOWN}
        response = super().changeform_view(request, object_id, form_url, extra)
        row = getattr(response, "context_data", {}).get("original")
        if row:
            response.context_data |= self.story(request, row)
        return response

    @calmly
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @calmly
    def history_view(self, request, object_id, extra_context=None):
        return super().history_view(request, object_id, extra_context)
