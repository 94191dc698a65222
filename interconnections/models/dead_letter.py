"""A message that could not be delivered, as the console names it: rights and a place in the menu, no table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InRedis(models.Manager):
    """The letters lie in Redis (store/deadletters.py); whoever asks SQL for them, as dumpdata does, finds none."""

    def get_queryset(self):
        return super().get_queryset().none()


class DeadLetter(models.Model):
    objects = InRedis()

    class Meta:
        managed = False
        app_label = "interconnections"
        verbose_name = _("dead letter")
        base_manager_name = "objects"
        default_permissions = ("view",)
        permissions = [("resend_deadletter", "Can send dead letters again, or drop them")]
