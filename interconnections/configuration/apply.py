"""A whole document into the database, in one transaction: all of it, or nothing where a line is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from django.db import transaction
from django.db.models import Model, ProtectedError

from interconnections.configuration.callers import Caller, callers
from interconnections.configuration.changes import Change, Verb
from interconnections.configuration.document import Document, Mistake, Mistaken
from interconnections.configuration.near import unknown
from interconnections.configuration.references import References
from interconnections.configuration.rows import Filling
from interconnections.models import Bot, Route, SalesforceOrg
from interconnections.models.routes import share_mistakes

SECTIONS = ("orgs", "bots", "callers")


@dataclass(slots=True)
class Outcome:
    changes: list[Change] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # stored, and not in a section that the document has


def apply(document: Document, references: References, *, prune: bool = False, keep: bool = True) -> Outcome:
    """What changed; with `keep` off all of it is taken back, and the outcome says what would change.

    Raises Mistaken, with every mistake that was found.
    """
    with transaction.atomic():
        outcome = Applying(document, references, prune).run()
        if document.mistakes or not keep:
            transaction.set_rollback(True)
    if document.mistakes:
        raise Mistaken(document.mistakes)
    return outcome


class Applying:
    def __init__(self, document: Document, references: References, prune: bool) -> None:
        self.document = document
        self.references = references
        self.prune = prune
        self.outcome = Outcome()
        self.sections = document.parts(document.root, "The document")
        self.orgs: dict[str, SalesforceOrg] = {org.name: org for org in SalesforceOrg.objects.all()}
        self.bots: dict[str, Bot | None] = {bot.slug: bot for bot in Bot.objects.select_related("org")}

    def run(self) -> Outcome:
        for name, node in self.sections.items():
            if name not in SECTIONS:
                self.document.wrong(node, unknown(name, SECTIONS))
        orgs, bots, people = (self.document.parts(self.sections.get(name), name) for name in SECTIONS)
        for name, node in orgs.items():
            self._org(name, node)
        for slug, node in bots.items():
            self._bot(slug, node)
        for name, node in people.items():
            self._note(Caller(self.document, self.references, name, node, self.bots).apply())
        self._others("callers", "caller", people, {user.username: user for user in callers()})
        self._others("bots", "bot", bots, self.bots)
        self._others("orgs", "org", orgs, self.orgs)
        return self.outcome

    def _note(self, change: Change | None) -> None:
        if change is not None:
            self.outcome.changes.append(change)

    def _org(self, name: str, node: yaml.Node) -> None:
        what = f"org {name}"
        row = self.orgs.setdefault(name, SalesforceOrg(name=name))  # a wrong one is there, for its bots
        filling = Filling(self.document, self.references, node, row, what)
        if filling.fill(self.document.parts(node, what), {}, ("name",)):
            self._note(filling.save())

    def _bot(self, slug: str, node: yaml.Node) -> None:
        what = f"bot {slug}"
        row = self.bots.setdefault(slug, None) or Bot(slug=slug)
        parts = self.document.parts(node, what)
        if self._waits_for_its_org(parts):
            return
        filling = Filling(self.document, self.references, node, row, what)
        if filling.fill(parts, self.orgs, ("slug", "routes")):
            self._note(filling.save())
            self.bots[slug] = row
            self._routes(row, parts.get("routes"))

    def _waits_for_its_org(self, parts: dict[str, yaml.Node]) -> bool:
        """An org that is wrong itself, which is told at its own line."""
        named = getattr(parts.get("org"), "value", None)
        return isinstance(named, str) and named in self.orgs and self.orgs[named].pk is None

    def _routes(self, bot: Bot, node: yaml.Node | None) -> None:
        """Those of a bot are what the document says: others go."""
        stored = {(route.flow, route.org_id): route for route in bot.routes.select_related("org")}
        named: dict[tuple[str, int | None], Route] = {}
        for part in self.document.listed(node, "routes"):
            parts = self.document.parts(part, "A route")
            if self._waits_for_its_org(parts):
                continue
            flow, org = (getattr(parts.get(name), "value", "") for name in ("flow", "org"))
            key = (str(flow), self.orgs[org].pk if isinstance(org, str) and org in self.orgs else None)
            what = f"route {bot.slug}: {flow or 'every other flow'}{f' into {org}' if org else ''}"
            if key in named:
                self.document.wrong(part, f"{what} is here twice.")
                continue
            row = named[key] = stored.get(key, Route(bot=bot))
            filling = Filling(self.document, self.references, part, row, what)
            if filling.fill(parts, self.orgs, ("bot",)):
                self._note(filling.save())
        for key, row in stored.items():
            if key not in named:
                self._remove(row, f"route {row}")
        if node is not None:
            for sentence in share_mistakes(named.values()):
                self.document.wrong(node, f"routes: {sentence}")

    def _others(
        self, section: str, noun: str, named: Mapping[str, yaml.Node], stored: Mapping[str, Model | None]
    ) -> None:
        if section not in self.sections:
            return
        for name, row in stored.items():
            if name in named or row is None:
                continue
            if self.prune:
                self._remove(row, f"{noun} {name}")
            else:
                self.outcome.left.append(f"{noun} {name}")

    def _remove(self, row: Model, what: str) -> None:
        try:
            row.delete()
        except ProtectedError:
            sentence = f"{what} is not here, and cannot be removed: bots or routes that are stored lead to it."
            self.document.mistakes.append(Mistake(1, sentence))
            return
        self._note(Change(Verb.REMOVED, what))
