"""Only the admin, so that these tests stand on their own."""

from django.urls import include, path

urlpatterns = [path("admin/", include("interconnections.admin.urls"))]
