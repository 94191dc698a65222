"""Where the users of one flow of a bot are led to, and whose their case is.

Of one flow there may be several: the one into the bot's own org takes what those into orgs of their own, by `share`,
leave it.  Every field has a default; `clean()` says what to do about a value that would not work.
"""

from collections import defaultdict

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from interconnections.api_names import is_api_name
from interconnections.models.bots import Bot
from interconnections.models.natural import ByNaturalKey
from interconnections.models.orgs import SalesforceOrg
from interconnections.models.readable import readable
from interconnections.models.validation import check, raise_if, salesforce_id

WHOLE = 100  # percent


class Route(models.Model):
    """A button or a deployment for the users of one flow."""

    natural = ("bot__slug", "flow", "org__name")

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="routes")
    flow = models.CharField(max_length=100, default="", blank=True, help_text=_("empty: for every other flow"))
    org = models.ForeignKey(
        SalesforceOrg,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="routes",
        verbose_name=_("Salesforce org"),
        help_text=_("empty: the bot's"),
    )
    share = models.PositiveSmallIntegerField(
        _("share"),
        default=WHOLE,
        db_default=WHOLE,
        help_text=_("percent of the flow's new chats; the route into the bot's own org takes the rest"),
    )
    button_id = models.CharField(
        _("button id"), max_length=18, default="", blank=True, help_text=_("15 characters, begins with 573")
    )
    es_developer_name = models.CharField(
        _("API name of the deployment"),
        max_length=100,
        default="",
        db_default="",
        blank=True,
        help_text=_("Enhanced Chat only; empty: the org's"),
    )
    owner_id = models.CharField(
        _("owner of the case"),
        max_length=18,
        default="",
        blank=True,
        help_text=_("a user (005…) or a queue (00G…); empty: the integration user"),
    )
    subject = models.CharField(_("subject of the case"), max_length=255, default="", blank=True)

    objects = ByNaturalKey()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bot", "flow", "org"], name="one_route_per_flow_and_org"),
            models.UniqueConstraint(
                fields=["bot", "flow"], condition=models.Q(org=None), name="one_route_per_flow_into_the_bots_org"
            ),
        ]

    def __str__(self):
        where = f" → {self.org}" if self.org_id else ""
        return f"{self.bot}: {self.flow or _('every other flow')}{where}"

    def natural_key(self):
        return (self.bot.slug, self.flow, self.org.name if self.org_id else None)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "interconnections.bot",
        "interconnections.salesforceorg",
    ]

    def clean(self):
        row, wrong = readable(self)
        raise_if(row.mistakes() | wrong)

    def mistakes(self):
        wrong: dict[str, object] = {}
        if self.wants_button() or self.button_id:
            check(wrong, "button_id", salesforce_id("573", _("button id")), self.button_id)
        if self.es_developer_name and not is_api_name(self.es_developer_name):
            wrong["es_developer_name"] = _("%s is not the API name of a deployment, like Bridge_Client.") % repr(
                self.es_developer_name
            )
        if self.share > WHOLE:
            wrong["share"] = _("A share is a whole number from 0 to 100.")
        elif self.org_id is None and self.share != WHOLE:
            wrong["share"] = _(
                "The route into the bot's own org takes the rest: leave 100, and name the other's share."
            )
        if self.owner_id:
            user = self.owner_id.startswith("005")
            check(wrong, "owner_id", salesforce_id("005" if user else "00G", _("user or queue")), self.owner_id)
        return wrong

    def wants_button(self) -> bool:
        """Does its org queue chats by buttons?"""
        org = self.org
        if org is None:
            try:
                org = self.bot.org if self.bot else None
            except ObjectDoesNotExist:  # a form in which no bot is chosen yet, or a bot whose org is gone
                org = None
        return org is None or (org.desk is not None and org.desk.by_button)

    def leads_somewhere(self) -> bool:
        return bool(self.button_id) or not self.wants_button()


def share_mistakes(routes) -> list[str]:
    """A sentence for each flow of which these routes of one bot give away more than there is."""
    given: defaultdict[str, int] = defaultdict(int)
    for route in routes:
        if route.org_id is not None:
            given[route.flow] += route.share
    return [
        str(
            _("%(flow)s: the shares make %(sum)s percent, of 100.")
            % {"flow": flow or _("every other flow"), "sum": n}
        )
        for flow, n in given.items()
        if n > WHOLE
    ]
