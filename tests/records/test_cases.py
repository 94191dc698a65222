"""What a case is made of, how a lost one is recognised, and how the chat is tied to it."""

from interconnections.desks.live_agent.prechat import attached
from interconnections.desks.records.cases import Case, like_ours, moment, newest_of

CASE = Case("003000000000001AAA", "", " Pedido ", "Caso : Pedido", "whatsapp", "Nuevo", "Medium")
NOON = 1_769_860_800.0  # 2026-01-31T12:00:00Z


def test_what_is_empty_is_left_out() -> None:
    assert CASE.fields() == {
        "ContactId": "003000000000001AAA", "Subject": "Pedido", "Description": "Caso : Pedido", "Origin": "whatsapp",
        "Status": "Nuevo", "Priority": "Medium",
    }  # fmt: skip


def test_the_bots_own_fields_win_over_ours() -> None:
    case = Case("003", "001", "s" * 300, "d" * 40_000, "w", "", "", "012", "00G", {"Status": "New", "Order__c": 7})
    fields = case.fields()
    assert fields["Status"] == "New"
    assert (len(str(fields["Subject"])), len(str(fields["Description"]))) == (255, 32_000)
    assert {name: fields[name] for name in ("AccountId", "RecordTypeId", "OwnerId", "Order__c")} == {
        "AccountId": "001", "RecordTypeId": "012", "OwnerId": "00G", "Order__c": 7,
    }  # fmt: skip


def row(id: str, made: object, subject: object = "Pedido") -> dict[str, object]:
    return {"Id": id, "Subject": subject, "CreatedDate": made}


def test_a_case_is_ours_by_its_subject_and_its_time() -> None:
    records = [
        row("500000000000005AAA", "2026-01-31T12:00:03.000+0000"),
        row("500000000000004AAA", "2026-01-31T06:00:01.000-0600"),
        row("500000000000003AAA", "2026-01-31T12:00:01.000Z", "Otro"),
        row("500000000000002AAA", "2026-01-31T11:40:00.000+0000"),  # twenty minutes before we tried
        row("500000000000001AAA", None),
        row("nonsense", "2026-01-31T12:00:00.000+0000"),
    ]
    assert like_ours(records, " Pedido ", NOON) == ["500000000000005AAA", "500000000000004AAA"]


def test_salesforces_times_are_read() -> None:
    assert moment("2026-01-31T12:00:00.000+0000") == NOON
    assert moment("yesterday") is None


def test_the_newest_cases_are_asked_for() -> None:
    assert newest_of("003000000000001AAA").endswith(
        "FROM Case WHERE ContactId = '003000000000001AAA' ORDER BY CreatedDate DESC LIMIT 10"
    )


def test_the_chat_finds_both_records_and_links_them_to_its_transcript() -> None:
    details, entities = attached("003000000000001AAA", "500000000000001AAA")
    assert [(d["label"], d["value"], d["transcriptFields"]) for d in details] == [
        ("ContactId", "003000000000001AAA", ["ContactId"]), ("CaseId", "500000000000001AAA", ["CaseId"]),
    ]  # fmt: skip
    assert [(e["entityName"], e["saveToTranscript"]) for e in entities] == [
        ("Contact", "ContactId"), ("Case", "CaseId"),
    ]  # fmt: skip
    assert entities[1]["entityFieldsMaps"] == [
        {"fieldName": "Id", "label": "CaseId", "doFind": True, "isExactMatch": True, "doCreate": False}
    ]


def test_a_chat_without_records_is_opened_with_none() -> None:
    assert attached("", "") == ((), ())
