"""The example exchanges of the Live Agent sheet (§15), replayed."""

from __future__ import annotations

from urllib.parse import quote

from .conftest import DEPLOYMENT, GONE, ORG

INIT = {
    "userAgent": "Bridge/1.0",
    "screenResolution": "1920x1080",
    "prechatDetails": [
        {
            "label": "CaseId",
            "value": "500000000000001AAA",
            "transcriptFields": ["CaseId"],
            "displayToAgent": True,
            "entityMaps": [],
        }
    ],
    "prechatEntities": [
        {
            "entityName": "Case",
            "showOnCreate": True,
            "linkToEntityName": None,
            "linkToEntityField": None,
            "saveToTranscript": "CaseId",
            "entityFieldsMaps": [
                {"fieldName": "Id", "label": "CaseId", "doFind": True, "isExactMatch": True, "doCreate": False}
            ],
        }
    ],
    "buttonOverrides": [],
}
SUCCESS = {
    "connectionTimeout": 150000,
    "queuePosition": 1,
    "estimatedWaitTime": 42,
    "geoLocation": {"countryCode": "MX", "countryName": "Mexico", "latitude": 19.4, "longitude": -99.1},
    "url": "",
    "customDetails": [],
    "sensitiveDataRules": [],
    "transcriptSaveEnabled": False,
}


async def test_15_1_happy_path(sim):
    await sim.rules(custom_details="empty", idle_enabled=True, idle_warning=120, idle_timeout=180, hold_seconds=0.05)
    visitor = await sim.session()
    answer = await visitor.init(number=1, **INIT)
    assert (answer.status, answer.text) == (200, "OK")

    answer = await visitor.get("Messages?ack=-1&pc=0")
    assert (answer.types, answer.json["sequence"]) == (["ChatRequestSuccess"], 1)
    assert answer.first == answer.first | SUCCESS
    assert (await visitor.get("Messages?ack=1&pc=1")).status == 204

    await visitor.agent("accept", name="Luz R.")
    answer = await visitor.get("Messages?ack=1&pc=2")
    assert answer.json["sequence"] == 3
    moved, established = answer.json["messages"]
    assert moved == {"type": "QueueUpdate", "message": {"position": 0, "estimatedWaitTime": 0}}
    user_id = established["message"].pop("userId")
    assert established == {
        "type": "ChatEstablished",
        "message": {
            "name": "Luz R.",
            "items": [],
            "sneakPeekEnabled": False,
            "chasitorIdleTimeout": {"isEnabled": True, "warningTime": 120, "timeout": 180},
        },
    }

    assert (await visitor.say("Hola, mi pedido no llega", number=2)).text == "OK"
    await visitor.agent("typing", on=True)
    await visitor.agent("say", text="Lo reviso")
    await visitor.agent("typing", on=False)
    answer = await visitor.get("Messages?ack=3&pc=3")
    assert (answer.types, answer.json["sequence"]) == (["AgentTyping", "ChatMessage", "AgentNotTyping"], 6)
    assert answer.json["messages"][1]["message"] == {
        "text": "Lo reviso",
        "name": "Luz R.",
        "schedule": {"responseDelayMilliseconds": 0.0},
        "agentId": user_id,
    }
    await visitor.agent("end")
    answer = await visitor.get("Messages?ack=6&pc=4")
    assert answer.json["messages"] == [{"type": "ChatEnded", "message": {"reason": "agent"}}]
    assert answer.json["sequence"] == 7


async def test_15_2_no_agent(sim):
    await sim.rules(closed_buttons=["*"])
    visitor = await sim.session()
    await visitor.init()
    answer = await visitor.get("Messages?ack=-1")
    failed = {"type": "ChatRequestFail", "message": {"reason": "Unavailable", "postChatUrl": ""}}
    assert (answer.json["messages"], answer.json["sequence"]) == ([failed], 1)


