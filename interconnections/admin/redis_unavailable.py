"""Pages over Redis while Redis is away: a calm page that says so, never an error."""

from functools import wraps

from django.template.response import TemplateResponse
from django.utils.translation import gettext

from interconnections.errors import StoreAway


def answered(site, request, opts, show):
    """What `show()` gives, rendered here and now, so that what the template still reads is caught too."""
    try:
        response = show()
        return response.render() if hasattr(response, "render") else response
    except StoreAway:
        context = site.each_context(request) | {"title": gettext("Redis does not answer"), "opts": opts}
        page = TemplateResponse(request, "admin/interconnections/away.html", context, status=503)
        page["Retry-After"] = "5"
        return page


def calmly(view):
    """A ModelAdmin's view."""

    @wraps(view)
    def calm(self, request, *args, **kwargs):
        return answered(self.admin_site, request, self.opts, lambda: view(self, request, *args, **kwargs))

    return calm
