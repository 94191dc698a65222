"""ChasitorInit: its fields, its routing, its outcomes (§4.2)."""

from __future__ import annotations

import pytest

from .conftest import BUTTON, Visitor

AGENT = "005000000000009"
DETAIL = {"label": "CaseId", "value": "500000000000001AAA", "transcriptFields": ["CaseId"]}
FIELDS_MAP = {"fieldName": "Id", "label": "CaseId", "doFind": True, "isExactMatch": True, "doCreate": False}
ENTITY = {"entityName": "Case", "saveToTranscript": "CaseId", "entityFieldsMaps": [FIELDS_MAP]}
REQUIRED = [
    "organizationId",
    "deploymentId",
    "buttonId",
    "sessionId",
    "userAgent",
    "language",
    "screenResolution",
    "visitorName",
    "prechatDetails",
    "prechatEntities",
    "receiveQueueUpdates",
]


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


async def test_a_right_request_is_taken_and_the_visitor_is_queued(sim):
    visitor = await sim.session()
    answer = await visitor.init(prechatDetails=[DETAIL], prechatEntities=[ENTITY])
    assert (answer.status, answer.text) == (200, "OK")
    chat = await visitor.chat()
    assert (chat["status"], chat["visitor_name"], chat["button_id"]) == ("waiting", "Ana P.", BUTTON)
    assert (chat["prechat_details"], chat["prechat_entities"]) == ([DETAIL], [ENTITY])
    assert (await visitor.poll()).types == ["ChatRequestSuccess"]


@pytest.mark.parametrize("name", REQUIRED)
async def test_every_required_field_is_required(sim, name):
    visitor = await sim.session()
    answer = await visitor.init(**{name: ...})
    assert answer.status == 400
    assert name in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"organizationId": "00D000000000001AAA"},  # 18 characters
        {"deploymentId": "573000000000001"},
        {"buttonId": "573000000000001AAA"},
        {"buttonId": ""},
        {"sessionId": "somebody else's"},
        {"visitorName": 7},
        {"receiveQueueUpdates": "true"},
        {"prechatDetails": {}},
        {"prechatDetails": [without(DETAIL, "label")]},
        {"prechatDetails": [DETAIL | {"value": 5}]},
        {"prechatDetails": [without(DETAIL, "transcriptFields")]},
        {"prechatDetails": [DETAIL | {"transcriptFields": [1]}]},
        {"prechatDetails": ["CaseId"]},
        {"prechatDetails": [DETAIL | {"doKnowledgeSearch": "no"}]},
        {"prechatDetails": [DETAIL | {"entityMaps": [{"entityName": "Case", "fieldName": "Id"}]}]},
        {"prechatEntities": [without(ENTITY, "entityName")]},
        {"prechatEntities": [without(ENTITY, "entityFieldsMaps")]},
        {"prechatEntities": [ENTITY | {"entityFieldsMaps": [without(FIELDS_MAP, "doCreate")]}]},
        {"prechatEntities": [ENTITY | {"entityFieldsMaps": [FIELDS_MAP | {"doFind": "yes"}]}]},
        {"buttonOverrides": [f"{AGENT}_"]},
        {"buttonOverrides": ["nowhere"]},
        {"agentId": "agent 7", "buttonId": ""},
    ],
)
async def test_wrong_fields_are_refused(sim, changes):
    visitor = await sim.session()
    assert (await visitor.init(**changes)).status == 400
    assert (await visitor.chat())["status"] == "created"


async def test_a_refused_request_takes_no_number(sim):
    visitor = await sim.session()
    assert (await visitor.init(number=1, language=...)).status == 400
    assert (await visitor.init(number=1)).status == 200


@pytest.mark.parametrize("is_post", [False, ..., None])
async def test_without_is_post_the_request_fails_with_no_post(sim, is_post):
    visitor = await sim.session()
    assert (await visitor.init(isPost=is_post)).status == 200
    answer = await visitor.poll()
    assert (answer.types, answer.first["reason"]) == (["ChatRequestFail"], "NoPost")
    assert (await visitor.poll()).status == 403


async def test_a_closed_button_is_unavailable_and_the_chat_is_over(sim):
    await sim.rules(closed_buttons=[BUTTON])
    visitor = await sim.session()
    assert (await visitor.init()).status == 200
    answer = await visitor.poll()
    assert (answer.types, answer.first) == (["ChatRequestFail"], {"reason": "Unavailable", "postChatUrl": ""})
    assert (await visitor.chat())["end_reason"] == "Unavailable"


async def test_there_is_only_one_first_post(sim):
    visitor = await sim.waiting()
    assert (await visitor.init()).status == 500


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"buttonOverrides": ["573000000000002", BUTTON]}, "573000000000002"),
        ({"buttonOverrides": [AGENT, BUTTON]}, BUTTON),
        ({"buttonOverrides": [f"{AGENT}_{BUTTON}"]}, BUTTON),
        ({"buttonOverrides": [BUTTON], "buttonId": ""}, BUTTON),
        ({"agentId": AGENT}, None),
        ({"agentId": AGENT, "doFallback": True}, BUTTON),
        ({"agentId": "005000000000008", "buttonId": ""}, "005000000000008"),
    ],
)
async def test_the_first_open_target_gets_the_chat(sim, changes, target):
    await sim.rules(closed_buttons=[AGENT])
    visitor = await sim.session()
    await visitor.init(**changes)
    assert (await visitor.chat())["routed_to"] == target


async def test_success_tells_the_connection_timeout_the_position_and_the_details(sim):
    visitor = await sim.session()
    await visitor.init(prechatDetails=[DETAIL])
    success = (await visitor.poll()).first
    assert (success["connectionTimeout"], success["queuePosition"]) == (150000, 1)
    assert (success["estimatedWaitTime"], success["customDetails"]) == (42, [DETAIL])


async def test_wait_times_come_from_version_47_on(sim):
    headers = {"X-LIVEAGENT-API-VERSION": "46", "X-LIVEAGENT-AFFINITY": "null"}
    answer = await sim.ask("GET", "/chat/rest/System/SessionId", headers=headers)
    visitor = Visitor(sim, answer.json["id"], answer.json["key"], answer.json["affinityToken"])
    await visitor.init()
    assert "estimatedWaitTime" not in (await visitor.poll()).first


async def test_a_duplicate_of_the_request_is_said_ok_to_and_done_once(sim):
    visitor = await sim.session()
    assert [(await visitor.init(number=1)).status for _ in range(2)] == [200, 200]
    chat = await visitor.chat()
    assert (chat["duplicates"], chat["last_event"]) == (1, 1)
