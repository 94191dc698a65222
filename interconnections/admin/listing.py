"""The list of conversations: what its columns say, and how its search and filters are answered."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interconnections.admin import glances
from interconnections.admin.changelist import BotFilter, ByTime
from interconnections.admin.marked import escaped, marked
from interconnections.admin.masking import Person
from interconnections.lifecycle import FINAL
from interconnections.store.admin_reads import FOUND_AT_MOST

ALLOWED = {
    *(
        name + lookup
        for name in ("status", "provider", "bot_slug", "session_id")
        for lookup in ("", "__exact", "__in")
    ),
    *("timestamp__" + lookup for lookup in ("gt", "gte", "lt", "lte", "year", "month", "day")),
}


class ListsConversations(admin.ModelAdmin):
    """What an admin of interconnections needs for its list; only with the permission unmask_interconnection are
    conversations found by who somebody is."""

    list_display = (
        "opened",
        "state",
        "waiting",
        "last_word",
        "trouble",
        "who",
        "user",
        "provider",
        "bot_slug",
        "agent_name",
        "num_message",
    )
    list_filter = ("status", "provider", BotFilter)
    date_hierarchy = "timestamp"
    ordering = ("-timestamp",)
    sortable_by = ("opened",)
    search_fields = ("name",)  # only so that the box is drawn; get_search_results does it
    search_help_text = _(
        "starts of: name, e-mail, phone, case, user or session; or a number's last four digits or more. "
        "Several words must all be there."
    )
    list_per_page = 50

    @admin.display(description=_("opened"), ordering="timestamp")
    def opened(self, row):
        if not row.timestamp:
            return "?"
        # As DATETIME_FORMAT has it in each of our languages: to ask Django for it took a tenth of the page.
        day, clock, zone = f"{localtime(row.timestamp):%Y-%m-%d %H:%M:%S %Z}".split(" ")
        return mark_safe(f'<span title="{day} {clock} {zone}"><span>{day}</span> <span>{clock}</span></span>')

    @admin.display(description=_("status"))
    def state(self, row):
        if not row.status:
            return ""
        more = _("ending") if row.leaving else _("waiting again") if row.waiting_again else ""
        if row.status in FINAL:
            more = row.reason
        return marked('<span class="state state-{}">{}</span> {}', row.status, row.worded("status"), more)

    # Beside the fields, from the row's glance.

    @admin.display(description=_("waiting"))
    def waiting(self, row):
        words, now = glances.waiting(row, row.glance)
        return marked('<span class="{}">{}</span>', "waits" if now else "quiet", words) if words else ""

    @admin.display(description=_("last word"))
    def last_word(self, row):
        word = glances.last_word(row.glance)
        return marked('<span class="word-{}">{}</span> {}', word.said_by, word.who, word.age) if word else ""

    @admin.display(description=_("trouble"))
    def trouble(self, row):
        found = glances.troubles(row.glance)
        if not found:
            return ""
        hide = shown(row).hide
        return mark_safe("".join(f'<span class="trouble">{escaped(hide(words))}</span>' for words in found))

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, row):
        """As Django draws it, without a template for each row: that was a quarter of the page's cost."""
        label = gettext("Choose the conversation %s") % row
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return marked(box, ACTION_CHECKBOX_NAME, row.pk, label)

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


def shown(row):
    return getattr(row, "person", None) or Person(row)
