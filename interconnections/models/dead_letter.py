"""A message that could not be delivered, as the console names it: rights and a place in the menu, no table."""

from django.db import models


class DeadLetter(models.Model):
    """The letters themselves lie in Redis (store/deadletters.py)."""

    class Meta:
        managed = False
        app_label = "interconnections"
        verbose_name = "dead letter"
        default_permissions = ("view",)
        permissions = [("resend_deadletter", "Can send dead letters again, or drop them")]
