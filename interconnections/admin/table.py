"""The rows of the list, as Django draws them: cell by cell in its own way they were half of what the page costs."""

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from interconnections.admin.marked import escaped

LINKED, CHOSEN = "opened", "action_checkbox"
PLACE = "0"  # stands for a session in an address that is made once


def rows(listed):
    """One for each row of this page: its cells, in the order of the columns."""
    of_admin, nothing = listed.model_admin, listed.model_admin.get_empty_value_display()
    before, after = _address(listed)
    columns = [(name, getattr(of_admin, name, None)) for name in listed.list_display]
    found = []
    for row in listed.result_list:
        cells = []
        for name, says in columns:
            value = says(row) if says else _of_field(row, name)
            shown = nothing if value in ("", None) else escaped(value)
            if name == LINKED:
                cells.append(
                    f'<th class="field-{name}"><a href="{before}{escape(quote(row.pk))}{after}">{shown}</a></th>'
                )
            else:
                cells.append(f'<td class="{_class(name)}">{shown}</td>')
        found.append(mark_safe("".join(cells)))
    return found


def _class(name):
    return "action-checkbox" if name == CHOSEN else f"field-{name}"


def _of_field(row, name):
    value = getattr(row, name)
    return row.worded(name) if row._meta.get_field(name).choices else value


def _address(listed):
    """What stands before and behind a session in the address of its page, the list's filters kept."""
    opts = listed.opts
    whole = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[PLACE])
    before, _, after = whole.rpartition(PLACE)
    kept = add_preserved_filters({"preserved_filters": listed.preserved_filters, "opts": opts}, whole)
    return before, escape(after + kept.removeprefix(whole))
