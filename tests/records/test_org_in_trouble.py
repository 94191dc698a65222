"""An org that is limited, has moved, or refuses: what passes, and what is said of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from interconnections.bridge.connect import connect
from interconnections.bridge.logins import fingerprint
from interconnections.errors import StartFailed
from interconnections.lifecycle import Reason, Status
from interconnections.secret import Secret
from interconnections.store import tokens
from tests.records.conftest import Acme, failed, opened

BUSY = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."


@pytest.mark.parametrize("on", ["composite", "create"])
async def test_too_many_calls_at_once_pass_and_the_days_calls_do_not(acme: Acme, on: str) -> None:
    limit = {"on": on, "kind": "status", "status": 403, "code": "REQUEST_LIMIT_EXCEEDED", "times": 1}
    await acme.sim.do("POST", "/faults", limit | {"message": BUSY})
    await opened(acme)
    assert [len(await acme.has(kind)) for kind in ("Contact", "Case")] == [1, 1]
    await acme.sim.do("POST", "/faults", limit | {"message": "TotalRequests Limit exceeded."})
    assert "API calls of these 24 hours are used up" in await failed(acme)


@pytest.fixture
async def old_place() -> AsyncIterator[str]:
    """Where an org lived before it moved: everything is answered with a redirect."""

    async def moved(request: web.BaseRequest) -> web.StreamResponse:
        raise web.HTTPMovedPermanently("https://new.my.salesforce.com/")

    runner = web.ServerRunner(web.Server(moved))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def kept(acme: Acme, instance: str) -> None:
    """A token of a day ago, with the address of a day ago."""
    own = acme.keeping.credentials
    await tokens.keep(acme.redis, "Acme", fingerprint(own), Secret("of yesterday"), instance)


async def test_an_org_that_has_moved_is_found_where_it_lives_now(acme: Acme, old_place: str) -> None:
    await kept(acme, old_place)
    await asyncio.gather(*(opened(acme) for _ in range(6)))
    assert len(await acme.has("Case")) == 6
    assert (await acme.calls())["logins"] == 1


async def test_an_address_where_nobody_lives_any_more_is_left(acme: Acme) -> None:
    await kept(acme, "http://127.0.0.1:1")
    await opened(acme)
    assert (await acme.calls())["logins"] == 1


async def test_an_org_that_is_nowhere_is_said_so(acme: Acme) -> None:
    await acme.sim.do("POST", "/faults", {"on": "composite", "kind": "status", "status": 301})
    for _ in range(3):
        assert "answered 301: this is not where the data API is" in await failed(acme)
    assert (await acme.calls())["logins"] == 2  # and not one for each chat


TROUBLES = [
    # fault, what the caller reads
    ({"on": "token", "kind": "status", "status": 400, "code": "invalid_client"}, "the consumer secret is wrong"),
    ({"on": "composite", "kind": "status", "status": 403, "code": "REQUEST_LIMIT_EXCEEDED"}, "are used up"),
    ({"on": "composite", "kind": "status", "status": 503}, "contact could not be found or made: answered 503"),
    ({"on": "composite", "kind": "garbage"}, "something else than JSON"),
    ({"on": "composite", "kind": "status", "status": 401, "code": "INVALID_SESSION_ID"}, "API Enabled"),
    ({"on": "create", "key": "Contact", "kind": "status", "status": 400, "code": "REQUIRED_FIELD_MISSING"},
     "the org requires a field that is not filled (REQUIRED_FIELD_MISSING"),
    ({"on": "create", "key": "Case", "kind": "status", "status": 500}, "the case could not be made: answered 500"),
    ({"on": "create", "key": "Case", "kind": "status", "status": 400, "code": "STRING_TOO_LONG"}, "too long"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), TROUBLES)
async def test_what_cannot_be_is_said_in_a_sentence(acme: Acme, fault: Any, told: str) -> None:
    wish = acme.wish()
    await acme.sim.do("POST", "/faults", fault)
    with pytest.raises(
        StartFailed, match="^could not create chat in salesforce : the (contact|case) could not"
    ) as why:
        await connect(acme.bridge(), acme.bot, wish)
    assert told in str(why.value)
    row = await acme.last(wish.user_id)
    assert (row["status"], row["reason"]) == (Status.FAILED, Reason.START_FAILED)
    assert told in row["endWord"]
    assert wish.email not in row["endWord"]
    assert await acme.asked_for() == []


async def test_a_rules_own_words_reach_the_caller(acme: Acme) -> None:
    rule = {"object": "Case", "field": "OrderId__c", "pattern": "A-\\d+", "message": "Order numbers begin with A-."}
    await acme.sim.do("PUT", "/org", {"validations": [rule]})
    assert "“Order numbers begin with A-.”" in await failed(acme, extra={"order_id": "77"})


async def test_a_locked_row_is_tried_again(acme: Acme) -> None:
    fault = {"on": "create", "key": "Case", "kind": "status", "status": 400, "code": "UNABLE_TO_LOCK_ROW", "times": 2}
    await acme.sim.do("POST", "/faults", fault)
    await opened(acme)
    assert len(await acme.has("Case")) == 1


async def test_an_expired_session_is_renewed_once_for_all(acme: Acme) -> None:
    await opened(acme)
    await acme.sim.do("POST", "/org/expire", {})
    await asyncio.gather(*(opened(acme) for _ in range(6)))
    assert (await acme.calls())["logins"] == 2
