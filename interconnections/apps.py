"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterconnectionsConfig(AppConfig):
    name = "interconnections"
    verbose_name = _("Bridge")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from interconnections.doctor import checks  # its models are there only now

        checks.register()
