"""What an org that speaks Live Agent needs, and what of it could not work.

Source: salesforce-live-agent.md, sections 1 and 4.
"""

from django.utils.translation import gettext_lazy as _

from interconnections.desks.desk import Org, Sentences
from interconnections.salesforce_ids import id_mistake

LEAST = 47  # of the API's version


def mistakes(org: Org) -> Sentences:
    """A sentence by column."""
    wrong: Sentences = {}
    if sentence := id_mistake(org.deployment_id, "572", _("deployment id")):
        wrong["deployment_id"] = sentence
    if org.api_version < LEAST:
        wrong["api_version"] = _("At least 47: below, waiting times and the hand-over do not exist.")
    return wrong
