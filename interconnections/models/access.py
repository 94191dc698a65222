"""Which bots a user is given: those of the rows that name them, all bots where no row does."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interconnections.models.bots import Bot
from interconnections.models.natural import ByNaturalKey


class BotAccess(models.Model):
    """A bot that a user is given.  A row whose bot was deleted stays: its user must not be given all bots by that."""

    natural = ("user__username", "bot__slug")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bot_access")
    bot = models.ForeignKey(Bot, on_delete=models.SET_NULL, null=True, related_name="access")

    objects = ByNaturalKey()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "bot"], name="a_bot_is_given_once")]
        verbose_name = "bot that the user is given"
        verbose_name_plural = "bots that the user is given"

    def __str__(self):
        return str(self.bot or _("a bot that is no more"))

    def natural_key(self):
        return (self.user.get_username(), self.bot.slug if self.bot else None)

    natural_key.dependencies = [settings.AUTH_USER_MODEL, "interconnections.bot"]  # type: ignore[attr-defined]


def bots_of(user: models.Model) -> frozenset[str] | None:
    """Slugs of the bots that this user is given; None for all, which superusers always are."""
    if user.is_superuser:
        return None
    rows = list(BotAccess.objects.filter(user=user).values_list("bot__slug", flat=True))
    return frozenset(slug for slug in rows if slug is not None) if rows else None


class UnknownSlice(LookupError):
    """No bot of that name, provider or org is given to this user; the sentence says which word is wrong."""


def bots_chosen(user: models.Model, *, bot: str = "", provider: str = "", org: str = "") -> frozenset[str] | None:
    """Of the bots that this user is given those that are asked for; None where all are given and none is named.

    Raises UnknownSlice.
    """
    given = bots_of(user)
    if not (bot or provider or org):
        return given
    rows = Bot.objects.all() if given is None else Bot.objects.filter(slug__in=given)
    if bot:
        rows = rows.filter(slug=bot)
    if provider:
        rows = rows.filter(provider=provider)
    if org:
        rows = rows.filter(org__name=org)
    found = frozenset(rows.values_list("slug", flat=True))
    if not found:
        raise UnknownSlice(_("There is no such bot here."))
    return found
