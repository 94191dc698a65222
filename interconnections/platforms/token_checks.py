"""What Meta says of a token itself: whose it is, what it may do, until when (debug_token); for both its platforms."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from interconnections.errors import PlatformError
from interconnections.platforms.graph import Access, Graph
from interconnections.platforms.platform import Check
from interconnections.platforms.values import Json, a_text, an_object, text
from interconnections.secret import Secret

SOON = 30 * 86_400  # seconds before its end that a token is told


def as_app(access: Access, app: str, app_secret: Secret) -> Access:
    """An app proves itself by its id and its secret, which is also what signs its webhooks."""
    return replace(access, token=Secret(f"{app}|{app_secret.reveal()}"))


async def about(graph: Graph, asker: Access, token: Secret) -> Json:
    """{} where Meta does not tell `asker`."""
    try:
        answer = await graph.ask(asker, "GET", "debug_token", query={"input_token": token.reveal()})
    except PlatformError:
        return {}
    return an_object(answer.get("data"))


def checks(told: Json, needed: Mapping[str, str], app: str = "") -> list[Check]:
    """`needed`: permissions, each with the level of its lack; `app`: whose token it should be, "" for anybody's."""
    if not told:
        return []
    anew = _("Make a new one that never expires, of a system user, and put it in as this bot's API token.")
    if told.get("is_valid") is False:
        return [Check("error", _("Meta says that the token is of another app, or valid no longer"), anew)]
    found = [*_whose(told, app), *_lacks(told, needed, anew), *_ends(told, anew)]
    if found:
        return found
    if not (name := text(told, "application", "app_id")):
        return []
    if _scopes(told) is None:
        return [Check("ok", _("the token is of the app %s; Meta does not tell its permissions") % name)]
    return [Check("ok", _("the token is of the app %s, and has the permissions that it needs") % name)]


def _whose(told: Json, app: str) -> list[Check]:
    id = text(told, "app_id")
    if not (app and id) or id == app:
        return []
    what = _("the token is of the app %(id)s, not of this bot's app %(app)s") % {"id": id, "app": app}
    return [Check("error", what, _("Make the token in this bot's app, or mend the app's id on the bot's page."))]


def _lacks(told: Json, needed: Mapping[str, str], anew: str) -> list[Check]:
    there = _scopes(told)
    if there is None:
        return []
    found = []
    for level in ("error", "warning"):
        if missing := [name for name, how in needed.items() if how == level and name not in there]:
            found.append(Check(level, _("the token lacks the permission %s") % ", ".join(missing), anew))
    return found


def _scopes(told: Json) -> set[str] | None:
    """None where Meta does not tell them."""
    scopes = told.get("scopes")
    return {a_text(each) for each in scopes} if isinstance(scopes, list) else None


def _ends(told: Json, anew: str) -> list[Check]:
    """0 is never."""
    ends = told.get("expires_at")
    if not isinstance(ends, int) or isinstance(ends, bool) or not 0 < ends < time.time() + SOON:
        return []
    day = datetime.fromtimestamp(ends, UTC).date().isoformat()
    return [Check("warning", _("the token ends on %s: nothing is sent after that") % day, anew)]
