"""Whoever watches the board is asked again as soon as rights change: users, groups, their bots, log-outs."""

import structlog
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import m2m_changed, post_delete, post_save

from interconnections.errors import StoreAway
from interconnections.models import Bot
from interconnections.models.access import BotAccess
from interconnections.store.board import rights_changed
from interconnections.store.connection import for_pages

LOGGED_IN = frozenset({"last_login"})  # what a log-in writes, which is no right

log = structlog.get_logger("bridge.board")


def tell(sender=None, update_fields=None, **_):
    if update_fields is not None and set(update_fields) <= LOGGED_IN:
        return
    try:
        rights_changed(for_pages())
    except StoreAway as trouble:  # while Redis is away nobody sees anything; and all are asked again every minute
        log.info("rights changed, unheard", why=str(trouble))


for model in (User, Group, BotAccess, Bot):
    post_save.connect(tell, sender=model)
    post_delete.connect(tell, sender=model)
for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    m2m_changed.connect(tell, sender=through)
user_logged_out.connect(tell)
