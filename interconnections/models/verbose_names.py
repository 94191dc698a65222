"""Words for the models and columns whose names come from the code, so that forms can be read in every language.

They are given when the classes stand: words that a field or a Meta is made with are part of the migrations.
"""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from interconnections.models.access import BotAccess
from interconnections.models.bots import Bot
from interconnections.models.dead_letter import DeadLetter
from interconnections.models.interconnection import Interconnection
from interconnections.models.orgs import SalesforceOrg
from interconnections.models.routes import Route

MODELS: dict[type[Model], tuple[str, str]] = {  # one, several
    Bot: (_("bot"), _("bots")),
    BotAccess: (_("bot that the user is given"), _("bots that the user is given")),
    DeadLetter: (_("dead letter"), _("dead letters")),
    Interconnection: (_("conversation"), _("conversations")),  # as all pages call it
    Route: (_("route"), _("routes")),
    SalesforceOrg: (_("Salesforce org"), _("Salesforce orgs")),
}
COLUMNS: dict[type[Model], dict[str, str]] = {
    SalesforceOrg: {
        "name": _("name"),
        "username": _("username"),
        "password": _("password"),
        "security_token": _("security token"),
    },
    Bot: {
        "slug": _("slug"),
        "provider": _("provider"),
        "platform": _("platform"),
        "channel": _("channel"),
        "webhook_secret": _("webhook secret"),
        "verify_token": _("verify token"),
        "texts": _("texts"),
        "ask_availability": _("ask availability"),
    },
    BotAccess: {"bot": _("bot")},
    Route: {"bot": _("bot"), "flow": _("flow")},
}


def give_names():
    for model, (one, several) in MODELS.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, several
    for model, columns in COLUMNS.items():
        for name, words in columns.items():
            model._meta.get_field(name).verbose_name = words
