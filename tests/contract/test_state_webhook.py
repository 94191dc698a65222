"""The state webhook keeps the contract of state APIs, and the form of Standard Webhooks, by that library itself."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from interconnections.bot_events import EventType
from interconnections.models import Bot
from interconnections.platforms.messages import StateChange
from interconnections.platforms.webhook import is_secret, told
from interconnections.secret import Secret
from interconnections.wire import Reply
from tests.contract import platforms
from tests.contract.platforms import USER, StateApiContract
from tests.unit.wires import Asked, ScriptedWire

SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes that nobody knows").decode()
EVENT = StateChange(
    "from-sf-success",
    EventType.ENDED,
    1772000000123,
    "agent ended",
    "0a1b2c",
    "tienda-bot",
    "whatsapp",
    "500000000000001AAA",
    "Luz",
)


class TestTheContract(StateApiContract):
    name = "webhook"
    more: dict[str, Any] = {"state_token": Secret(SECRET)}
    repeated = (301, 308, 408, 425, 429, 500, 502, 503, 504)
    given_up = (400, 401, 403, 404, 409, 410, 413, 415, 422, 423)

    def test_its_settings_print_no_secret(self) -> None:
        assert SECRET not in repr(self.settings())


async def sent(event: StateChange = EVENT, *answers: Reply) -> list[Asked]:
    contract = TestTheContract()
    wire = ScriptedWire([*answers, Reply(200, b"")])
    for _ in range(len(answers) + 1):
        try:
            await contract.api(wire).tell(contract.settings(), USER, event, "id-of-ours")
        except platforms.PlatformUnwell:
            continue
    return wire.asked


def body_of(asked: Asked) -> str:
    return json.dumps(asked.body, ensure_ascii=False, separators=(",", ":"))


def verified(asked: Asked, headers: Mapping[str, str] | None = None, secret: str = SECRET) -> Any:
    return Webhook(secret).verify(body_of(asked), dict(headers or asked.headers))


async def test_a_receiver_with_the_librarys_verify_takes_it() -> None:
    [asked] = await sent()
    assert verified(asked) == {
        "type": "chat.ended",
        "timestamp": "2026-02-25T06:13:20.123Z",
        "data": {
            "sessionId": "0a1b2c",
            "userId": USER,
            "botSlug": "tienda-bot",
            "provider": "whatsapp",
            "state": "from-sf-success",
            "reason": "agent ended",
            "caseId": "500000000000001AAA",
            "agent": "Luz",
        },
    }
    assert asked.headers["webhook-id"] == "id-of-ours"
    assert asked.headers["webhook-signature"].startswith("v1,")


async def test_the_time_in_the_head_is_the_attempts_and_that_in_the_body_the_events() -> None:
    [asked] = await sent()
    attempt = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
    assert datetime.now(UTC) - attempt < timedelta(minutes=1)
    assert asked.body["timestamp"].startswith("2026-02-25")


async def test_a_repeat_has_the_id_and_the_body_of_the_first() -> None:
    first, second = await sent(EVENT, Reply(503, b""))
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize("what", ["body", "id", "secret"])
async def test_what_was_tampered_with_does_not_verify(what: str) -> None:
    [asked] = await sent()
    headers = dict(asked.headers)
    secret = SECRET
    if what == "body":
        asked.body["data"]["userId"] = "5215599999999"
    elif what == "id":
        headers["webhook-id"] = "another"
    else:
        secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    with pytest.raises(WebhookVerificationError):
        verified(asked, headers, secret)


def test_words_of_every_language_stand_as_they_are() -> None:
    assert "Lucía 😊" in told(USER, StateChange("", EventType.ACCEPTED, 0, agent="Lucía 😊"))


@pytest.mark.parametrize(
    ("token", "good"),
    {
        SECRET: True,
        SECRET.rstrip("="): True,
        "whsec_" + base64.b64encode(bytes(24)).decode(): True,
        "whsec_" + base64.b64encode(bytes(64)).decode(): True,
        "whsec_" + base64.b64encode(bytes(23)).decode(): False,
        "whsec_" + base64.b64encode(bytes(65)).decode(): False,
        base64.b64encode(bytes(32)).decode(): False,
        "whsec_": False,
        "whsec_this is no base64 at all, is it?": False,
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSé": False,
        "": False,
    }.items(),
    ids=range(11),
)
def test_what_is_a_secret(token: str, good: bool) -> None:
    assert is_secret(Secret(token)) is good
    bot = Bot(slug="b", state_api="webhook", state_url="https://bot.example.org/x", state_token=Secret(token))
    assert ("state_token" in bot.mistakes()) is not good


def test_the_console_says_how_a_secret_looks() -> None:
    bot = Bot(slug="b", state_api="webhook", state_url="https://bot.example.org/x", state_token=Secret("tee!"))
    assert "base64" in str(bot.mistakes()["state_token"])


async def test_a_secret_that_is_none_is_an_error_of_the_doctors() -> None:
    contract = TestTheContract()
    wire = ScriptedWire([Reply(405, b"")])
    found = await contract.api(wire).check(contract.settings(state_token=Secret("whsec_?")))
    assert [(each.level, "base64" in each.what) for each in found] == [("error", True), ("ok", False)]


@pytest.mark.parametrize(
    ("status", "level"), [(204, "ok"), (405, "ok"), (501, "ok"), (500, "warning"), (503, "warning")]
)
async def test_a_receiver_that_takes_posts_alone_is_well(status: int, level: str) -> None:
    contract = TestTheContract()
    found = await contract.api(ScriptedWire([Reply(status, b"")])).check(contract.settings())
    assert [each.level for each in found] == [level]


async def test_with_a_secret_that_is_none_nothing_is_sent_and_nothing_given_up() -> None:
    contract = TestTheContract()
    wire = ScriptedWire([])
    with pytest.raises(platforms.PlatformUnwell):
        await contract.api(wire).tell(contract.settings(state_token=Secret("whsec_?")), USER, EVENT, "id")
    assert wire.asked == []
