"""The case of an interconnection: made once, whoever dies and whatever answer is lost.

With an external id (`case_key_field`) the start's key is the case's key, and repeating is harmless.  Without one,
a try is recorded before it is made; whoever comes after a try looks among the contact's newest cases for one that
no interconnection of ours has.  Source: yalo-integrations.md section 5.2.
"""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.contact import CONTACT_LEFT
from interconnections.bridge.field_mapping import as_text, mapped
from interconnections.bridge.refused_fields import as_words, left_out, without_refused
from interconnections.bridge.reservation import StartReservation
from interconnections.bridge.retries import asked, made
from interconnections.desks.records import cases
from interconnections.desks.records.cases import Case
from interconnections.desks.records.client import AS_OWNED, Records
from interconnections.directory import Bot, RecordSettings, Route
from interconnections.store import lookups
from interconnections.store.connection import AsyncRedis

CASE_LEFT = "caseLeftOut"  # step of a start


async def case_for(
    redis: AsyncRedis,
    records: Records,
    keeping: RecordSettings,
    bot: Bot,
    route: Route,
    wish: ConnectRequest,
    starting: StartReservation,
) -> None:
    """Record caseId in the start.  Raises the RecordsErrors, and Conflict when another goes on with it."""
    if starting.steps.get("caseId"):
        return
    case = case_of(keeping, bot, route, wish, starting.steps)
    making = IdempotentCreate(redis, records, keeping.case_key_field, case, starting)
    await starting.record(caseId=await making.once())


def case_of(keeping: RecordSettings, bot: Bot, route: Route, wish: ConnectRequest, steps: dict[str, str]) -> Case:
    opening = bot.texts["descriptionCase"]
    subject = route.subject or opening or wish.called
    told = as_text(wish.extra.get("description")).strip()
    return Case(
        contact_id=steps.get("contactId", ""),
        account_id=steps.get("accountId", ""),
        subject=subject,
        description=told or f"{opening} : {subject}",
        origin=bot.case_origin,
        status=keeping.case_status,
        priority=keeping.case_priority,
        record_type_id=keeping.case_record_type,
        owner_id=route.owner_id,
        custom=mapped(wish.extra, keeping.case_fields),
    )


@dataclass(frozen=True, slots=True)
class IdempotentCreate:
    redis: AsyncRedis
    records: Records
    key_field: str
    case: Case
    starting: StartReservation

    async def once(self) -> str:
        if self.key_field:
            return await asked(lambda: self._spared(self._upsert))
        if self.starting.steps.get("caseTried") and (found := await self._lost()):
            return found
        return await made(lambda: self._spared(self._create), self._lost)

    async def _spared(self, make: Callable[[dict[str, object]], Awaitable[str]]) -> str:
        return await without_refused(self.starting, CASE_LEFT, self._without, cases.NEEDED, self.case.custom, make)

    def _without(self, left: Collection[str]) -> dict[str, object]:
        """What was typed into fields that are left out, here and in the contact, is in the description."""
        steps = self.starting.steps
        lines = as_words(left_out(steps, CONTACT_LEFT), left_out(steps, CASE_LEFT))
        return {name: value for name, value in self.case.fields(lines).items() if name not in left}

    async def _upsert(self, fields: dict[str, object]) -> str:
        await self._tried()
        return await self.records.upsert("Case", self.key_field, self.starting.key, fields, headers=AS_OWNED)

    async def _create(self, fields: dict[str, object]) -> str:
        await self._tried()
        return await self.records.create("Case", fields, AS_OWNED)

    async def _tried(self) -> None:
        """Recorded before it is done; raises Conflict when it is not ours to do any more."""
        first = self.starting.steps.get("caseTried")
        await self.starting.record(caseTried=first or str(time.time()))

    async def _lost(self) -> str | None:
        """A case that a try of ours made, and whose answer never came."""
        rows = await asked(lambda: self.records.query(cases.newest_of(self.case.contact_id)))
        since = float(self.starting.steps["caseTried"])
        for id in cases.like_ours(rows, self.case.subject, since):
            if not await lookups.is_known_case(self.redis, id):
                return id
        return None
