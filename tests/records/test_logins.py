"""One token for all: asked for once, renewed once, and a refusal is not knocked on."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from interconnections.bridge.logins import SharedLogin, fingerprint
from interconnections.errors import LoginRefused, RecordsUnwell
from interconnections.secret import Secret
from interconnections.store import tokens
from interconnections.store.connection import AsyncRedis
from interconnections.store.connection import connect as to_redis
from interconnections.store.keys import key
from interconnections.wire import Reply
from tests.records.orgs import HOST, credentials, reply
from tests.unit.wires import ScriptedWire


def given(*names: str) -> list[Reply | Exception]:
    return [reply(200, json.dumps({"access_token": name, "instance_url": HOST}).encode()) for name in names]


class Slow(ScriptedWire):
    async def send(self, *request: object, **more: object) -> Reply:
        await asyncio.sleep(0.05)
        return await super().send(*request, **more)  # type: ignore[arg-type]


def login(redis: AsyncRedis, wire: ScriptedWire, **changes: str) -> SharedLogin:
    return SharedLogin(redis, wire, "Acme", credentials(**changes))


async def test_many_processes_that_need_a_token_log_in_once(store: AsyncRedis) -> None:
    wire, clients = Slow(given("one")), [to_redis() for _ in range(3)]
    logins = [login(client, wire) for client in clients for _ in range(5)]
    found = await asyncio.gather(*(one.token() for one in logins))
    assert {token.value.reveal() for token in found} == {"one"}
    assert len(wire.asked) == 1
    for client in clients:
        await client.aclose()


async def test_many_whose_token_is_refused_renew_it_once(store: AsyncRedis) -> None:
    wire = Slow(given("one", "two"))
    old = await login(store, wire).token()
    found = await asyncio.gather(*(login(store, wire).token(refused=old) for _ in range(10)))
    assert {token.value.reveal() for token in found} == {"two"}
    assert (await login(store, wire).token()).value.reveal() == "two"


async def test_a_refusal_is_told_to_all_and_asked_once(store: AsyncRedis) -> None:
    wire = ScriptedWire(
        [reply(400, b'{"error": "invalid_client", "error_description": "invalid client credentials"}')]
    )
    for _ in range(5):
        with pytest.raises(LoginRefused, match="the consumer secret is wrong"):
            await login(store, wire).token()
    assert len(wire.asked) == 1
    assert 0 < await store.ttl(key("token", "Acme")) <= tokens.REFUSED


async def test_mended_credentials_are_tried_at_once(store: AsyncRedis) -> None:
    wire = ScriptedWire([reply(400, b'{"error": "invalid_client"}'), *given("one")])
    with pytest.raises(LoginRefused):
        await login(store, wire).token()
    assert (await login(store, wire, client_secret="mended").token()).value.reveal() == "one"


async def test_salesforce_away_is_no_refusal(store: AsyncRedis) -> None:
    wire = ScriptedWire([reply(503), *given("one")])
    with pytest.raises(RecordsUnwell):
        await login(store, wire).token()
    assert (await login(store, wire).token()).value.reveal() == "one"


async def test_a_new_token_that_is_not_taken_stops_the_knocking(store: AsyncRedis) -> None:
    wire = ScriptedWire(given("one", "two"))
    shared = login(store, wire)
    second = await shared.token(refused=await shared.token())
    with pytest.raises(LoginRefused, match="does not take the token that it just gave"):
        await shared.spoilt(second)
    with pytest.raises(LoginRefused, match="API Enabled"):
        await login(store, wire).token()


async def test_a_token_renewed_by_another_meanwhile_is_not_spoilt(store: AsyncRedis) -> None:
    wire = ScriptedWire(given("one", "two"))
    first = await login(store, wire).token()
    await login(store, wire).token(refused=first)
    await login(store, wire).spoilt(first)
    assert (await login(store, wire).token()).value.reveal() == "two"


async def test_many_that_find_nobody_at_the_address_ask_the_login_once(store: AsyncRedis) -> None:
    wire = Slow(given("one", "two"))
    old = await login(store, wire).token()
    found = await asyncio.gather(*(login(store, wire).elsewhere(old) for _ in range(10)))
    assert [token and token.value.reveal() for token in found] == ["two"] * 10
    assert len(wire.asked) == 2


async def test_the_login_is_asked_for_an_address_once_a_minute(store: AsyncRedis) -> None:
    wire = ScriptedWire(given("one", "two"))
    first = await login(store, wire).token()
    second = await login(store, wire).elsewhere(first)
    assert second and await login(store, wire).elsewhere(second) is None
    assert await login(store, wire).elsewhere(first) == second  # known without asking
    assert len(wire.asked) == 2
    assert 0 < await store.ttl(key("doubt", "Acme")) <= tokens.DOUBTED


async def test_a_login_that_does_not_answer_knows_no_address(store: AsyncRedis) -> None:
    wire = ScriptedWire([*given("one"), reply(503)])
    first = await login(store, wire).token()
    assert await login(store, wire).elsewhere(first) is None


def test_a_fingerprint_tells_credentials_apart_and_tells_nothing_else() -> None:
    own = credentials()
    assert fingerprint(own) == fingerprint(credentials())
    assert len({fingerprint(replace(own, **{name: value})) for name, value in (
        ("client_id", "x"), ("client_secret", Secret("x")), ("login_url", "https://x"), ("flow", "password"),
    )} | {fingerprint(own)}) == 5  # fmt: skip
    assert own.client_secret.reveal() not in fingerprint(own)
