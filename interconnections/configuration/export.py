"""The database as a document: what differs from the defaults, and the name of a variable for every stored secret."""

import yaml
from django.contrib.auth.models import User
from django.db.models import Model

from interconnections.configuration import callers
from interconnections.configuration.columns import columns_of, is_secret
from interconnections.configuration.references import Names
from interconnections.models import Bot, SalesforceOrg
from interconnections.models.fields import Unreadable

HEAD = "# Secrets are named, never written: set these variables, or name files with {file: path}.\n"


class Reference(dict[str, str]):
    """Written in one line."""


class Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


Writer.add_representer(
    Reference, lambda writer, value: writer.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
)


def export() -> str:
    names = Names()
    document: dict[str, dict[str, object]] = {
        "orgs": {
            org.name: _row(org, ("name",), names, "org", org.name) for org in SalesforceOrg.objects.order_by("name")
        },
        "bots": {bot.slug: _bot(bot, names) for bot in Bot.objects.select_related("org").order_by("slug")},
        "callers": {user.username: _caller(user, names) for user in callers.callers()},
    }
    return HEAD + yaml.dump(
        {name: rows for name, rows in document.items() if rows},
        Dumper=Writer,
        sort_keys=False,
        allow_unicode=True,
        width=118,
    )


def _row(row: Model, but: tuple[str, ...], names: Names, *called: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, column in columns_of(type(row), but).items():
        value = getattr(row, name)
        if is_secret(column):
            if value or isinstance(value, Unreadable):
                found[name] = Reference(env=names.variable(*called, name))
        elif column.is_relation:
            if value is not None:
                found[name] = str(value)
        elif value != column.get_default():
            found[name] = value
    return found


def _bot(bot: Bot, names: Names) -> dict[str, object]:
    found = _row(bot, ("slug",), names, "bot", bot.slug)
    routes = bot.routes.select_related("org").order_by("flow", "org__name")
    if shown := [_row(route, ("bot",), names) for route in routes]:
        found["routes"] = shown
    return found


def _caller(user: User, names: Names) -> dict[str, object]:
    found: dict[str, object] = {"password": Reference(env=names.variable("caller", user.get_username(), "password"))}
    found["bots"] = callers.given(user)
    if not user.is_active:
        found["active"] = False
    return found