async def test_15_3_hand_over_in_the_middle_of_a_send(sim):
    visitor = await sim.active()
    await visitor.say("Hola, mi pedido no llega")
    await visitor.agent("say", text="Lo reviso")
    offset = (await visitor.poll()).json["offset"]
    poll = await visitor.polled()
    await sim.do("POST", "/handover", {"chat": visitor.id})
    assert (await visitor.say("¿Sigue ahí?")).status == 503
    assert (await poll).status == 503

    assert (await visitor.reconnect(offset)).types == ["ReconnectSession"]
    answer = await visitor.get("Messages?ack=-1")
    assert (answer.types, answer.json["sequence"]) == (["ChasitorSessionData"], 1)
    told = answer.first["chatMessages"]
    assert [(one["type"], one["content"], one["sequence"]) for one in told] == [
        ("Chasitor", "Hola, mi pedido no llega", 1),
        ("Agent", "Lo reviso", 2),
    ]
    assert (await visitor.resync()).text == "OK"
    assert (await visitor.say("¿Sigue ahí?", number=1)).text == "OK"


async def test_15_4_sequence_conflict(sim):
    visitor = await sim.active()
    for number in range(2, 7):
        await visitor.say(f"text {number}", number=number)
    assert (await visitor.say("hola", number=9)).text == "Out of sync Ack. Expected 9. Actual 6"
    assert (await visitor.say("hola", number=7)).text == "OK"


async def test_15_5_duplicate_poll_lost_session(sim):
    visitor = await sim.active()
    await visitor.polled()
    assert (await visitor.get("Messages?ack=3")).status == 409
    answer = await visitor.get("Messages?ack=3")
    assert (answer.status, answer.text) == (403, GONE)


async def test_15_6_transfer_return_to_queue_agent_drop(sim):
    visitor = await sim.active()
    await visitor.agent("transfer", name="Raúl S.")
    transferred = (await visitor.poll()).first
    assert (transferred["name"], transferred["sneakPeekEnabled"]) == ("Raúl S.", False)
    await visitor.agent("requeue", position=2, wait=90)
    assert (await visitor.poll()).json["messages"] == [
        {"type": "TransferToButtonInitiated", "message": {}},
        {"type": "QueueUpdate", "message": {"position": 2, "estimatedWaitTime": 90}},
    ]
    await visitor.agent("accept")
    await visitor.poll()
    await visitor.agent("disconnect")
    assert (await visitor.poll()).json["messages"] == [{"type": "AgentDisconnect", "message": {}}]


async def test_15_8_visitor_leaves(sim):
    visitor = await sim.active(**INIT)
    assert (await visitor.post("ChatEnd", {"reason": "client"})).text == "OK"
    records = [{"fieldName": "CaseId", "fieldValue": "500000000000001AAA"}]
    assert (await visitor.poll()).first == {"reason": "client", "attachedRecords": records}


async def test_15_8_wrong_server_then_nobody_there(sim):
    query = f"org_id={ORG}&deployment_id={DEPLOYMENT}&Availability.ids=573000000000001"
    path, headers = f"/chat/rest/Visitor/Availability?{query}", {"X-LIVEAGENT-API-VERSION": "58"}
    url = "https://d.la4-c1.salesforceliveagent.com/chat"
    await sim.rules(switch_server=url, closed_buttons=["*"])
    answer = await sim.ask("GET", path, headers=headers)
    assert answer.json == {"messages": [{"type": "SwitchServer", "message": {"newUrl": url}}]}
    await sim.rules(switch_server=None)
    answer = await sim.ask("GET", path, headers=headers)
    results = {"results": [{"id": "573000000000001"}]}
    assert answer.json == {"messages": [{"type": "Availability", "message": results}]}


async def test_the_official_ending_chat_end_then_delete(sim):
    visitor = await sim.active()
    await visitor.post("ChatEnd", {"type": "ChatEndReason", "reason": "client"})
    path = f"/chat/rest/System/SessionId/{quote(visitor.key, safe='')}"
    assert (await sim.ask("DELETE", path, headers=visitor.headers)).status == 200
    assert (await visitor.chat())["end_reason"] == "client"
