"""The stream of Enhanced Chat (EC §5): frames, replay, pings, and everything that can happen to it."""

from __future__ import annotations

import asyncio

import pytest

from . import enhanced
from .enhanced import API, SSE, customer, guest, guest_of

BODY = {"status": 401, "error": "Unauthorized", "path": SSE}


async def test_a_conversation_is_told_event_by_event(sim):
    visitor = await guest(sim)
    async with visitor.listening() as stream:
        assert stream.response.headers["Content-Type"].startswith("text/event-stream")
        await visitor.create()
        answer = await visitor.say("hola", first=True)
        await visitor.agent("accept", name="Luz R.")
        await visitor.agent("say", text="¿En qué ayudo?")
        events = await stream.take(8)
    names = [event.name.removeprefix("CONVERSATION_") for event in events]
    assert names == [
        "PARTICIPANT_CHANGED",
        "ROUTING_RESULT",
        "SESSION_STATUS_CHANGED",
        "MESSAGE",
        "ROUTING_WORK_RESULT",
        "PARTICIPANT_CHANGED",
        "SESSION_STATUS_CHANGED",
        "MESSAGE",
    ]
    numbers = [int(event.id or 0) for event in events]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > int(visitor.last)
    assert {event.body["conversationId"] for event in events} == {visitor.id}
    _, routed, waiting, echo, _, joined, active, said = events
    assert (routed.payload["failureType"], routed.payload["routingType"]) == ("None", "Initial")
    assert waiting.payload["sessionStatus"] == "Waiting"
    assert echo.entry["sender"]["role"] == "EndUser"
    assert echo.entry["identifier"] == echo.payload["abstractMessage"]["id"]
    assert echo.entry["identifier"] == answer.json["conversationEntries"][0]["id"]
    changes = [(one["operation"], one["participant"]["role"]) for one in joined.payload["entries"]]
    assert changes == [("remove", "Chatbot"), ("add", "Agent")]
    assert (active.payload["sessionStatusPrev"], active.payload["sessionStatus"]) == ("Waiting", "Active")
    assert (said.entry["senderDisplayName"], said.entry["sender"]["role"]) == ("Luz R.", "Agent")
    assert said.payload["abstractMessage"]["staticContent"] == {"formatType": "Text", "text": "¿En qué ayudo?"}
    assert said.entry["relatedRecords"][0].startswith("0Mw")


async def test_what_was_told_is_replayed_after_the_last_event_id(sim):
    visitor = await guest(sim)
    await visitor.active()
    async with visitor.listening() as stream:
        first = await stream.take(7)
    async with visitor.listening(after=first[3].id) as stream:
        assert await stream.take(3) == first[4:]
        await visitor.agent("say", text="new")
        assert (await stream.next()).payload["abstractMessage"]["staticContent"]["text"] == "new"
    async with visitor.listening(after="9999999999999") as stream:
        await visitor.agent("say", text="live")
        assert (await stream.next()).payload["abstractMessage"]["staticContent"]["text"] == "live"


async def test_a_stream_pings_when_there_is_nothing_to_tell(sim):
    await sim.rules(ping_seconds=0.05)
    visitor = await guest(sim)
    async with visitor.listening() as stream:
        assert [(one.id, one.name, one.data) for one in await stream.take(2)] == [(None, "ping", "0")] * 2


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Accept": "application/json"}, 400),
        ({"X-Org-Id": ""}, 400),
        ({"X-Org-Id": "00D000000000001AAA"}, 400),
        ({"X-Org-Id": "00D000000000002"}, 403),
        ({"Last-Event-Id": "abc"}, 400),
        ({"Last-Event-Id": ""}, 400),
        ({"Last-Event-Id": "-1"}, 400),
        ({"Authorization": "Bearer x"}, 401),
    ],
)
async def test_each_header_of_a_stream_is_needed(sim, headers, status):
    visitor = await guest(sim)
    answer = await sim.ask("GET", SSE, headers=visitor.stream_headers | headers)
    assert answer.status == status


@pytest.mark.parametrize("name", ["Accept", "X-Org-Id", "Last-Event-Id", "Authorization"])
async def test_no_header_of_a_stream_may_be_missing(sim, name):
    visitor = await guest(sim)
    headers = {one: value for one, value in visitor.stream_headers.items() if one != name}
    answer = await sim.ask("GET", SSE, headers=headers)
    assert answer.status == (401 if name == "Authorization" else 400)
    if name == "Authorization":
        assert answer.json == BODY


