"""The body of ChasitorInit (§4.2): what must be in it, and where it routes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..protocol_options import Json, Rules
from ..refusal import Refused
from ..shape import check, objects, optional, require, salesforce_id


@dataclass(frozen=True)
class Init:
    """A visitor's request for a chat."""

    organization_id: str
    deployment_id: str
    button_id: str
    agent_id: str
    do_fallback: bool
    overrides: list[str]
    language: str
    visitor_name: str
    prechat_details: list[Json]
    prechat_entities: list[Json]
    queue_updates: bool
    is_post: bool


def read(body: Json, session_id: str) -> Init:
    """Check every field; anything missing or of the wrong kind is refused with 400."""
    for name in ("userAgent", "language", "screenResolution", "visitorName"):
        require(body, name, str)
    optional(body, "trackingId", str)
    if require(body, "sessionId", str) != session_id:
        raise Refused(400, "sessionId is not the id of this session")
    agent_id = optional(body, "agentId", str) or ""
    overrides = optional(body, "buttonOverrides", list) or []
    button_id = require(body, "buttonId", str)
    if button_id or not (overrides or agent_id):
        salesforce_id(button_id, "573", "buttonId")
    if agent_id:
        salesforce_id(agent_id, "005", "agentId")
    for index, target in enumerate(overrides):
        _check_target(check(target, str, f"buttonOverrides[{index}]"), f"buttonOverrides[{index}]")
    details = objects(require(body, "prechatDetails", list), "prechatDetails")
    entities = objects(require(body, "prechatEntities", list), "prechatEntities")
    for index, detail in enumerate(details):
        _check_detail(detail, f"prechatDetails[{index}].")
    for index, entity in enumerate(entities):
        _check_entity(entity, f"prechatEntities[{index}].")
    return Init(
        organization_id=salesforce_id(require(body, "organizationId", str), "00D", "organizationId"),
        deployment_id=salesforce_id(require(body, "deploymentId", str), "572", "deploymentId"),
        button_id=button_id,
        agent_id=agent_id,
        do_fallback=bool(optional(body, "doFallback", bool)),
        overrides=overrides,
        language=body["language"],
        visitor_name=body["visitorName"],
        prechat_details=details,
        prechat_entities=entities,
        queue_updates=require(body, "receiveQueueUpdates", bool),
        is_post=body.get("isPost") is True,
    )


def _check_target(target: str, path: str) -> None:
    """`buttonId`, `agentId` (no fallback) or `agentId_buttonId` (fallback)."""
    agent, _, button = target.partition("_")
    if button:
        salesforce_id(agent, "005", path)
        salesforce_id(button, "573", path)
    else:
        salesforce_id(target, "005" if target.startswith("005") else "573", path)


def _check_detail(detail: Json, where: str) -> None:
    require(detail, "label", str, where=where)
    require(detail, "value", str, where=where)  # always a string, whatever it means
    for index, name in enumerate(require(detail, "transcriptFields", list, where=where)):
        check(name, str, f"{where}transcriptFields[{index}]")
    for name in ("displayToAgent", "doKnowledgeSearch"):
        optional(detail, name, bool, where=where)
    maps = objects(optional(detail, "entityMaps", list, where=where) or [], f"{where}entityMaps")
    for index, one in enumerate(maps):
        inside = f"{where}entityMaps[{index}]."
        for name in ("entityName", "fieldName"):
            require(one, name, str, where=inside)
        for name in ("isFastFillable", "isAutoQueryable", "isExactMatchable"):
            require(one, name, bool, where=inside)


def _check_entity(entity: Json, where: str) -> None:
    require(entity, "entityName", str, where=where)
    optional(entity, "showOnCreate", bool, where=where)
    for name in ("linkToEntityName", "linkToEntityField", "saveToTranscript"):
        optional(entity, name, str, where=where)
    maps = objects(require(entity, "entityFieldsMaps", list, where=where), f"{where}entityFieldsMaps")
    for index, one in enumerate(maps):
        inside = f"{where}entityFieldsMaps[{index}]."
        for name in ("fieldName", "label"):
            require(one, name, str, where=inside)
        for name in ("doFind", "isExactMatch", "doCreate"):
            require(one, name, bool, where=inside)


def route(init: Init, rules: Rules) -> str | None:
    """The button or agent that gets the chat; None when all are closed.  The list is walked once (§4.2)."""
    if init.overrides:
        targets = [part for target in init.overrides for part in target.split("_")]
    elif init.agent_id:
        targets = [init.agent_id, *([init.button_id] if init.do_fallback and init.button_id else [])]
    else:
        targets = [init.button_id]
    return next((target for target in targets if is_open(target, rules)), None)


def is_open(target: str, rules: Rules) -> bool:
    """Is somebody there behind this button or agent id?"""
    return "*" not in rules.closed_buttons and target not in rules.closed_buttons


def attached_records(init: Init, found: list[Json], rules: Rules) -> list[Json] | str | None:
    """What ChatEnded says was attached (§8): guide says a string, one client decodes a list."""
    records: list[Json] = [
        {"fieldName": name, "fieldValue": detail["value"]}
        for detail in init.prechat_details
        for name in detail["transcriptFields"]
    ]
    told = {record["fieldName"] for record in records}
    records += [
        {"fieldName": one["transcript"], "fieldValue": one["id"]}
        for one in found
        if one["transcript"] and one["id"] and one["transcript"] not in told
    ]
    if rules.attached_records == "missing" or not records:
        return None
    if rules.attached_records == "string":
        return ",".join(f"{record['fieldName']}:{record['fieldValue']}" for record in records)
    return records


def described(init: Init) -> dict[str, Any]:
    """The request as the control API shows it."""
    return {
        "visitor_name": init.visitor_name,
        "button_id": init.button_id,
        "language": init.language,
        "prechat_details": init.prechat_details,
        "prechat_entities": init.prechat_entities,
        "organization_id": init.organization_id,
        "deployment_id": init.deployment_id,
        "agent_id": init.agent_id,
        "button_overrides": init.overrides,
    }
