"""Pages over Redis while Redis is away: a calm page that says so, never an error."""

from functools import wraps

from django.template.response import TemplateResponse
from django.utils.translation import gettext

from interconnections.errors import StoreAway


def calmly(view):
    """A ModelAdmin's view, rendered here and now, so that what the template still reads is caught too."""

    @wraps(view)
    def calm(self, request, *args, **kwargs):
        try:
            response = view(self, request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
        except StoreAway:
            context = self.admin_site.each_context(request) | {
                "title": gettext("Redis does not answer"),
                "opts": self.opts,
            }
            page = TemplateResponse(request, "admin/interconnections/away.html", context, status=503)
            page["Retry-After"] = "5"
            return page

    return calm
