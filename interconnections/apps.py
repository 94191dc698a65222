"""The Django application."""

from django.apps import AppConfig


class InterconnectionsConfig(AppConfig):
    name = "interconnections"
    verbose_name = "Bridge"
    default_auto_field = "django.db.models.BigAutoField"
