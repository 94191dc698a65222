"""A window on Redis: look, search, read what was said, end a conversation.  Nothing is edited by hand."""

from dataclasses import replace

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
from interconnections.admin.masking import HIDDEN, Person
from interconnections.admin.privacy import AnswersPeople
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.replaying import ReplaysConversations
from interconnections.admin.scope import given
from interconnections.admin.steering import SteersConversations
from interconnections.admin.timeline import masked, timeline
from interconnections.admin.unmasking import UnmasksPeople
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
class InterconnectionAdmin(
    UnmasksPeople, AnswersPeople, ReplaysConversations, SteersConversations, EndsConversations
):
    list_display = ("opened", "state", "who", "user", "provider", "bot_slug", "agent_name", "num_message")
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
                    ("who", "phone", "address"),
                    ("provider", "bot_slug", "bot_id"),
                    "user",
                )
            },
        ),
        (
            _("In the engine room"),
            {
                "classes": ("collapse",),
                "description": _("How it is stored, and which worker polls it and empties its lanes."),
                "fields": (
                    "known_as",
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
        js = ("interconnections/list.js",)

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

    # Who it is: masked, unless the page is shown to somebody who asked.

    @admin.display(description=_("name"))
    def who(self, row):
        return shown(row).name

    @admin.display(description=_("phone"))
    def phone(self, row):
        return shown(row).phone

    @admin.display(description=_("e-mail"))
    def address(self, row):
        return shown(row).email

    @admin.display(description=_("user"))
    def user(self, row):
        return shown(row).user_id

    @admin.display(description="id")
    def known_as(self, row):
        return shown(row).id

    def get_queryset(self, request):
        rows, bots = super().get_queryset(request), given(request)
        return rows if bots is None else rows.filter(bot_slug__in=sorted(bots))

    def get_changelist(self, request, **kwargs):
        return ByTime

    def lookup_allowed(self, lookup, value, request=None):
        return lookup in ALLOWED

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        known = getattr(request, "searched", None)  # counts of filters search the same again
        if known is None:
            known, more = queryset.search(search_term, people=self.has_unmask_permission(request))
            request.searched = known
            if more:
                messages.warning(
                    request,
                    gettext("More than %s match: these are some of them. Type more to see others.") % FOUND_AT_MOST,
                )
        return queryset.among(known), False

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.person = self.person_of(request, row)
        return row

    def story(self, request, row):
        """What the page of one shows besides its fields."""
        found = rows([row.id], ON_THE_PAGE)
        audit = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=row.pk
        ).values_list("action_time", "user__username", "change_message")
        told = timeline(row, found[0] if found else {}, list(audit), timezone.now())
        person = row.person
        return {
            "person": person,
            "timeline": [masked(line, person) for line in told],
            "extra": {name: value if person.open else HIDDEN for name, value in row.extra_as_text().items()},
            "events": [replace(event, data=person.hide(event.data)) for event in row.events_chat],
            "can_end": self.has_close_permission(request) and row.status not in FINAL and not row.leaving,
            "acts": self.acts_on(request, row),
            "can_forget": self.has_forget_permission(request),
            "can_export": self.has_export_permission(request),
            "can_unmask": not person.open and self.has_unmask_permission(request),
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


def shown(row):
    return getattr(row, "person", None) or Person(row)
