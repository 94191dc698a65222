"""Reading a conversation (EC §4.7): the list of entries in windows of time, and the transcript."""

from __future__ import annotations

import json

import pytest

from .enhanced import guest


async def talked(sim, count: int):
    await sim.rules(messages_per_minute=1000)
    visitor = await (await guest(sim)).active()
    for number in range(count):
        await visitor.agent("say", text=str(number))
    return visitor


def texts(entries) -> list[str]:
    return [one["entryPayload"]["abstractMessage"]["staticContent"]["text"] for one in entries]


async def test_a_list_is_the_newest_20_or_what_is_asked_for(sim):
    visitor = await talked(sim, 60)
    newest = await visitor.entries(entryTypeFilter="Message")
    assert texts(newest) == [str(number) for number in range(59, 39, -1)]
    assert texts(await visitor.entries(entryTypeFilter="Message", direction="FromStart", limit=3)) == [
        "hola",
        "0",
        "1",
    ]
    assert len(await visitor.entries(limit=50)) == 50


async def test_a_list_is_paged_by_moving_its_window(sim):
    visitor = await talked(sim, 120)
    found: dict[str, str] = {}
    start = 0
    while True:
        page = await visitor.entries(startTimestamp=start, direction="FromStart", limit=50, entryTypeFilter="Message")
        new = {one["identifier"]: text for one, text in zip(page, texts(page), strict=True)}
        if not new.keys() - found.keys():
            break
        found |= new
        start = page[-1]["transcriptedTimestamp"]
    assert list(found.values()) == ["hola", *(str(number) for number in range(120))]


async def test_a_window_has_two_ends_and_both_belong_to_it(sim):
    visitor = await talked(sim, 3)
    every = await visitor.entries(direction="FromStart", limit=50)
    times = [one["transcriptedTimestamp"] for one in every]
    assert times == sorted(times)
    window = await visitor.entries(direction="FromStart", limit=50, startTimestamp=times[2], endTimestamp=times[-2])
    assert window == [one for one in every if times[2] <= one["transcriptedTimestamp"] <= times[-2]]
    assert await visitor.entries(startTimestamp=times[-1] + 1) == []


async def test_a_filter_names_types(sim):
    visitor = await talked(sim, 1)
    await visitor.agent("end")
    for wanted, count in (
        ("Message", 2),
        ("RoutingResult", 1),
        ("ParticipantChanged", 3),
        ("SessionStatusChanged", 3),
        ("Message,RoutingResult", 3),
        ("NeverSeen", 0),
    ):
        found = await visitor.entries(entryTypeFilter=wanted, limit=50)
        assert {one["entryType"] for one in found} <= set(wanted.split(","))
        assert len(found) == count, wanted


@pytest.mark.parametrize("how", ["object", "string"])
async def test_the_payload_of_a_list_is_an_object_or_a_string(sim, how):
    await sim.rules(entries_payload=how)
    visitor = await talked(sim, 1)
    entry = (await visitor.entries(entryTypeFilter="Message"))[0]
    payload = json.loads(entry["entryPayload"]) if how == "string" else entry["entryPayload"]
    assert payload["abstractMessage"]["staticContent"]["text"] == "0"
    assert {"actorType", "actorName", "isSent", "isDelivered", "isRead"} <= entry.keys()
    assert (entry["actorType"], entry["sender"]["role"]) == ("Agent", "Agent")


async def test_a_list_has_the_same_entries_as_the_stream(sim):
    visitor = await talked(sim, 2)
    async with visitor.listening() as stream:
        told = await stream.take(9)
    listed = {one["identifier"]: one for one in await visitor.entries(limit=50)}
    for event in told:
        if event.name != "CONVERSATION_ROUTING_WORK_RESULT":
            shown = listed.pop(event.entry["identifier"])
            assert shown["entryPayload"] == event.payload
            assert event.entry | {"entryPayload": None} == {name: shown[name] for name in event.entry} | {
                "entryPayload": None
            }
    assert not listed


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "51"},
        {"limit": "0"},
        {"limit": "many"},
        {"startTimestamp": "yesterday"},
        {"endTimestamp": "-1"},
        {"direction": "Sideways"},
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(sim, query):
    visitor = await (await guest(sim)).waiting()
    assert (await visitor.mine("GET", "entries", params=query)).status == 400


async def test_empty_parameters_count_as_missing(sim):
    visitor = await (await guest(sim)).waiting()
    query = {"startTimestamp": "", "endTimestamp": "", "entryTypeFilter": ""}
    assert len((await visitor.mine("GET", "entries", params=query)).json["conversationEntries"]) == 4


async def test_a_transcript_is_text_or_json(sim):
    visitor = await talked(sim, 1)
    lines = (await visitor.mine("GET", "transcript")).text.splitlines()
    assert [line.partition("] ")[2] for line in lines] == ["Guest: hola", "Luz R.: 0"]
    await sim.rules(transcript_as="json")
    answer = await visitor.mine("GET", "transcript", params={"esDeveloperName": "Bridge_Client"})
    assert len(answer.json["transcript"]) == 2
