"""Where each address of people leads; those of machines are in interconnections/http/urls.py."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.site.site_header = admin.site.site_title = "Bridge"
admin.site.site_url = None  # there is no other site to view
admin.site.index_title = "Conversations between bots' users and Salesforce agents"

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/"), name="root"),
    path("admin/", include("interconnections.admin.urls")),
]
