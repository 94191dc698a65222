"""Records of the org: what is checked before one is kept, upserts, owners, duplicates (data sheet §2 to §4)."""

from __future__ import annotations

import pytest

from simulator.salesforce.record_ids import canonical, long

from .org import error

PERSON_TYPE = "012000000000002AAA"


async def post(org, kind, body, **headers):
    return await org.call("POST", f"sobjects/{kind}", body, headers=headers)


def test_the_last_three_characters_of_an_id_tell_its_capitals():
    assert long("001D000000IqhSL") == "001D000000IqhSLIAZ"
    assert canonical("001D000000IqhSL") == canonical("001D000000IqhSLIAZ") == "001D000000IqhSLIAZ"
    assert canonical("001D000000IqhSLAAA") is canonical("x") is canonical("") is None


REFUSED = [
    ("Contact", {}, "REQUIRED_FIELD_MISSING", ["LastName"]),
    ("Contact", {"LastName": ""}, "REQUIRED_FIELD_MISSING", ["LastName"]),
    ("Contact", {"LastName": "x" * 81}, "STRING_TOO_LONG", ["LastName"]),
    ("Contact", {"LastName": 5}, "JSON_PARSER_ERROR", None),
    ("Contact", {"LastName": "x", "Email": "ana@"}, "INVALID_EMAIL_ADDRESS", ["Email"]),
    ("Contact", {"LastName": "x", "Birthdate": "31/01/1990"}, "JSON_PARSER_ERROR", None),
    ("Contact", {"LastName": "x", "Name": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Name"]),
    ("Contact", {"LastName": "x", "Nothing__c": "x"}, "INVALID_FIELD", None),
    ("Case", {"RecordTypeId": ""}, "MALFORMED_ID", ["RecordTypeId"]),
    ("Case", {"ContactId": "003"}, "MALFORMED_ID", ["ContactId"]),
    ("Case", {"ContactId": "003000000000009AAA"}, "INVALID_CROSS_REFERENCE_KEY", ["ContactId"]),
    ("Case", {"ContactId": "005000000000001AAA"}, "INVALID_CROSS_REFERENCE_KEY", ["ContactId"]),
    ("Case", {"RecordTypeId": PERSON_TYPE}, "INVALID_CROSS_REFERENCE_KEY", ["RecordTypeId"]),
    ("Case", {"Subject": "x" * 256}, "STRING_TOO_LONG", ["Subject"]),
    ("Case", {"IsEscalated": "yes"}, "JSON_PARSER_ERROR", None),
    ("CaseComment", {"CommentBody": "x"}, "REQUIRED_FIELD_MISSING", ["ParentId"]),
    ("Account", {"Name": "x", "PersonEmail": "a@example.org"}, "INVALID_FIELD", None),
    ("User", {"Name": "x"}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", None),
]


@pytest.mark.parametrize(("kind", "body", "code", "fields"), REFUSED)
async def test_a_record_that_may_not_be(org, kind, body, code, fields):
    answer = await post(org, kind, body)
    assert error(answer) == (400, code)
    assert answer.json[0].get("fields") == fields
    if kind != "User":
        assert await org.records(kind) == []


async def test_an_empty_text_is_no_value(org):
    id = await org.create("Contact", LastName="x", Email="")
    assert (await org.call("GET", f"sobjects/Contact/{id}?fields=Email")).json["Email"] is None


async def test_names_of_fields_and_objects_know_no_case(org):
    await org.create("case", SUBJECT="x", recordtypeID="012000000000001AAA")
    (case,) = await org.records("Case")
    assert (case["Subject"], case["RecordTypeId"]) == ("x", "012000000000001AAA")


async def test_fields_of_the_orgs_own_are_those_that_are_declared(org):
    await org.setup(fields={"Case": ["OrderId__c", {"name": "Total__c", "kind": "double"}]})
    await org.create("Case", OrderId__c="A-17", Total__c=12.5)
    assert len(await org.ids("SELECT Id FROM Case WHERE OrderId__c = 'a-17' AND Total__c > 12")) == 1


async def test_rules_of_the_org(org):
    await org.setup(
        required={"Case": ["Origin"]},
        picklists={"Case": {"Status": ["Nuevo", "Cerrado"]}},
        validations=[{"object": "Case", "field": "Subject", "pattern": "^[A-Z]", "message": "Con mayúscula"}],
    )
    assert error(await post(org, "Case", {})) == (400, "REQUIRED_FIELD_MISSING")
    bad_status = await post(org, "Case", {"Origin": "x", "Status": "Neu"})
    assert error(bad_status) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    bad_subject = await post(org, "Case", {"Origin": "x", "Subject": "pedido"})
    assert bad_subject.json[0] == {
        "message": "Con mayúscula",
        "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Subject"],
    }
    id = await org.create("Case", Origin="x", Status="Nuevo", Subject="Pedido")
    answer = await org.call("PATCH", f"sobjects/Case/{id}", {"Status": "Perdido"})
    assert error(answer) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")


@pytest.mark.parametrize(
    "setup",
    [
        {"nothing": []},
        {"fields": {"Case": ["Subject"]}},
        {"fields": {"Kase": ["A__c"]}},
        {"apps": [{"key": "x", "secret": "y", "certificate": "not PEM"}]},
        {"apps": [{"key": "x"}]},
        {"validations": [{"object": "Case", "field": "Subject", "pattern": "(", "message": ""}]},
    ],
)
async def test_a_setup_that_no_admin_could_make(org, setup):
    before = await org.sim.do("GET", "/org")
    assert "error" in await org.sim.do("PUT", "/org", setup, expect=400)
    assert (await org.sim.do("GET", "/org"))["setup"] == before["setup"]


async def test_a_case_gets_its_number_its_account_and_its_owner(org):
    account = await org.create("Account", Name="Tienda")
    contact = await org.create("Contact", LastName="Pérez", AccountId=account)
    id = await org.create("Case", ContactId=contact)
    case = (await org.call("GET", f"sobjects/Case/{id}")).json
    assert (case["CaseNumber"], case["AccountId"], case["IsEscalated"]) == ("00001001", account, False)
    assert case["OwnerId"] == "005000000000001AAA"


@pytest.mark.parametrize(
    ("header", "kept"),
    [({"Sforce-Auto-Assign": "false"}, True), ({"Sforce-Auto-Assign": "TRUE"}, False), ({}, False)],
)
async def test_an_assignment_rule_takes_a_case_unless_the_header_says_no(org, header, kept):
    await org.sim.rules(assignment_owner="005000000000001AAA")
    answer = await post(org, "Case", {"OwnerId": "00G000000000001EAA"}, **header)
    (case,) = await org.records("Case")
    assert answer.json["id"] == case["Id"]
    assert (case["OwnerId"] == "00G000000000001EAA") is kept


async def test_read_change_delete(org):
    id = await org.create("Contact", LastName="Pérez")
    assert (await org.call("PATCH", f"sobjects/Contact/{id[:15]}", {"FirstName": "Ana"})).status == 204
    assert (await org.call("GET", f"sobjects/Contact/{id}?fields=Name")).json["Name"] == "Ana Pérez"
    assert (await org.call("DELETE", f"sobjects/Contact/{id}")).status == 204
    assert error(await org.call("DELETE", f"sobjects/Contact/{id}")) == (404, "ENTITY_IS_DELETED")
    assert error(await org.call("GET", f"sobjects/Contact/{id}")) == (404, "NOT_FOUND")


async def test_an_upsert_makes_one_record_however_often_it_comes(org):
    path = "sobjects/Case/Bridge_Key__c/a%2Fb%20c"
    first, second = [await org.call("PATCH", path, {"Subject": text}) for text in ("one", "two")]
    assert (first.status, first.json["created"], second.status, second.json["created"]) == (201, True, 200, False)
    (case,) = await org.records("Case")
    assert (case["Bridge_Key__c"], case["Subject"]) == ("a/b c", "two")
    assert (await org.call("GET", path + "?fields=Subject")).json["Subject"] == "two"


async def test_an_upsert_names_its_key_only_in_the_path(org):
    answer = await org.call("PATCH", "sobjects/Case/Bridge_Key__c/x", {"Bridge_Key__c": "x"})
    assert error(answer) == (400, "INVALID_FIELD")
    assert error(await org.call("PATCH", "sobjects/Case/Subject/x", {})) == (404, "NOT_FOUND")


async def test_two_records_under_one_external_id_are_300(org):
    await org.setup(fields={"Case": [{"name": "Key__c", "external_id": True}]})
    ids = [await org.create("Case", Key__c="x") for _ in range(2)]
    answer = await org.call("PATCH", "sobjects/Case/Key__c/x", {"Subject": "y"})
    assert (answer.status, answer.json) == (300, [f"/services/data/v59.0/sobjects/Case/{id}" for id in ids])


async def test_a_unique_field_is_unique(org):
    await org.create("Case", Bridge_Key__c="x")
    assert error(await post(org, "Case", {"Bridge_Key__c": "X"})) == (400, "DUPLICATE_VALUE")


async def test_a_duplicate_rule_tells_its_matches_and_can_be_overridden(org):
    await org.setup(duplicates={"Contact": ["Email"]})
    id = await org.create("Contact", LastName="Pérez", Email="ana@example.org")
    same = {"LastName": "Peres", "Email": "ANA@example.org"}
    answer = await post(org, "Contact", same)
    assert error(answer) == (400, "DUPLICATES_DETECTED")
    (match,) = answer.json[0]["duplicateResult"]["matchResults"]
    assert [one["record"]["Id"] for one in match["matchRecords"]] == [id]
    assert (await post(org, "Contact", same, **{"Sforce-Duplicate-Rule-Header": "allowSave=true"})).status == 201


async def test_a_person_account_has_a_hidden_contact(org):
    await org.sim.rules(person_accounts=True)
    person = {"RecordTypeId": PERSON_TYPE, "FirstName": "Ana", "LastName": "Pérez", "PersonEmail": "ana@example.org"}
    account = await org.create("Account", **person)
    answer = (await org.call("GET", f"sobjects/Account/{account}?fields=PersonContactId,IsPersonAccount,Name")).json
    assert (answer["IsPersonAccount"], answer["Name"]) == (True, "Ana Pérez")
    case = await org.create("Case", ContactId=answer["PersonContactId"])
    assert (await org.call("GET", f"sobjects/Case/{case}?fields=AccountId")).json["AccountId"] == account
    await org.call("PATCH", f"sobjects/Account/{account}", {"PersonEmail": "otra@example.org"})
    assert await org.ids("SELECT Id FROM Contact WHERE Email = 'otra@example.org'") == [answer["PersonContactId"]]


async def test_a_person_has_no_company_name_and_a_company_no_person(org):
    await org.sim.rules(person_accounts=True)
    for body in ({"RecordTypeId": PERSON_TYPE, "LastName": "x", "Name": "x"}, {"Name": "x", "LastName": "x"}):
        assert error(await post(org, "Account", body)) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    assert error(await post(org, "Account", {"RecordTypeId": PERSON_TYPE})) == (400, "REQUIRED_FIELD_MISSING")
    assert (await post(org, "Account", {"Name": "Tienda"})).status == 201


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/services/data/v30.0/limits", (404, "NOT_FOUND")),
        ("GET", "/services/data/v99.0/limits", (404, "NOT_FOUND")),
        ("GET", "/services/data/59.0/limits", (404, "NOT_FOUND")),
        ("GET", "/services/data/v59.0/nothing", (404, "NOT_FOUND")),
        ("GET", "/services/nothing", (404, "NOT_FOUND")),
        ("GET", "sobjects/Kontakt/003000000000001AAA", (404, "NOT_FOUND")),
        ("GET", "sobjects/Contact/describe", (404, "NOT_FOUND")),
        ("PUT", "sobjects/Contact/003000000000001AAA", (405, "METHOD_NOT_ALLOWED")),
        ("GET", "composite", (405, "METHOD_NOT_ALLOWED")),
    ],
)
async def test_paths_that_lead_nowhere(org, method, path, wanted):
    assert error(await org.call(method, path)) == wanted