async def test_switches_take_a_stream_without_an_id_and_a_long_org_id(sim):
    await sim.rules(last_event_id_required=False, org_id_form="any")
    visitor = await (await guest(sim)).active()
    headers = visitor.stream_headers | {"X-Org-Id": "00D000000000001AAA"}
    del headers["Last-Event-Id"]
    async with sim.http.get(sim.url + SSE, headers=headers) as response:
        await visitor.agent("say", text="now")
        event = await enhanced.Listener(response).next()
    assert event.payload["abstractMessage"]["staticContent"]["text"] == "now"


async def test_one_stream_tells_of_all_conversations_of_a_user_and_of_no_other(sim):
    await enhanced.register_key(sim)
    first, second, stranger = await customer(sim), await customer(sim), await guest(sim)
    async with first.listening() as stream:
        await first.waiting()
        await stranger.waiting()
        await second.waiting()
        events = await stream.take(8)
    assert [event.body["conversationId"] for event in events] == [first.id] * 4 + [second.id] * 4


@pytest.mark.parametrize("counted", ["later", "earlier"])
async def test_two_tokens_of_a_user_may_count_events_differently(sim, counted):
    await enhanced.register_key(sim)
    first = await (await customer(sim)).active()
    async with first.listening() as stream:
        last = (await stream.take(7))[-1].id
    await sim.rules(event_ids_of_tokens=counted)
    second = await customer(sim)
    assert (int(second.last) > int(last or 0)) is (counted == "later")
    async with second.listening() as stream:
        await first.agent("say", text="a")
        event = await stream.next()
    assert int(event.id or 0) == int(second.last) + 1


async def order(sim, visitor, what: str) -> None:
    assert await sim.do("POST", f"/enhanced/streams/{what}", {"chat": visitor.id}) == {"streams": 1}


