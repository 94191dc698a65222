"""The supervisors' door: a window on the conversations in Redis, and the forms of the configuration.

Only stock permissions count here; everything looks like Django's admin, light and dark.
"""

from interconnections.admin import bots, deadletters, interconnections, login, orgs, people, rights_changed, sidebar

__all__ = ["bots", "deadletters", "interconnections", "login", "orgs", "people", "rights_changed", "sidebar"]
