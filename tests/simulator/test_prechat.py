"""The records of a chat: found, made and tied by what ChasitorInit told (Live Agent sheet §4.2)."""

from __future__ import annotations

import pytest


def detail(label, value, **more):
    return {"label": label, "value": value, "transcriptFields": []} | more


def field(name, label, *, find=False, exact=True, create=False):
    return {"fieldName": name, "label": label, "doFind": find, "isExactMatch": exact, "doCreate": create}


def entity(name, *fields, **more):
    return {"entityName": name, "entityFieldsMaps": list(fields)} | more


async def told(org, details, entities):
    """(entity, how, id) of each record, and the visitor."""
    visitor = await org.sim.waiting(prechatDetails=details, prechatEntities=entities)
    records = (await visitor.chat())["records"]
    return [(one["entity"], one["how"], one["id"]) for one in records], visitor


async def test_records_that_are_there_are_attached_by_their_ids(org):
    contact = await org.seed("Contact", LastName="Pérez")
    case = await org.seed("Case", Subject="WhatsApp")
    details = [detail("CaseId", case, transcriptFields=["CaseId"]), detail("ContactId", contact[:15])]
    entities = [
        entity("Case", field("Id", "CaseId", find=True), showOnCreate=True, saveToTranscript="CaseId"),
        entity(
            "Contact",
            field("Id", "ContactId", find=True),
            saveToTranscript="ContactId",
            linkToEntityName="Case",
            linkToEntityField="ContactId",
        ),
    ]
    found, visitor = await told(org, details, entities)
    assert found == [("Case", "found", case), ("Contact", "found", contact)]
    assert (await org.records("Case"))[0]["ContactId"] == contact

    await visitor.agent("accept")
    await visitor.poll()
    await visitor.post("ChatEnd", {"reason": "client"})
    ended = (await visitor.poll()).first
    assert ended["attachedRecords"] == [
        {"fieldName": "CaseId", "fieldValue": case},
        {"fieldName": "ContactId", "fieldValue": contact},
    ]


async def test_a_contact_is_found_by_its_mail_and_made_only_when_it_is_not_there(org):
    details = [detail("mail", "ANA@example.org"), detail("name", "Pérez")]
    person = entity("Contact", field("Email", "mail", find=True, create=True), field("LastName", "name", create=True))
    ((_, how, made),), _ = await told(org, details, [person])
    assert how == "created"
    found, _ = await told(org, details, [person])
    assert found == [("Contact", "found", made)]


async def test_several_that_fit_are_left_to_the_agent(org):
    ids = [await org.seed("Contact", LastName="Pérez") for _ in range(2)]
    assert len(ids) == 2
    found, _ = await told(org, [detail("name", "pérez")], [entity("Contact", field("LastName", "name", find=True))])
    assert found == [("Contact", "several", None)]


@pytest.mark.parametrize(("exact", "how"), [(True, "none"), (False, "found")])
async def test_without_exact_match_a_part_is_enough(org, exact, how):
    await org.seed("Contact", LastName="Pérez Gómez")
    person = entity("Contact", field("LastName", "name", find=True, exact=exact))
    ((_, seen, _),), _ = await told(org, [detail("name", "Gómez")], [person])
    assert seen == how


@pytest.mark.parametrize(
    "one",
    [
        entity("contact", field("LastName", "name", create=True)),
        entity("Contact", field("Nothing__c", "name", find=True)),
        entity("Contact", field("FirstName", "name", create=True)),
    ],
)
async def test_what_cannot_be_does_not_stop_the_chat(org, one):
    ((_, how, id),), visitor = await told(org, [detail("name", "Pérez")], [one])
    assert (how, id) == ("refused", None)
    assert (await visitor.chat())["records"][0]["why"]
    assert (await visitor.chat())["status"] == "waiting"


async def test_a_detail_without_value_finds_nobody(org):
    await org.seed("Contact", LastName="Pérez")
    found, _ = await told(org, [detail("mail", "")], [entity("Contact", field("Email", "mail", find=True))])
    assert found == [("Contact", "none", None)]


async def test_the_console_suggests_what_it_would_search_by_itself(org):
    ana = await org.seed("Contact", LastName="Pérez", MobilePhone="5512345678")
    maps = {"entityName": "Contact", "fieldName": "MobilePhone", "isAutoQueryable": True, "isExactMatchable": True}
    maps |= {"isFastFillable": False}
    found, _ = await told(org, [detail("phone", "5512345678", entityMaps=[maps])], [])
    assert found == [("Contact", "suggested", ana)]


async def test_the_desk_shows_contact_case_and_files(org):
    await org.setup(fields={"Case": ["OrderId__c"]})
    contact = await org.seed("Contact", LastName="Pérez", FirstName="Ana", Email="ana+1@example.org")
    case = await org.seed("Case", Subject="WhatsApp", ContactId=contact, OrderId__c="A-17")
    photo = {"PathOnClient": "foto.png", "VersionData": "AAAA", "FirstPublishLocationId": case}
    await org.create("ContentVersion", **photo)
    _, visitor = await told(org, [detail("CaseId", case)], [entity("Case", field("Id", "CaseId", find=True))])
    beside = await org.sim.do("GET", f"/desk/{visitor.id}/records")
    assert [(one["entity"], one["how"], one["name"]) for one in beside["records"]] == [
        ("Case", "found", "00001001"),
        ("Contact", "of the case", "Ana Pérez"),
    ]
    shown = dict(beside["records"][0]["fields"])
    assert (shown["OrderId__c"], shown["ContactId"], shown["Subject"]) == ("A-17", "Ana Pérez", "WhatsApp")
    assert dict(beside["records"][1]["fields"])["Email"] == "ana+1@example.org"
    assert [file["name"] for file in beside["files"]] == ["foto.png"]


async def test_the_desk_of_a_chat_that_told_nothing_shows_nothing(sim):
    visitor = await sim.waiting()
    assert await sim.do("GET", f"/desk/{visitor.id}/records") == {"records": [], "files": []}
    await sim.do("GET", "/desk/nobody/records", expect=404)