async def test_a_stream_is_dropped_in_the_middle_of_a_frame(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await order(sim, visitor, "drop")
        assert (await stream.rest()).startswith("id: ")
    chat = await visitor.chat()
    assert (chat["streams"]["open"], (await ended_streams(sim))[-1]["how"]) == (0, "dropped")


async def ended_streams(sim) -> list:
    users = (await sim.do("GET", "/enhanced"))["users"]
    return [stream for user in users for stream in user["streams"] if stream["ended"]]


async def test_a_stream_stalls_without_a_word(sim):
    await sim.rules(ping_seconds=0.02)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await order(sim, visitor, "stall")
        while (await sim.do("GET", "/enhanced"))["users"][0]["streams"][0]["how"] != "stalled":
            pass
        await visitor.agent("say", text="lost for now")
        stream.raw = b""
        with pytest.raises(TimeoutError):
            while True:
                assert (await stream.next(0.3)).name == "ping"  # one may have been under way
        last = max(int(event.id) for event in stream.events if event.id)
    async with visitor.listening(after=str(last)) as stream:
        assert (await stream.next()).payload["abstractMessage"]["staticContent"]["text"] == "lost for now"


async def test_a_token_expires_on_its_stream(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await order(sim, visitor, "expired")
        assert await stream.rest() == "Jwt is expired"
    answer = await sim.ask("GET", SSE, headers=visitor.stream_headers)
    assert (answer.status, answer.json) == (401, BODY)
    assert (await visitor.say("x")).status == 401


async def test_a_stream_is_cut_and_its_token_is_refused(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await order(sim, visitor, "401")
        assert await stream.rest() == ""
    answer = await sim.ask("GET", SSE, headers=visitor.stream_headers)
    assert (answer.status, answer.json) == (401, BODY)
    await sim.rules(expired_at_connect="text")
    async with visitor.listening() as stream:
        assert await stream.rest() == "Jwt is expired"


@pytest.mark.parametrize("how, text", [("text", "Jwt is expired"), ("end", "")])
async def test_the_time_of_a_token_comes_while_its_stream_is_open(sim, how, text):
    await sim.rules(access_token_seconds=1.5, expired_on_stream=how)
    visitor = await guest(sim)
    async with visitor.listening() as stream:
        assert await stream.rest() == text


async def test_a_stream_may_go_on_beyond_its_token(sim):
    await sim.rules(access_token_seconds=1.5, expired_on_stream="goes_on", ping_seconds=0.05)
    visitor = await guest(sim)
    async with visitor.listening() as stream:
        while (await visitor.call("GET", "list")).status != 401:
            pass
        await stream.take(3)
        assert await sim.do("POST", "/enhanced/expire", {}) == {"expired": 0}


async def test_an_event_comes_twice_a_name_is_unknown_a_conversation_is_foreign(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        *_, last = await stream.take(7)
        await order(sim, visitor, "duplicate")
        assert await stream.next() == last
        await order(sim, visitor, "unknown")
        assert (await stream.next()).name == "CONVERSATION_NEVER_SEEN"
        await order(sim, visitor, "foreign")
        foreign = await stream.next()
        assert (foreign.name, foreign.entry["sender"]["role"]) == ("CONVERSATION_MESSAGE", "Agent")
        assert foreign.body["conversationId"] != visitor.id
    assert (await visitor.chat())["said"] == []


async def test_a_log_that_was_forgotten_replays_nothing(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(3)
        await order(sim, visitor, "forget")
        await stream.rest()
    await visitor.agent("say", text="after")
    async with visitor.listening() as stream:
        event = await stream.next()
    assert event.payload["abstractMessage"]["staticContent"]["text"] == "after"
    assert len(await visitor.entries(limit=50)) == 7


async def test_a_log_keeps_as_much_as_the_switch_says(sim):
    await sim.rules(stream_log_size=2)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        assert [event.name for event in await stream.take(2)] == [
            "CONVERSATION_PARTICIPANT_CHANGED",
            "CONVERSATION_SESSION_STATUS_CHANGED",
        ]


@pytest.mark.parametrize("trouble", ["drop", "stall", "forget", "duplicate", "unknown", "foreign"])
async def test_a_trouble_can_stand_on_every_nth_event(sim, trouble):
    """Whoever follows, reconnects and fills the gap has every message once."""
    await sim.rules(stream_trouble=[trouble], stream_trouble_every=5, messages_per_minute=100)
    visitor = await (await guest(sim)).active()
    for number in range(20):
        await visitor.agent("say", text=str(number))
    said: dict[str, str] = {}
    last, met = visitor.last, 0
    while len(said) < 20:
        async with visitor.listening(after=last) as stream:
            try:
                while len(said) < 20:
                    event = await stream.next(0.5 if trouble == "stall" else 20)
                    last = event.id or last
                    if event.name == "CONVERSATION_MESSAGE" and event.body["conversationId"] == visitor.id:
                        _keep(said, event.entry["identifier"], event.payload, event.entry["sender"])
            except (EOFError, TimeoutError, enhanced.aiohttp.ClientError):
                met += 1
        if trouble == "forget":
            for entry in await visitor.entries(limit=50, direction="FromStart", entryTypeFilter="Message"):
                _keep(said, entry["identifier"], entry["entryPayload"], entry["sender"])
    assert sorted(said.values(), key=int) == [str(number) for number in range(20)]
    assert (met > 0) is (trouble in ("drop", "stall", "forget"))


def _keep(said: dict[str, str], id: str, payload, sender) -> None:
    if sender["role"] == "Agent":
        said[id] = payload["abstractMessage"]["staticContent"]["text"]


async def test_typing_may_come_without_an_id_and_is_then_told_once(sim):
    await sim.rules(typing_ids=False)
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await visitor.agent("typing", on=True)
        event = await stream.next()
        assert (event.id, event.name) == (None, "CONVERSATION_TYPING_STARTED_INDICATOR")
        await visitor.agent("say", text="a")
        last = (await stream.next()).id
    async with visitor.listening() as stream:
        assert [event.id for event in await stream.take(8)][-1] == last


async def test_two_streams_of_one_token_are_counted(sim):
    visitor = await (await guest(sim)).active()
    token = (await visitor.call("GET", f"{API}/authorization/continuation-access-token")).json["accessToken"]
    twin = enhanced.Guest(sim, token, visitor.last, visitor.subject)
    async with visitor.listening(), twin.listening():
        assert (await visitor.chat())["streams"] == {"open": 2, "total": 2, "double": 0}
        async with visitor.listening() as third:
            await third.take(7)
            assert (await visitor.chat())["streams"] == {"open": 3, "total": 3, "double": 1}
    while (await visitor.chat())["streams"]["open"]:
        await asyncio.sleep(0.01)
    (row,) = (await sim.do("GET", "/ledger"))["chats"]
    assert (row["double_streams"], len(row["polled"]), row["double_polls"]) == (1, 3, 0)
    assert all(how == "left" and port for _, _, how, port in row["polled"])


async def test_a_reset_ends_every_stream(sim):
    visitor = await (await guest(sim)).active()
    async with visitor.listening() as stream:
        await stream.take(7)
        await sim.do("POST", "/reset")
        assert await stream.rest() == ""
    assert (await visitor.call("GET", "list")).status == 401
    assert (await sim.do("GET", "/enhanced"))["users"] == []
    assert guest_of(sim, await enhanced.ask_token(sim))


@pytest.mark.parametrize("rules", [{"stream_trouble": ["flood"]}, {"stream_trouble": "drop"}, {"ping_seconds": "x"}])
async def test_a_switch_takes_only_what_it_knows(sim, rules):
    await sim.do("PUT", "/rules", rules, expect=400)
    await sim.do("POST", "/enhanced/streams/flood", {}, expect=404)
    await sim.do("POST", "/enhanced/streams/drop", {"chat": "none"}, expect=404)
