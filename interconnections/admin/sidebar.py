"""What the sidebar and the start page list: in the order of a supervisor's day, also pages that are no model's."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _

from interconnections.admin.scope import given

OURS = "interconnections"
ORDER = ("Board", "Interconnection", "DeadLetter", "Blocked", "Worker", "Bot", "Route", "SalesforceOrg")


def pages(request):
    """Those of no model, as the admin describes one."""
    found = (
        ("Board", _("Board"), "board", "view_board"),
        ("Blocked", _("Blocked users"), "blocked", "block_user"),
        ("Worker", _("Workers"), "workers", "drain_worker"),
    )
    return [
        {"name": title, "object_name": page, "admin_url": reverse(address), "add_url": None, "view_only": True}
        for page, title, address, permission in found
        if request.user.has_perm(f"{OURS}.{permission}") and (page != "Worker" or given(request) is None)
    ]


def in_order(theirs):
    """The site's own list: ours first, and within it what is looked at all day before what is set up once."""

    def app_list(request, app_label=None):
        apps = theirs(request, app_label)
        for app in apps:
            if app["app_label"] == OURS:
                found = {model["object_name"]: model for model in [*app["models"], *pages(request)]}
                app["models"] = sorted(found.values(), key=lambda model: _place(model["object_name"]))
        return sorted(apps, key=lambda app: app["app_label"] != OURS)

    return app_list


def _place(name):
    return ORDER.index(name) if name in ORDER else len(ORDER)


admin.site.get_app_list = in_order(admin.site.get_app_list)
