"""What we ask of Enhanced Chat: method, address, headers and body of every call (sections 2 to 5, 10)."""

import io
from dataclasses import dataclass, field

import pytest

from interconnections.desks.enhanced_chat.client import Ack, EnhancedChat
from interconnections.desks.enhanced_chat.exchange import Access, Deployment
from interconnections.desks.enhanced_chat.reader import BusinessHours
from interconnections.errors import (
    AlreadyTaken,
    ChatGone,
    DeskRefused,
    DeskUnwell,
    FileNotTaken,
    TokenExpired,
    Unready,
    VerificationFailed,
)
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.wires import ScriptedWire

HOST = "https://acme.my.salesforce-scrt.com"
API = f"{HOST}/iamessage/api/v2"
CONVERSATION = "3f2b8c1a-77c1-4f0e-9a55-0d6c2b1e4a10"
MESSAGE = "0a6f6f2e-5d7b-4a39-8a3e-111111111111"
DEPLOYMENT = Deployment(HOST, "00D000000000001AAA", "Bridge_Client")
ACCESS = Access(DEPLOYMENT, Secret("tok-en"))
BEARER = {"Authorization": "Bearer tok-en"}
JSON = {"Content-Type": "application/json"}
TOKEN = Reply(200, b'{"accessToken":"a.b.c","context":{"endUser":{"subject":"v2/iamessage/AUTH/k/uid:wa:1"}}}')
ACCEPTED = Reply(202, b'{"conversationEntries":[{"id":"entry-1","clientTimestamp":1780000005000}]}')
NOTHING = Reply(204, b"")
ASKING = {
    "orgId": "00D000000000001",
    "esDeveloperName": "Bridge_Client",
    "capabilitiesVersion": "1",
    "platform": "Web",
    "context": {"appName": "bridge", "clientVersion": "1"},
}
TALK = f"{API}/conversation/{CONVERSATION}"


def say(desk, **more):
    return desk.say(ACCESS, CONVERSATION, MESSAGE, "Hola 👩‍🔬", **more)


def entries(desk, **more):
    return desk.entries(ACCESS, CONVERSATION, **more)


def text(**more):
    message = {
        "id": MESSAGE,
        "messageType": "StaticContentMessage",
        "staticContent": {"formatType": "Text", "text": "Hola 👩‍🔬"},
    }
    return {"message": message | more, "esDeveloperName": "Bridge_Client"}


