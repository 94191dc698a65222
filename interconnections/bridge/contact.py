"""The person behind a bot's user: found at Salesforce, or made there when nobody is found.  Never twice.

Search and create happen under a lock on what the person is found by, so that two chats of one person make one
contact; an answer that was lost is looked for by the same search.  Source: yalo-integrations.md section 5.1.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog

from interconnections.bridge.connect_request import ConnectRequest
from interconnections.bridge.field_mapping import as_text, mapped
from interconnections.bridge.phones import alike, spellings
from interconnections.bridge.refused_fields import without_refused
from interconnections.bridge.reservation import StartReservation
from interconnections.bridge.retries import asked, made
from interconnections.desks.loosely import is_id
from interconnections.desks.records import people
from interconnections.desks.records.client import SAVED_ANYWAY, Records
from interconnections.desks.records.people import Contact, NotAPerson, Person
from interconnections.desks.records.refusals import DUPLICATES
from interconnections.directory import Bot, RecordSettings
from interconnections.errors import RecordsRefused, RecordsUnwell
from interconnections.store import locks
from interconnections.store.connection import AsyncRedis

ACCOUNT, CONTACT, RECORD_TYPE = "001", "003", "012"  # how their ids begin
PERSON = ("LastName", "RecordTypeId")  # without these an account is none
CONTACT_LEFT, NO_RECORD_TYPE = "contactLeftOut", "noRecordType"  # steps of a start
HIDDEN = frozenset({"NOT_FOUND", "ENTITY_IS_DELETED", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY"})
LEASE = 90_000  # ms; longer than one exchange with Salesforce may take

log = structlog.get_logger("bridge.contact")


class Blocked(Exception):
    """This contact is not to reach an agent."""


async def contact_for(
    redis: AsyncRedis,
    records: Records,
    org: str,
    keeping: RecordSettings,
    bot: Bot,
    wish: ConnectRequest,
    starting: StartReservation,
) -> None:
    """Record contactId (and accountId) in the start.  Raises Blocked, the RecordsErrors, Conflict."""
    if starting.steps.get("contactId"):
        return
    search = ContactFinder(records, keeping, bot, wish, starting)
    try:
        # Held under the start's own key: whoever goes on in a dead one's place need not wait for it.
        async with locks.held(redis, search.names(org), starting.key, LEASE):
            contact = await search.find() or await search.make()
            await starting.record(
                **({} if contact.blocked else {"contactId": contact.id, "accountId": contact.account_id})
            )
    except TimeoutError:
        raise RecordsUnwell("another chat of this person is still being opened", undone=True) from None
    if contact.several:
        log.warning("several contacts fit, the newest is taken", bot=bot.slug, contact=contact.id)
    if contact.blocked:
        raise Blocked


@dataclass(frozen=True, slots=True)
class ContactFinder:
    """Looking for one person, and making them."""

    records: Records
    keeping: RecordSettings
    bot: Bot
    wish: ConnectRequest
    starting: StartReservation

    @property
    def person(self) -> Person:
        by_field = {
            field: as_text(self.wish.extra.get(key))
            for key, field in self.keeping.search_fields.items()
            if as_text(self.wish.extra.get(key)).strip()
        }
        if self.keeping.contact_key_field:
            by_field[self.keeping.contact_key_field] = self.key
        phones = spellings(self.wish.phone_number, self.bot.phone_prefixes)
        return Person(self.wish.email.strip(), phones, tuple(by_field.items()))

    @property
    def key(self) -> str:
        """Ours for this person, where the org keeps one."""
        return f"{self.bot.provider}:{self.wish.user_id}"

    @property
    def record_type(self) -> str:
        """Not empty where new people become person accounts; the bot's word wins, where it is the id of one."""
        own = self.wish.extra.get("AccountRecordTypeId")
        theirs = isinstance(own, str) and is_id(own) and own.startswith(RECORD_TYPE)
        if not theirs or own == self.starting.steps.get(NO_RECORD_TYPE):
            return self.keeping.account_record_type
        return str(own)

    def names(self, org: str) -> list[str]:
        """What two chats of one person have in common; digests, as keys of Redis are shown to operators."""
        values = [self.person.email.casefold(), alike(self.wish.phone_number), self.key]
        return [f"contact:{hashlib.sha256(f'{org}|{value}'.encode()).hexdigest()[:32]}" for value in values if value]

    async def find(self) -> Contact | None:
        blocked = self.keeping.blocked_field
        searches = people.searches(self.person, blocked, person_accounts=bool(self.record_type))

        async def ask() -> Contact | None:
            outcomes = await self.records.queries([search.query for search in searches])
            return people.decided(searches, outcomes, blocked)

        return await asked(ask) if searches else None

    async def make(self) -> Contact:
        return await made(self._make, self.find)

    async def _make(self) -> Contact:
        await self.starting.record()  # still ours to make?
        try:
            return await self._create()
        except RecordsRefused as refusal:
            if DUPLICATES in refusal.codes:
                return await self._found_by_rule(refusal)
            if self.record_type == self.keeping.account_record_type or set(PERSON).isdisjoint(refusal.fields):
                raise  # else it is no record type of this org, or none of persons
            log.warning("the bot's record type is not taken, the org's is", bot=self.bot.slug, why=str(refusal))
            await self.starting.record(**{NO_RECORD_TYPE: self.record_type, CONTACT_LEFT: ""})
            return await self._create()

    async def _create(self, headers: Mapping[str, str] | None = None) -> Contact:
        make = self._make_person_account if self.record_type else self._make_contact
        needed = PERSON if self.record_type else ("LastName",)
        typed = mapped(
            self.wish.extra, self.keeping.account_fields if self.record_type else self.keeping.contact_fields
        )

        def without(left: Collection[str]) -> dict[str, object]:
            fields = self._person_account(typed) if self.record_type else self._contact(typed)
            return {name: value for name, value in fields.items() if name not in left}

        return await without_refused(
            self.starting, CONTACT_LEFT, without, needed, typed, lambda fields: make(fields, headers)
        )

    def _contact(self, custom: Mapping[str, object]) -> dict[str, object]:
        return people.new_contact(self.person, self.bot.texts["firstNameContact"], self.wish.name, custom)

    def _person_account(self, custom: Mapping[str, object]) -> dict[str, object]:
        return people.new_person_account(
            self.person, self.bot.texts["firstNameContact"], self.wish.name, self.record_type,
            self.keeping.account_birthdate, custom,
        )  # fmt: skip

    async def _make_contact(self, fields: dict[str, object], headers: Mapping[str, str] | None) -> Contact:
        if field := self.keeping.contact_key_field:
            return Contact(await self.records.upsert("Contact", field, self.key, fields, headers))
        return Contact(await self.records.create("Contact", fields, headers))

    async def _make_person_account(self, fields: dict[str, object], headers: Mapping[str, str] | None) -> Contact:
        return await self._known(await self.records.create("Account", fields, headers))

    async def _found_by_rule(self, refusal: RecordsRefused) -> Contact:
        """The first person whom a duplicate rule named, and whom we may see; a rule that only warns is overruled."""
        for id in refusal.matches:
            if contact := await self._person_of(id):
                return contact
        if not refusal.may_save:
            raise refusal
        log.warning("a duplicate rule named no contact, one is made", bot=self.bot.slug, why=str(refusal))
        return await self._create(SAVED_ANYWAY)

    async def _person_of(self, id: str) -> Contact | None:
        """None for leads, companies, and records that the integration user may not see."""
        if not id.startswith((ACCOUNT, CONTACT)):
            return None
        try:
            return await self._known(id)
        except NotAPerson:
            return None
        except RecordsRefused as refusal:
            if HIDDEN.isdisjoint(refusal.codes) and (id.startswith(CONTACT) or self.record_type):
                raise
            return None  # an org without person accounts does not know the field

    async def _known(self, id: str) -> Contact:
        """A record whose id we know: an account's hidden contact, or whom a duplicate rule named."""
        sobject = "Account" if id.startswith(ACCOUNT) else "Contact"
        blocked = self.keeping.blocked_field
        fields = ["Id", "PersonContactId"] if sobject == "Account" else ["Id"]
        if blocked:
            fields.append(people.on_account(blocked) if sobject == "Account" else blocked)
        record = await asked(lambda: self.records.read(sobject, id, fields))
        return people.read(sobject, record, blocked)
