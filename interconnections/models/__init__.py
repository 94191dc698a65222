"""The nouns: what supervisors look at (in Redis) and what they configure (in SQL)."""

from interconnections.models.configuration import Bot, Route, SalesforceOrg
from interconnections.models.dead_letter import DeadLetter
from interconnections.models.interconnection import Interconnection
from interconnections.models.naming import give_names

__all__ = ["Bot", "DeadLetter", "Interconnection", "Route", "SalesforceOrg"]

give_names()
