"""The Django application, and the two groups that it ships with."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# The old service's two roles (yalo-integrations.md section 2.3); what else they may do is the operator's choice.
GROUPS = {"YALO_ROLE": ["use_api"], "SALESFORCE_ROLE": []}


class InterconnectionsConfig(AppConfig):
    name = "interconnections"
    verbose_name = "Bridge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        post_migrate.connect(make_groups, sender=self)


def make_groups(using, **kwargs):
    """After migrate, when permissions exist; rights that somebody took from a group stay taken."""
    from django.contrib.auth.models import Group, Permission

    for name, rights in GROUPS.items():
        group, made = Group.objects.using(using).get_or_create(name=name)
        if made:
            group.permissions.set(
                Permission.objects.using(using).filter(
                    content_type__app_label="interconnections", codename__in=rights
                )
            )
