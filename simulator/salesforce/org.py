"""The org: its setup, its records, its tokens, and what was asked of it."""

from __future__ import annotations

from collections import Counter, deque

from .. import ids
from ..bell import Bell
from ..protocol_options import Json, Rules
from .record_ids import PREFIXES, Mint
from .schema import Schema
from .setup import Setup
from .soql.select import Reader
from .tables import Tables
from .tokens.grants import Gate
from .tokens.token_store import Purse

KEPT = ("User", "Group", "RecordType")  # an admin's work: a reset leaves it


class Org:
    """One Salesforce org."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.setup = Setup()
        self.schema = Schema(rules)
        self.tables = Tables()
        self.mint = Mint()
        self.reader = Reader(self.schema, self.tables)
        self.gate = Gate(rules)
        self.purse = Purse(rules)
        self.bell = Bell()
        self.cursors: dict[str, list[Json]] = {}  # what is left of queries, by locator
        self.calls: Counter[str] = Counter()  # by operation; parts of a composite too
        self.used = 0  # API calls: a composite is one
        self.refusals: deque[Json] = deque(maxlen=1000)
        self._furnish()

    def _furnish(self) -> None:
        """A queue and two record types, as the examples of the sheet need them."""
        self.configure(self.setup)
        self._keep("Group", Name="Soporte", DeveloperName="Soporte", Type="Queue")
        kinds = (("Case", "Support", False), ("Account", "PersonAccount", True))
        for kind, name, person in kinds:
            self._keep(
                "RecordType", SobjectType=kind, DeveloperName=name, Name=name, IsActive=True, IsPersonType=person
            )

    def _keep(self, kind: str, **fields: object) -> str:
        row: Json = {"Id": self.mint.id(PREFIXES[kind]), "CreatedDate": ids.iso_now()}
        self.tables.put(kind, row | {"LastModifiedDate": row["CreatedDate"]} | fields)
        return str(row["Id"])

    def configure(self, setup: Setup) -> None:
        """Another setup; new users get their record."""
        self.setup = setup
        self.schema.declare({name: list(fields) for name, fields in setup.fields.items()})
        known = {row["Username"] for row in self.tables.all("User")}
        for person in setup.users:
            if person.username not in known:
                self._keep("User", Username=person.username, Name=person.username, IsActive=person.active)

    @property
    def newest(self) -> str:
        """The newest version, as paths write it."""
        return f"v{self.rules.newest_data_version}.0"

    @property
    def first_user_id(self) -> str:
        """The oldest user's id."""
        return str(next(iter(self.tables.all("User")))["Id"])

    def user_id(self, username: str) -> str:
        """The id of this user."""
        return str(next(row["Id"] for row in self.tables.all("User") if row["Username"] == username))

    def refused(self, path: str, status: int, why: str) -> None:
        """Write a refusal down."""
        self.refusals.append({"status": status, "path": path, "why": why, "at": ids.now_ms()})

    def clear(self) -> None:
        """Forget records, tokens and counts; what an admin set up stays."""
        self.tables.clear(*(kind for kind in PREFIXES if kind not in KEPT))
        self.purse.clear()
        self.gate.clear()
        self.cursors.clear()
        self.calls.clear()
        self.refusals.clear()
        self.used = 0
        self.bell.ring()
