"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterconnectionsConfig(AppConfig):
    name = "interconnections"
    verbose_name = _("Bridge")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from interconnections import checks  # noqa: F401  (registers them)
        from interconnections.doctor import checks as of_the_doctor  # its models are there only now

        of_the_doctor.register()
