"""The client meets the simulated org: both are held to the sheet, and here to each other."""

import io
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from interconnections.desks.records import cases, files, people
from interconnections.desks.records.client import AS_OWNED, Records
from interconnections.desks.records.login import FLOWS, Token, log_in
from interconnections.errors import LoginRefused, RecordsRefused, RecordsUnwell
from interconnections.transport import Transport, new_wire
from interconnections.wire import Wire
from tests.records.orgs import credentials, key, pem
from tests.simulator.conftest import org, sim
from tests.simulator.org import APP, KEY, PASSWORD, SECRET, SECURITY_TOKEN, USER, Org

__all__ = ["org", "sim"]
PEOPLE = people.Person("o'higgins+a@example.org", ("5512345678", "+5215512345678"), (("Loyalty__c", "100%_'\\"),))
PERSON_TYPE, CASE_TYPE, QUEUE = "012000000000002AAA", "012000000000001AAA", "00G000000000001EAA"


class Login:
    """Logs in again whenever a token is refused."""

    def __init__(self, wire: Wire, org: Org, flow: str) -> None:
        self.wire, self.now = wire, None
        self.own = credentials(
            flow, login_url=org.sim.url, client_id=KEY, client_secret=SECRET, username=USER, password=PASSWORD,
            security_token=SECURITY_TOKEN, private_key=pem(),
        )  # fmt: skip

    async def token(self, refused: Token | None = None) -> Token:
        if self.now is None or self.now == refused:
            self.now = await log_in(self.wire, self.own, time.time())
        return self.now

    async def elsewhere(self, token: Token) -> Token | None:
        return None

    async def spoilt(self, token: Token) -> None:
        raise LoginRefused("a token that was just given is not taken")


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Transport]:
    one = new_wire()
    yield one
    await one.close()


@pytest_asyncio.fixture
async def records(org: Org, wire: Transport) -> Records:
    await org.setup(fields={"Contact": ["Loyalty__c"], "Case": [{"name": "Key__c", "external_id": True}]})
    return Records(wire, Login(wire, org, "client_credentials"), "59.0")


async def found(records: Records, *, person_accounts: bool = False) -> people.Contact | None:
    asked = people.searches(PEOPLE, "", person_accounts=person_accounts)
    return people.decided(asked, await records.queries([one.query for one in asked]), "")


@pytest.mark.parametrize("flow", FLOWS)
async def test_every_flow_lets_the_client_in(org: Org, wire: Transport, flow: str) -> None:
    public = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    await org.setup(apps=[APP | {"certificate": public}])
    records = Records(wire, Login(wire, org, flow), "59.0")
    assert await records.query("SELECT Id FROM Contact LIMIT 1") == []
    assert records.usage == (1, 15000)


async def test_somebody_is_made_once_and_found_by_any_of_his_marks(records: Records) -> None:
    assert await found(records) is None
    id = await records.create("Contact", people.new_contact(PEOPLE, "Ana", "O'Higgins", {"Loyalty__c": "100%_'\\"}))
    assert await found(records) == people.Contact(id)


async def test_a_person_account_is_found_with_its_hidden_contact(org: Org, records: Records) -> None:
    await org.sim.rules(person_accounts=True)
    fields = people.new_person_account(PEOPLE, "Ana", "O'Higgins", PERSON_TYPE, "1990-01-31", {"Loyalty__pc": "x"})
    account = await records.create("Account", fields)
    contact = await found(records, person_accounts=True)
    assert contact is not None
    assert (contact.account_id, contact.id[:3]) == (account, "003")


async def test_a_case_is_made_once_though_its_answer_is_lost_and_a_file_is_tied_to_it(
    org: Org, records: Records
) -> None:
    contact = await org.seed("Contact", LastName="Pérez")
    case = cases.Case(contact, "", "Pedido", "…", "WhatsApp", "Nuevo", "Medium", CASE_TYPE, QUEUE)
    await org.sim.rules(assignment_owner="005000000000001AAA")
    await org.sim.fault("upsert", "drop_after", times=1)
    with pytest.raises(RecordsUnwell):
        await records.upsert("Case", "Key__c", "a/b c", case.fields(), AS_OWNED)
    id = await records.upsert("Case", "Key__c", "a/b c", case.fields(), AS_OWNED)
    (made,) = await org.records("Case")
    assert (made["Id"], made["OwnerId"]) == (id, QUEUE)
    assert cases.like_ours(await records.query(cases.newest_of(contact)), "Pedido", time.time()) == [id]

    version = await files.attach(records, id, "página 1", "jpg", io.BytesIO(b"jpeg" * 1000), "mark")
    assert await files.attached(records, "página 1", "mark") == version
    (file,) = (await org.sim.do("GET", f"/org/files?record={id}"))["files"]
    assert (file["name"], file["size"]) == ("página 1.jpg", 4000)


async def test_a_token_that_ended_is_renewed_and_the_call_repeated(org: Org, records: Records) -> None:
    await records.create("Case", {"Subject": "x"})
    await org.sim.do("POST", "/org/expire")
    assert len(await records.query("SELECT Id FROM Case")) == 1


async def test_a_refusal_says_what_to_mend(org: Org, records: Records) -> None:
    await org.sim.fault("query", "status", status=403, times=1)
    with pytest.raises(RecordsRefused, match="REQUEST_LIMIT_EXCEEDED"):
        await records.query("SELECT Id FROM Case")
    with pytest.raises(RecordsRefused, match="INVALID_FIELD, Nope__c"):
        await records.query("SELECT Nope__c FROM Case")