async def test_a_retired_version_may_be_gone(org):
    await org.sim.rules(retired_version_status=410)
    assert error(await org.call("GET", "/services/data/v20.0/limits")) == (410, "UNSUPPORTED_API_VERSION")
    versions = (await org.sim.ask("GET", "/services/data")).json
    assert versions[0] == {"label": "v31.0", "url": "/services/data/v31.0", "version": "31.0"}


async def test_bodies_that_are_none(org):
    headers = {"Authorization": f"Bearer {org.token}"}
    path = "/services/data/v59.0/sobjects/Case"
    assert error(await org.sim.ask("POST", path, data="{}", headers=headers)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    headers["Content-Type"] = "application/json"
    for text in ("", "{", "[]", '"x"', "[" * 100_000):
        assert error(await org.sim.ask("POST", path, data=text, headers=headers)) == (400, "JSON_PARSER_ERROR")


async def test_every_answer_tells_how_many_calls_were_used(org):
    async with org.sim.http.get(f"{org.sim.url}/services/data/v59.0/limits") as refused:
        assert refused.headers["Sforce-Limit-Info"] == "api-usage=0/15000"
    headers = {"Authorization": f"Bearer {org.token}"}
    async with org.sim.http.get(f"{org.sim.url}/services/data/v59.0/limits", headers=headers) as answer:
        assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/15000"
        assert (await answer.json())["DailyApiRequests"] == {"Max": 15000, "Remaining": 14999}


async def test_the_days_calls_can_be_used_up(org):
    await org.sim.rules(api_calls_max=1)
    assert (await org.call("GET", "limits")).status == 200
    assert error(await org.call("GET", "limits")) == (403, "REQUEST_LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("api_disabled", (403, "API_DISABLED_FOR_ORG")),
        ("password_expired", (403, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD")),
        ("insufficient_access", (403, "INSUFFICIENT_ACCESS")),
        ("not_for_rest", (401, "INVALID_SESSION_ID")),
    ],
)
async def test_an_org_that_is_closed(org, how, wanted):
    await org.sim.rules(data_refuses=how)
    assert error(await org.call("GET", "limits")) == wanted


async def test_the_ledger_counts_records_and_tells_refusals(org):
    await org.create("Case", Subject="x")
    await post(org, "Contact", {})
    ledger = await org.sim.do("GET", "/ledger")
    assert ledger["records"] == {"Contact": 0, "Account": 0, "Case": 1, "ContentVersion": 0}
    (refusal,) = ledger["refusals"]["salesforce"]
    assert (refusal["status"], refusal["path"]) == (400, "/services/data/v59.0/sobjects/Contact")


async def test_the_limit_header_may_tell_of_the_app_too(org):
    await org.sim.rules(limit_header="per_app")
    headers = {"Authorization": f"Bearer {org.token}"}
    async with org.sim.http.get(f"{org.sim.url}/services/data/v59.0/limits", headers=headers) as answer:
        wanted = "api-usage=1/15000; per-app-api-usage=1/15000(appName=Bridge)"
        assert answer.headers["Sforce-Limit-Info"] == wanted


async def test_a_reset_forgets_records_and_tokens_but_not_what_an_admin_set_up(org):
    await org.setup(fields={"Case": ["OrderId__c"]})
    await org.create("Case", OrderId__c="x")
    await org.sim.do("POST", "/reset")
    assert await org.records("Case") == []
    assert error(await org.call("GET", "limits")) == (401, "INVALID_SESSION_ID")
    seen = await org.sim.do("GET", "/org")
    assert (seen["issued"], seen["used"], seen["calls"]) == ({}, 0, {})
    assert seen["setup"]["fields"]["Case"][0]["name"] == "OrderId__c"
    assert len(await org.records("RecordType")) == 2


async def test_a_contacts_own_fields_are_on_person_accounts_too(org):
    await org.sim.rules(person_accounts=True)
    await org.setup(fields={"Contact": [{"name": "Blocked__c", "kind": "boolean"}]})
    await org.create("Account", RecordTypeId=PERSON_TYPE, LastName="Pérez", Blocked__pc=True)
    (contact,) = await org.ids("SELECT Id FROM Contact WHERE Blocked__c = true")
    await org.call("PATCH", f"sobjects/Contact/{contact}", {"Blocked__c": False, "Email": "ana@example.org"})
    soql = "SELECT PersonContactId, Blocked__pc FROM Account WHERE PersonEmail = 'ana@example.org'"
    (account,) = (await org.query(soql)).json["records"]
    assert (account["PersonContactId"], account["Blocked__pc"]) == (contact, False)


async def test_field_names_may_have_to_be_spelt_as_they_are(org):
    """§4: that their case does not matter is unconfirmed."""
    assert (await org.call("POST", "sobjects/Contact", {"LASTNAME": "Ana"})).status == 201
    await org.sim.rules(field_names="exact")
    assert error(await org.call("POST", "sobjects/Contact", {"LASTNAME": "Ana"})) == (400, "INVALID_FIELD")
    assert (await org.call("POST", "sobjects/Contact", {"LastName": "Ana"})).status == 201
