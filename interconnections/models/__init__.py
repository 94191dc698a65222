"""The nouns: what supervisors look at (in Redis) and what they configure (in SQL)."""

from interconnections.models.configuration import Bot, Route, SalesforceOrg
from interconnections.models.interconnection import Interconnection

__all__ = ["Bot", "Interconnection", "Route", "SalesforceOrg"]
