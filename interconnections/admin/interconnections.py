"""A window on Redis: look, search, read what was said, end a conversation.  Nothing is edited by hand."""

from dataclasses import replace

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interconnections.admin.deadletters import with_letters
from interconnections.admin.downloading import DownloadsConversations
from interconnections.admin.ending import EndsConversations
from interconnections.admin.facts import facts, records
from interconnections.admin.glances import troubles
from interconnections.admin.listing import ListsConversations
from interconnections.admin.masking import HIDDEN
from interconnections.admin.privacy import AnswersPeople
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.replaying import ReplaysConversations
from interconnections.admin.scope import given
from interconnections.admin.steering import SteersConversations
from interconnections.admin.timeline import CLAIMS, masked, timeline
from interconnections.admin.unchanged import known, tag_of, under
from interconnections.admin.unmasking import UnmasksPeople
from interconnections.lifecycle import FINAL
from interconnections.models import Interconnection
from interconnections.models.interconnection import EVENTS_SHOWN
from interconnections.store import admin_reads
from interconnections.store.admin_reads import rows
from interconnections.store.glance import glances

# Of the hash, only for the timeline.
ON_THE_PAGE = ("desk", "waits", "handover", "endWord", "leavingReason", "queuePosition", "org", "contactId", *CLAIMS)
RESENDS = "interconnections.resend_deadletter"


def audit_of(row):
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=row.pk)


@admin.register(Interconnection)
class InterconnectionAdmin(
    ListsConversations,
    UnmasksPeople,
    DownloadsConversations,
    AnswersPeople,
    ReplaysConversations,
    SteersConversations,
    EndsConversations,
):
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
        js = ("interconnections/list.js", "interconnections/conversation.js")

    def get_queryset(self, request):
        rows, bots = super().get_queryset(request), given(request)
        return rows if bots is None else rows.filter(bot_slug__in=sorted(bots))

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.person = self.person_of(request, row)
        return row

    def story(self, request, row):
        """What the page of one shows besides its fields."""
        found = rows([row.id], ON_THE_PAGE)
        audit = audit_of(row).values_list("action_time", "user__username", "change_message")
        more = found[0] if found else {}
        told = timeline(row, more, list(audit), timezone.now())
        if request.user.has_perm(RESENDS):
            told = with_letters(told, row)
        person, [glance] = row.person, glances([row.id])
        return {
            "facts": [*facts(row, glance, person), *records(row, more)],
            "troubles": [person.hide(words) for words in troubles(glance)],
            "person": person,
            "timeline": [masked(line, person) for line in told],
            "extra": {name: value if person.open else HIDDEN for name, value in row.extra_as_text().items()},
            "events": [replace(event, data=person.hide(event.data)) for event in row.events_chat],
            "can_end": self.has_close_permission(request) and row.status not in FINAL and not row.leaving,
            "acts": (acts := self.acts_on(request, row)),
            "acts_on_user": any(act.place == "user" for act in acts),
            "can_forget": self.has_forget_permission(request),
            "can_download": self.has_download_permission(request),
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
        response = super().changelist_view(request, {"title": _("Conversations")} | (extra_context or {}))
        listed = getattr(response, "context_data", {}).get("cl")
        tag = tag_of(request, listed.table) if listed else ""
        return known(request, tag) or under(tag, response)

    @calmly
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        tag = self.tag_of_page(request, object_id)
        if unchanged := known(request, tag):
            return unchanged
        extra = (extra_context or {}) | {"title": _("Conversation"), "events_shown": EVENTS_SHOWN}
        response = super().changeform_view(request, object_id, form_url, extra)
        row = getattr(response, "context_data", {}).get("original")
        if row:
            response.context_data |= self.story(request, row)
        return under(tag, response)

    def tag_of_page(self, request, object_id):
        """For who asks again, before the page is made; "" for one that is different every second."""
        may = "If-None-Match" in request.headers and self.has_view_permission(request)
        row = self.get_object(request, unquote(object_id)) if may else None
        if row is None:
            return ""
        [glance], more = glances([row.id]), (rows([row.id], ON_THE_PAGE) or [{}])[0]
        if glance.lanes:  # for how long a message has waited
            return ""
        history = audit_of(row).order_by("-pk").values_list("pk", flat=True)[:1]
        fields = [getattr(row, field.attname) for field in row._meta.concrete_fields]
        heads = [*facts(row, glance, row.person), *records(row, more), *troubles(glance)]
        told = [more, admin_reads.newest_of(row.id), list(history)]
        return tag_of(request, fields, heads, told, row.person.open, request.user.has_perm(RESENDS))

    @calmly
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @calmly
    def history_view(self, request, object_id, extra_context=None):
        return super().history_view(request, object_id, extra_context)