# A row a call: how it is asked for, what answers, and what goes out.  Names begin with the number of section 2.
REQUESTS = {
    "1": (
        lambda desk: desk.anonymous_token(DEPLOYMENT),
        TOKEN,
        ("POST", f"{API}/authorization/unauthenticated/access-token", JSON, ASKING),
    ),
    "2": (
        lambda desk: desk.verified_token(DEPLOYMENT, Secret("signed")),
        TOKEN,
        (
            "POST",
            f"{API}/authorization/authenticated/access-token",
            JSON,
            ASKING | {"authorizationType": "JWT", "customerIdentityToken": "signed"},
        ),
    ),
    "3": (
        lambda desk: desk.revoke(ACCESS),
        NOTHING,
        ("DELETE", f"{API}/authorization/authenticated/access-token", BEARER, None),
    ),
    "4": (
        lambda desk: desk.continuation(ACCESS),
        TOKEN,
        ("GET", f"{API}/authorization/continuation-access-token", BEARER, None),
    ),
    "5": (
        lambda desk: desk.create(
            ACCESS,
            CONVERSATION,
            attributes={"_firstName": "Ana", "Case_Id": "500000000000001AAA"},
            language="es-MX",
        ),
        Reply(201, b""),
        (
            "POST",
            f"{API}/conversation",
            BEARER | JSON,
            {
                "conversationId": CONVERSATION,
                "esDeveloperName": "Bridge_Client",
                "routingAttributes": {"_firstName": "Ana", "Case_Id": "500000000000001AAA"},
                "language": "es_MX",
            },
        ),
    ),
    "5 without a language": (
        lambda desk: desk.create(ACCESS, CONVERSATION, attributes={}),
        Reply(201, b"{}"),
        (
            "POST",
            f"{API}/conversation",
            BEARER | JSON,
            {"conversationId": CONVERSATION, "esDeveloperName": "Bridge_Client", "routingAttributes": {}},
        ),
    ),
    "6": (
        lambda desk: desk.routing_status(ACCESS, CONVERSATION),
        Reply(200, b'{"routingStatus":"TRANSFER"}'),
        ("GET", TALK, BEARER, None),
    ),
    "7": (say, ACCEPTED, ("POST", f"{TALK}/message", BEARER | JSON, text() | {"isNewMessagingSession": False})),
    "7 first": (
        lambda desk: say(desk, first=True, language="es-MX"),
        ACCEPTED,
        (
            "POST",
            f"{TALK}/message",
            BEARER | JSON,
            text() | {"isNewMessagingSession": True, "routingAttributes": {}, "language": "es_MX"},
        ),
    ),
    "7 in reply": (
        lambda desk: say(desk, reply_to="e4"),
        ACCEPTED,
        (
            "POST",
            f"{TALK}/message",
            BEARER | JSON,
            text(inReplyToMessageId="e4") | {"isNewMessagingSession": False},
        ),
    ),
    "7 choice": (
        lambda desk: desk.choose(ACCESS, CONVERSATION, MESSAGE, reply_to="e6", option="o-1"),
        ACCEPTED,
        (
            "POST",
            f"{TALK}/message",
            BEARER | JSON,
            {
                "message": {
                    "id": MESSAGE,
                    "messageType": "ChoicesResponseMessage",
                    "inReplyToMessageId": "e6",
                    "choicesResponse": {
                        "formatType": "Selections",
                        "selectedOptions": [{"optionIdentifier": "o-1"}],
                    },
                },
                "esDeveloperName": "Bridge_Client",
            },
        ),
    ),
    "10": (
        lambda desk: desk.acknowledge(
            ACCESS, CONVERSATION, [Ack("5f5f", "Delivery", "e4"), Ack("6a6a", "Read", "e4")]
        ),
        Reply(200, b""),
        (
            "POST",
            f"{TALK}/acknowledge-entries",
            BEARER | JSON,
            {
                "acks": [
                    {"id": "5f5f", "entryType": "Delivery", "conversationEntryId": "e4"},
                    {"id": "6a6a", "entryType": "Read", "conversationEntryId": "e4"},
                ]
            },
        ),
    ),
    "11": (
        lambda desk: desk.conversations(ACCESS),
        Reply(200, b'{"conversations":[]}'),
        ("GET", f"{API}/conversation/list?inclClosedConvs=false&limit=50", BEARER, None),
    ),
    "11 closed": (
        lambda desk: desk.conversations(ACCESS, closed=True),
        Reply(200, b'{"conversations":[]}'),
        ("GET", f"{API}/conversation/list?inclClosedConvs=true&limit=50", BEARER, None),
    ),
    "12": (
        lambda desk: entries(desk, since=1780000040000),
        Reply(200, b'{"conversationEntries":[]}'),
        (
            "GET",
            f"{TALK}/entries?limit=50&startTimestamp=1780000040000&direction=FromStart"
            "&entryTypeFilter=Message,ParticipantChanged,RoutingResult,SessionStatusChanged",
            BEARER,
            None,
        ),
    ),
    "12 from the end": (
        lambda desk: entries(desk, until=1780000040000, from_end=True, types=(), limit=20),
        Reply(200, b'{"conversationEntries":[]}'),
        ("GET", f"{TALK}/entries?limit=20&endTimestamp=1780000040000&direction=FromEnd", BEARER, None),
    ),
    "13": (
        lambda desk: desk.end_session(ACCESS, CONVERSATION),
        NOTHING,
        ("DELETE", f"{TALK}/session?esDeveloperName=Bridge_Client", BEARER, None),
    ),
    "14": (
        lambda desk: desk.close(ACCESS, CONVERSATION),
        NOTHING,
        ("DELETE", f"{TALK}?esDeveloperName=Bridge_Client", BEARER, None),
    ),
    "17": (
        lambda desk: desk.business_hours(DEPLOYMENT),
        Reply(200, b"{}"),
        (
            "GET",
            f"{HOST}/embeddedservice/v1/businesshours?orgId=00D000000000001&esConfigName=Bridge_Client",
            {},
            None,
        ),
    ),
}


def file(desk, **more):
    content = io.BytesIO(b"PNG\r\n" + b"x" * 1000)
    given = {"file_id": "file-1", "name": 'fo"to.png', "mime": "image/png", "content": content} | more
    return desk.send_file(ACCESS, CONVERSATION, MESSAGE, **given)


