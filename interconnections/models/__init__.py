"""The nouns: what supervisors look at (in Redis) and what they configure (in SQL)."""

from interconnections.models.bots import Bot, Route
from interconnections.models.dead_letter import DeadLetter
from interconnections.models.interconnection import Interconnection
from interconnections.models.naming import give_names
from interconnections.models.orgs import SalesforceOrg

__all__ = ["Bot", "DeadLetter", "Interconnection", "Route", "SalesforceOrg"]

give_names()
