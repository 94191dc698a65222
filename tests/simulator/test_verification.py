"""The configuration of an org with Enhanced Chat is one that the simulated Salesforce takes."""

from __future__ import annotations

import asyncio

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from simulator.clients import World
from simulator.configuration import ROUTING, enhanced_org
from simulator.enhanced_chat.setup import Deployment
from simulator.verification import Verification

from . import enhanced


async def test_a_token_signed_with_the_orgs_key_is_verified(sim):
    verification = Verification()
    await asyncio.to_thread(verification.register, World(sim.url))
    org = enhanced_org(sim.url, **verification.fields())["fields"]
    signed = enhanced.customer_token(
        "whatsapp:521",
        load_pem_private_key(org["verification_key"].encode(), None),
        {"kid": org["verification_key_id"]},
        iss=org["verification_issuer"],
        aud=org["verification_audience"],
    )
    answer = await enhanced.ask_verified(
        sim, signed, esDeveloperName=org["es_developer_name"], orgId=org["organization_id"]
    )
    assert enhanced.guest_of(sim, answer).subject == "v2/iamessage/AUTH/bridgeKeys/uid:whatsapp:521"


async def test_an_anonymous_org_names_a_deployment_that_gives_anonymous_tokens(sim):
    org = enhanced_org(sim.url)["fields"]
    visitor = await enhanced.guest(sim, esDeveloperName=org["es_developer_name"], orgId=org["organization_id"])
    assert (await visitor.create(esDeveloperName=org["es_developer_name"])).status == 201


def test_every_routing_attribute_is_a_parameter_of_the_channel():
    assert all(Deployment("x").knows(parameter) for parameter in ROUTING.values())