CALLS = {name: call for name, (call, _, _) in REQUESTS.items()} | {"8": file}
IDENTITY, USER = {"1", "2"}, {"3", "4", "5", "5 without a language", "11", "11 closed", "17"}
ENDS = {"13", "14"}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_goes_out_as_the_sheet_has_it(name):
    call, answer, (method, url, headers, body) = REQUESTS[name]
    wire = ScriptedWire([answer])
    await call(EnhancedChat(wire))
    [asked] = wire.asked
    assert (asked.method, asked.url, asked.body) == (method, url, body)
    assert asked.headers == headers


def test_the_tables_have_every_call_that_the_client_can_make():
    can = {name for name, value in vars(EnhancedChat).items() if callable(value) and not name.startswith("_")}
    assert len(can) == len({name.split()[0] for name in CALLS} | {"choose", "16"})
    made = {*range(1, 15), 17} - {9}  # no platform tells that its user types
    assert {int(name.split()[0]) for name in CALLS} == made


class Raw(ScriptedWire):
    """Keeps a body's bytes as they are."""

    async def send(self, method, url, *, headers, body=None, timeout=30.0):
        self.body, self.size = b"".join([piece async for piece in body]), body.size
        return await super().send(method, url, headers=headers, body=None, timeout=timeout)


async def test_a_file_is_a_form_of_two_parts_in_this_order():
    wire = Raw([ACCEPTED])
    assert await file(EnhancedChat(wire)) == "entry-1"
    [asked] = wire.asked
    assert (asked.method, asked.url) == ("POST", f"{TALK}/file")
    kind, _, boundary = asked.headers["Content-Type"].partition("; boundary=")
    assert (kind, asked.headers["Authorization"]) == ("multipart/form-data", "Bearer tok-en")
    _, entry, data, end = wire.body.split(f"--{boundary}".encode())
    assert entry == (
        b'\r\nContent-Disposition: form-data; name="messageEntry"\r\nContent-Type: application/json\r\n\r\n'
        b'{"esDeveloperName":"Bridge_Client","message":{"id":"%s","fileId":"file-1","text":""}}\r\n'
        % MESSAGE.encode()
    )
    assert data == (
        b'\r\nContent-Disposition: form-data; name="fileData"; filename="fo%22to.png"\r\n'
        b"Content-Type: image/png\r\n\r\nPNG\r\n" + b"x" * 1000 + b"\r\n"
    )
    assert (end, wire.size) == (b"--\r\n", len(wire.body))


async def test_a_file_may_come_first_with_its_caption_and_without_a_type():
    wire = Raw([Reply(202, b"")])
    sent = await file(EnhancedChat(wire), mime="", name="", text="Mira", first=True, language="pt-BR")
    assert sent == MESSAGE  # the answer did not say
    assert b'"text":"Mira"},"isNewMessagingSession":true,"routingAttributes":{},"language":"pt_BR"}' in wire.body
    assert b'filename="file"\r\nContent-Type: application/octet-stream' in wire.body


async def test_what_was_read_is_given():
    async def given(name, answer=None):
        call, own, _ = REQUESTS[name]
        return await call(EnhancedChat(ScriptedWire([answer or own])))

    assert (await given("2")).subject == "v2/iamessage/AUTH/k/uid:wa:1"
    assert await given("6") == "TRANSFER"
    assert await given("7") == "entry-1"
    assert await given("7 choice", Reply(202, b"")) == MESSAGE
    assert await given("17", Reply(404, b"")) == BusinessHours()
    with pytest.raises(VerificationFailed):
        await given("2", Reply(200, b'{"accessToken":"a","context":{"endUser":{"subject":"v2/iamessage/ANON/1"}}}'))


