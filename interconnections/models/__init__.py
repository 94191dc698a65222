"""The nouns: what supervisors look at (in Redis) and what they configure (in SQL)."""

from interconnections.models.access import BotAccess, bots_of
from interconnections.models.bots import Bot
from interconnections.models.dead_letter import DeadLetter
from interconnections.models.interconnection import Interconnection
from interconnections.models.orgs import SalesforceOrg
from interconnections.models.routes import Route
from interconnections.models.verbose_names import give_names

__all__ = ["Bot", "BotAccess", "DeadLetter", "Interconnection", "Route", "SalesforceOrg", "bots_of"]

give_names()
