"""Callers of the bots' API: users in the group YALO_ROLE that are not the console's, and the bots they are given."""

from collections.abc import Mapping

import yaml
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from interconnections.configuration.changes import Change, Verb
from interconnections.configuration.columns import shown
from interconnections.configuration.document import Document
from interconnections.configuration.near import unknown
from interconnections.configuration.references import References
from interconnections.models import Bot, BotAccess
from interconnections.models.access import bots_of

ROLE = "YALO_ROLE"
ALL = "all"
PARTS = ("password", "bots", "active")


def callers() -> QuerySet[User]:
    return User.objects.filter(groups__name=ROLE, is_staff=False, is_superuser=False).order_by("username")


def given(user: User) -> str | list[str]:
    """The word for all bots, or slugs."""
    slugs = bots_of(user)
    return ALL if slugs is None else sorted(slugs)


class Caller:
    """A caller as a document has it: found or made, compared, saved when it differs."""

    def __init__(
        self, document: Document, references: References, name: str, node: yaml.Node, bots: Mapping[str, Bot | None]
    ) -> None:
        self.document = document
        self.references = references
        self.node = node
        self.bots = bots  # None: a bot of the document that is wrong itself
        self.what = f"caller {name}"
        self.user = User.objects.filter(username=name).first() or User(username=name)
        self.is_new = self.user.pk is None
        self.lines: list[str] = []

    def apply(self) -> Change | None:
        before = len(self.document.mistakes)
        parts = self.document.parts(self.node, self.what)
        for odd in parts.keys() - set(PARTS):
            self.document.wrong(parts[odd], unknown(odd, PARTS))
        if self.user.is_staff or self.user.is_superuser:
            self.document.wrong(self.node, f"{self.what} is a user of the console: its rights are given there.")
        self._password(parts.get("password"))
        self._active(parts.get("active"))
        now = None if self.is_new else given(self.user)
        slugs = self._slugs(parts.get("bots"))
        if slugs != now:
            self.lines.append(f"bots: {'' if self.is_new else shown(now) + ' -> '}{shown(slugs)}")
        if not self.is_new and not self.user.groups.filter(name=ROLE).exists():
            self.lines.append(f"group: {ROLE}")
        if len(self.document.mistakes) > before or not (self.lines or self.is_new):
            return None
        self.user.save()
        self.user.groups.add(Group.objects.get_or_create(name=ROLE)[0])
        if slugs != now:
            self._give(slugs)
        return Change(Verb.ADDED if self.is_new else Verb.CHANGED, self.what, tuple(self.lines))

    def _password(self, node: yaml.Node | None) -> None:
        if node is None:
            if self.is_new:
                self.document.wrong(self.node, "A new caller needs a password: {env: NAME} or {file: path}.")
            return
        secret = self.references.read(self.document, node)
        if secret is None:
            if self.is_new:
                self.user.set_unusable_password()
            return
        if not self.is_new and self.user.check_password(secret.reveal()):
            return
        try:
            validate_password(secret.reveal(), self.user)
        except ValidationError as error:
            self.document.wrong(node, f"password: {' '.join(error.messages)}")
        self.user.set_password(secret.reveal())
        self.lines.append(f"password: {'set' if self.is_new else 'another'}")

    def _active(self, node: yaml.Node | None) -> None:
        value = True if node is None else self.document.plain(node)
        if not isinstance(value, bool):
            self.document.wrong(node or self.node, "active: This must be true or false.")
        elif value != self.user.is_active:
            self.lines.append(f"active: {shown(value)}")
            self.user.is_active = value

    def _slugs(self, node: yaml.Node | None) -> str | list[str]:
        """Which bots somebody may speak for is never guessed: a list that is wrong is a mistake."""
        if node is None:
            self.document.wrong(self.node, "Say which bots this caller is given: `bots: all`, or a list of slugs.")
        if isinstance(node, yaml.ScalarNode) and node.value == ALL:
            return ALL
        found = set()
        for one in self.document.listed(node, "bots (all, or slugs)"):
            slug = one.value if isinstance(one, yaml.ScalarNode) else "of that kind"
            if slug not in self.bots:
                self.document.wrong(one, f"There is no bot {slug}, here or stored.")
            found.add(slug)
        return sorted(found)

    def _give(self, slugs: str | list[str]) -> None:
        """With no row a user has all bots, so one that is given none keeps a row without a bot."""
        rows = BotAccess.objects.filter(user=self.user)
        if slugs == ALL:
            rows.delete()
            return
        rows.exclude(bot=None).exclude(bot__slug__in=slugs).delete()
        for slug in slugs:
            BotAccess.objects.get_or_create(user=self.user, bot=self.bots[slug])
        if not slugs and not rows.exists():
            BotAccess.objects.create(user=self.user, bot=None)