# Section 7: status -> what it is at a token, to a user's list, in a conversation, with a file, at an end.
STATUSES = {
    302: (DeskRefused, DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    400: (DeskRefused, DeskRefused, DeskRefused, DeskRefused, None),
    401: (VerificationFailed, TokenExpired, TokenExpired, TokenExpired, TokenExpired),
    403: (DeskRefused, DeskRefused, DeskRefused, DeskRefused, DeskRefused),
    404: (DeskRefused, DeskRefused, ChatGone, ChatGone, None),
    405: (DeskRefused, DeskRefused, DeskRefused, DeskRefused, None),
    408: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    409: (AlreadyTaken, AlreadyTaken, AlreadyTaken, AlreadyTaken, None),
    410: (DeskRefused, DeskRefused, ChatGone, ChatGone, None),
    412: (Unready, Unready, Unready, Unready, None),
    413: (DeskRefused, DeskRefused, DeskRefused, FileNotTaken, None),
    415: (DeskRefused, DeskRefused, DeskRefused, FileNotTaken, None),
    422: (Unready, Unready, Unready, Unready, None),
    429: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    500: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    503: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
}
WORDS = b'{"message":"secret words of a user","code":"X"}'


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", STATUSES)
async def test_a_status_is_what_the_table_says(status, name):
    column = 0 if name in IDENTITY else 1 if name in USER else 3 if name == "8" else 4 if name in ENDS else 2
    error = STATUSES[status][column]
    wire = ScriptedWire([Reply(status, WORDS, 7.0)])
    if error is None or (name, status) == ("17", 404):
        await CALLS[name](EnhancedChat(wire))
        return
    with pytest.raises(error) as caught:
        await CALLS[name](EnhancedChat(wire))
    assert type(caught.value) is error
    assert "secret" not in str(caught.value)
    assert "tok-en" not in str(caught.value)
    if error is DeskUnwell:
        assert caught.value.wait == 7.0
    if isinstance(caught.value, DeskUnwell):
        assert caught.value.undone is (status in (401, 412, 422, 429))
    assert len(wire.asked) == 1


@pytest.mark.parametrize("name", CALLS)
async def test_a_lost_answer_may_be_asked_for_again_and_names_no_address(name):
    for unmet in (False, True):
        with pytest.raises(DeskUnwell) as caught:
            await CALLS[name](EnhancedChat(ScriptedWire([Unreachable("ClientOSError", unmet=unmet)])))
        assert (str(caught.value), caught.value.undone) == ("no answer: ClientOSError", unmet)


@dataclass
class Opened:
    status: int = 200
    retry_after: float | None = None
    closed: int = 0

    def close(self):
        self.closed += 1


@dataclass
class OpeningWire:
    answer: Opened | Exception
    asked: list = field(default_factory=list)

    async def open(self, method, url, *, headers):
        self.asked.append((method, url, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_a_stream_is_opened_as_the_sheet_has_it():
    wire = OpeningWire(Opened())
    assert await EnhancedChat(wire).open_stream(ACCESS, "2147480000", 1780000000.0) is wire.answer
    headers = {"Accept": "text/event-stream", "X-Org-Id": "00D000000000001", "Last-Event-Id": "2147480000"}
    assert wire.asked == [("GET", f"{HOST}/eventrouter/v1/sse?_ts=1780000000000", BEARER | headers)]
    assert wire.answer.closed == 0


async def test_a_stream_without_a_last_event_begins_at_the_beginning():
    wire = OpeningWire(Opened())
    await EnhancedChat(wire).open_stream(ACCESS, "", 0)
    assert wire.asked[0][2]["Last-Event-Id"] == "0"


@pytest.mark.parametrize(
    ("status", "error"), [(401, TokenExpired), (400, DeskRefused), (403, DeskRefused), (404, DeskRefused)]
)
async def test_a_refused_stream_is_closed(status, error):
    wire = OpeningWire(Opened(status))
    with pytest.raises(error):
        await EnhancedChat(wire).open_stream(ACCESS, "1", 0)
    assert wire.answer.closed == 1


@pytest.mark.parametrize("status", [204, 302, 429, 500, 503])
async def test_a_stream_that_may_come_later_is_closed_too(status):
    wire = OpeningWire(Opened(status, 9.0))
    with pytest.raises(DeskUnwell) as caught:
        await EnhancedChat(wire).open_stream(ACCESS, "1", 0)
    assert (wire.answer.closed, caught.value.wait) == (1, 9.0)


async def test_a_stream_that_nobody_answers():
    with pytest.raises(DeskUnwell, match="no answer: ClientOSError"):
        await EnhancedChat(OpeningWire(Unreachable("ClientOSError"))).open_stream(ACCESS, "1", 0)


def test_what_calls_carry_does_not_print():
    assert "tok-en" not in repr(ACCESS)
