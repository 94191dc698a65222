"""The board: the first page after log-in, and the same figures as JSON."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from interconnections.admin.board_leads import leads
from interconnections.admin.board_words import cells, times
from interconnections.admin.scope import given
from interconnections.board.definitions import LISTS, NOW, TIMES, TODAY
from interconnections.board.figures import figures
from interconnections.errors import StoreAway
from interconnections.models import Bot
from interconnections.models.access import UnknownSlice, bots_chosen, bots_of
from interconnections.store.board import look_for_page
from interconnections.store.connection import for_pages

PERMISSION = "interconnections.view_board"
SLICES = ("bot", "provider", "org")
AWAY = "5"  # seconds after which one may ask again


def asked_for(request):
    return {name: request.GET.get(name, "")[:200] for name in SLICES}


def first_page(request):
    """The board for whoever may see it; the admin's own index for others, and where it is asked for (?all)."""
    if "all" not in request.GET and request.user.has_perm(PERMISSION):
        return board(request)
    return admin.site.index(request)


@never_cache
def board(request):
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    try:
        scope = bots_chosen(request.user, **asked_for(request))
    except UnknownSlice as unknown:
        raise Http404(str(unknown)) from None
    try:
        told = figures(look_for_page(for_pages()), scope, halted())
    except StoreAway:
        told = None
    context = admin.site.each_context(request) | {
        "title": _("Board"),
        "subtitle": None,
        "told": told,
        "now": cells(NOW, told, leads(request, told, scope if any(asked_for(request).values()) else None)),
        "today": cells(TODAY, told),
        "times": times(TIMES, told),
        "lists": {definition.path.replace(".", "_"): definition for definition in LISTS},
        "active": pgettext("conversations", "Active"),
        "asked": asked_for(request),
        "choices": choices(request.user),
        "zone": settings.TIME_ZONE,
        "may_look": request.user.has_perm("interconnections.view_interconnection"),
        "may_block": request.user.has_perm("interconnections.block_user"),
        "may_drain": request.user.has_perm("interconnections.drain_worker") and given(request) is None,
    }
    return TemplateResponse(request, "admin/interconnections/board/board.html", context)


@never_cache
def board_figures(request):
    """For the page while its socket is down, and for whoever likes JSON."""
    if not (request.user.is_active and request.user.is_staff and request.user.has_perm(PERMISSION)):
        return JsonResponse({"error": "log in as somebody who may see the board"}, status=403)
    try:
        scope = bots_chosen(request.user, **asked_for(request))
        return JsonResponse(figures(look_for_page(for_pages()), scope, halted()))
    except UnknownSlice:
        return JsonResponse({"error": "no bot that you are given fits"}, status=404)
    except StoreAway:
        return JsonResponse({"error": "Redis does not answer; ask again"}, status=503, headers={"Retry-After": AWAY})


def halted():
    """Bots whose new hand-overs are paused, and what their users read."""
    return dict(Bot.objects.filter(paused=True).values_list("slug", "pause_text"))


def choices(user):
    """What the page's filters offer: the bots that this user is given, their providers and orgs."""
    given = bots_of(user)
    rows = Bot.objects.select_related("org").order_by("slug")
    if given is not None:
        rows = rows.filter(slug__in=given)
    rows = list(rows)
    called = dict(Bot.Provider.choices)
    return {
        "bot": [(row.slug, row.slug) for row in rows],
        "provider": [(name, called.get(name, name)) for name in sorted({row.provider for row in rows})],
        "org": [(name, name) for name in sorted({row.org.name for row in rows if row.org})],
    }
