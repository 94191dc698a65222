"""No event and no answer of Enhanced Chat, whatever it holds, makes a reader stumble."""

import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from interconnections.desks.enhanced_chat.entries import read_entries, read_list
from interconnections.desks.enhanced_chat.events import EVENTS, MEANINGS, read_frame
from interconnections.desks.enhanced_chat.reader import read_accepted, read_business_hours, read_status
from interconnections.desks.enhanced_chat.sse import Frame
from interconnections.desks.enhanced_chat.tokens import read_token
from interconnections.errors import DeskError
from tests.unit.payloads import ROOT
from tests.unit.test_properties import anything, as_sent, hard_texts, storable, with_strangers

CONVERSATION = "3f2b8c1a-77c1-4f0e-9a55-0d6c2b1e4a10"
NAMES = [
    "entryType", "id", "abstractMessage", "messageType", "staticContent", "formatType", "text", "attachments", "url",
    "choices", "optionItems", "optionIdentifier", "titleItem", "title", "formMessage", "entries", "operation",
    "participant", "role", "subject", "displayName", "failureType", "failureReason", "errorMessages", "position",
    "estimatedWaitTime", "estimatedWaitTimeInSeconds", "sessionStatus", "sessionEndedByRole", "relatedRecords",
    "acknowledgedConversationEntryIdentifier", "acknowledgementTimestamp",
]  # fmt: skip
VALUES = ["StaticContentMessage", "ChoicesMessage", "FormMessage", "Text", "Attachments", "RichLink", "Agent",
          "EndUser", "add", "remove", "None", "RoutingError", "Ended", "https://x.example/a?b"]  # fmt: skip
inner = st.recursive(
    anything | st.sampled_from(VALUES),
    lambda deeper: st.lists(deeper, max_size=4) | st.dictionaries(st.sampled_from(NAMES), deeper, max_size=6),
    max_leaves=20,
)
payloads = inner | inner.map(json.dumps) | inner.map(json.dumps).map(json.dumps)
rows = st.fixed_dictionaries(
    {"entryPayload": payloads, "identifier": hard_texts | anything, "transcriptedTimestamp": anything},
    optional={
        "sender": inner,
        "senderDisplayName": anything,
        "relatedRecords": anything,
        "entryType": st.sampled_from([*EVENTS]) | anything,
    },
)
many = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
recorded = [
    case
    for path in sorted((ROOT / "enhanced_chat/events").glob("*.json"))
    if isinstance((case := json.loads(path.read_text())).get("data"), dict)
]


@many
@given(
    st.sampled_from([*MEANINGS]) | hard_texts,
    (anything | st.fixed_dictionaries({"conversationId": st.just(CONVERSATION), "conversationEntry": rows})).map(
        lambda body: as_sent(body).decode()
    )
    | hard_texts,
)
@example("CONVERSATION_MESSAGE", "[" * 100_000)
@example(
    "CONVERSATION_MESSAGE",
    json.dumps({"conversationEntry": {"entryPayload": '{"abstractMessage":' * 900 + "}" * 900}}),
)
def test_no_event_stumbles_and_all_that_is_read_can_be_stored(name, data):
    event = read_frame(Frame(name, data), CONVERSATION)
    if event is not None:
        storable(event.type, event.kept, event.id, str(event.news))
        assert len(event.type) <= 80
        assert len(event.kept) <= 8_001
        assert 0 <= event.at < 10**14


@settings(many, max_examples=50)  # of five rows each; a row by itself is read above
@given(st.lists(rows | anything, max_size=5))
def test_no_page_of_entries_stumbles(entries):
    page = read_entries(as_sent({"conversationEntries": entries}))
    assert page.rows == len(entries)
    for event in page.events:
        storable(event.type, event.kept, event.id, str(event.news))


@many
@given(anything.map(as_sent) | st.binary(max_size=200))
@example(b"[" * 100_000)
def test_no_answer_raises_anything_but_a_desk_error(content):
    for read in (read_entries, read_list, read_token, read_status, read_accepted, read_business_hours):
        try:
            read(content)
        except DeskError as error:
            storable(str(error))


strangers = st.dictionaries(st.text("xyz-", min_size=1).map(lambda name: f"x-{name}"), anything, max_size=3)


@many
@given(st.sampled_from(recorded), strangers)
def test_unknown_keys_never_change_the_news(case, unknown):
    def news(data):
        event = read_frame(Frame(case["event"], json.dumps(data)), CONVERSATION)
        return event and (event.type, event.id, event.at, event.news)

    assert news(with_strangers(case["data"], unknown)) == news(case["data"])
