"""The person behind a bot's user: found at Salesforce, or made there when nobody is found.  Never twice.

Search and create happen under a lock on what the person is found by, so that two chats of one person make one
contact; an answer that was lost is looked for by the same search.  Source: yalo-integrations.md section 5.1.
"""

import hashlib
from dataclasses import dataclass

import structlog

from interconnections.bridge.extra import as_text, mapped
from interconnections.bridge.phones import alike, spellings
from interconnections.bridge.repeats import asked, made
from interconnections.bridge.starting import Starting
from interconnections.bridge.wish import Wish
from interconnections.desks.records import people
from interconnections.desks.records.client import Records
from interconnections.desks.records.people import Contact, Person
from interconnections.directory import Bot, Keeping
from interconnections.errors import RecordsRefused, RecordsUnwell
from interconnections.store import locks
from interconnections.store.connection import AsyncRedis

LEASE = 90_000  # ms; longer than search and create may take together

log = structlog.get_logger("bridge.contact")


class Blocked(Exception):
    """This contact is not to reach an agent."""


async def contact_for(
    redis: AsyncRedis, records: Records, org: str, keeping: Keeping, bot: Bot, wish: Wish, starting: Starting
) -> None:
    """Record contactId (and accountId) in the start.  Raises Blocked, the RecordsErrors, Conflict."""
    if starting.steps.get("contactId"):
        return
    search = Acquaintance(records, keeping, bot, wish, starting)
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
class Acquaintance:
    """Looking for one person, and making them."""

    records: Records
    keeping: Keeping
    bot: Bot
    wish: Wish
    starting: Starting

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
        """Not empty where new people become person accounts; the bot's word wins."""
        own = self.wish.extra.get("AccountRecordTypeId")
        return own if isinstance(own, str) and own else self.keeping.account_record_type

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
            return await (self._make_person_account() if self.record_type else self._make_contact())
        except RecordsRefused as refusal:
            if not refusal.matches:
                raise
            return await self._known(refusal.matches[0])

    async def _make_contact(self) -> Contact:
        custom = mapped(self.wish.extra, self.keeping.contact_fields)
        first_name = self.bot.texts["firstNameContact"]
        fields = people.new_contact(self.person, first_name, self.wish.name, custom)
        if self.keeping.contact_key_field:
            return Contact(await self.records.upsert("Contact", self.keeping.contact_key_field, self.key, fields))
        return Contact(await self.records.create("Contact", fields))

    async def _make_person_account(self) -> Contact:
        custom = mapped(self.wish.extra, self.keeping.account_fields)
        fields = people.new_person_account(
            self.person, self.bot.texts["firstNameContact"], self.wish.name, self.record_type,
            self.keeping.account_birthdate, custom,
        )  # fmt: skip
        account = await self.records.create("Account", fields)
        return await self._known(account)

    async def _known(self, id: str) -> Contact:
        """A record whose id we know: an account's hidden contact, or whom a duplicate rule named."""
        sobject = "Account" if id.startswith("001") else "Contact"
        blocked = self.keeping.blocked_field
        fields = ["Id", "PersonContactId"] if sobject == "Account" else ["Id"]
        if blocked:
            fields.append(people.on_account(blocked) if sobject == "Account" else blocked)
        record = await asked(lambda: self.records.read(sobject, id, fields))
        return people.read(sobject, record, blocked)
