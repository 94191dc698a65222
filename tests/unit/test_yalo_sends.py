"""What we send to the users' shore, and what its answers are to us (sections 3.1 to 3.3)."""

import pytest

from interconnections import errors
from interconnections.bridge.message_ids import message_id
from interconnections.errors import PlatformRefused, PlatformUnwell
from interconnections.items import Item, Kind, Origin
from interconnections.platforms.botrunner import Botrunner
from interconnections.platforms.messages import StateChange
from interconnections.platforms.outcome import raise_unless_taken
from interconnections.platforms.platform import Recipient
from interconnections.platforms.studio_ng import StudioNG
from interconnections.platforms.yalo.client import Channel
from interconnections.platforms.yalo.platform import Yalo
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.bots import row
from tests.unit.payloads import cases, content
from tests.unit.wires import ScriptedWire


async def say(wire, case, provider):
    channel = case["channel"]
    settings = Yalo.settings(
        row(
            provider=provider,
            api_url=channel["url"],
            channel=channel["segment"],
            bot_id=channel["bot_id"],
            api_token=Secret(channel["token"]),
        )
    )
    item = Item(Kind.TEXT, Origin.AGENT, case["text"])
    await Yalo(wire).send(settings, Recipient(case["user"]), item, case.get("id", "of-ours"))


async def tell(wire, case, api):
    stored = row(slug=case.get("bot_slug", ""), state_url=case["url"], state_token=Secret(case["token"]))
    await api(wire).tell(api.settings(stored), case["user"], StateChange(case["state"]), "of-ours")


SENDERS = {
    "say_on_whatsapp": (say, "whatsapp"),
    "say_on_messenger": (say, "messenger"),
    "send_to": (tell, Botrunner),
    "trigger": (tell, StudioNG),
}


async def send(case, wire):
    sender, how = SENDERS[case["call"]]
    await sender(wire, case["arguments"], how)


@pytest.mark.parametrize("case", cases("yalo/sends"))
async def test_a_send_goes_out_and_its_answer_is_understood(case):
    wire = ScriptedWire([Reply(case["reply"]["status"], content(case["reply"]))])
    if case["outcome"] == "taken":
        await send(case, wire)
    else:
        with pytest.raises(getattr(errors, case["outcome"])):
            await send(case, wire)
    [asked] = wire.asked
    assert {
        "method": asked.method,
        "url": asked.url,
        "headers": asked.headers,
        "body": asked.body,
    } == case["request"]


@pytest.mark.parametrize("case", cases("yalo/sends"))
async def test_a_lost_answer_is_repeated_and_names_no_address(case):
    with pytest.raises(PlatformUnwell) as caught:
        await send(case, ScriptedWire([Unreachable("ServerDisconnectedError")]))
    assert str(caught.value) == "no answer: ServerDisconnectedError"
    assert caught.value.wait is None


def test_every_way_of_sending_has_a_file():
    assert {case.values[0]["call"] for case in cases("yalo/sends")} == set(SENDERS)


# One table for every send of this shore.
DELIVERED = (200, 201, 202, 204)
REPEATED = (301, 302, 307, 308, 401, 403, 408, 409, 423, 425, 429, 500, 501, 502, 503, 504, 520, 599)
GIVEN_UP = (400, 402, 404, 405, 406, 410, 411, 413, 414, 415, 418, 422, 431, 451)


@pytest.mark.parametrize("status", DELIVERED)
def test_delivered(status):
    raise_unless_taken(Reply(status, b""))


@pytest.mark.parametrize("status", REPEATED)
def test_repeated_not_before_they_ask(status):
    with pytest.raises(PlatformUnwell, match=f"^answered {status}$") as caught:
        raise_unless_taken(Reply(status, b"secret words", retry_after=7.0))
    assert caught.value.wait == 7.0


@pytest.mark.parametrize("status", GIVEN_UP)
def test_given_up(status):
    with pytest.raises(PlatformRefused, match=f"^answered {status}$"):
        raise_unless_taken(Reply(status, b"secret words", retry_after=7.0))


def test_every_status_is_one_of_the_three():
    for status in range(200, 600):
        try:
            raise_unless_taken(Reply(status, b""))
        except (PlatformUnwell, PlatformRefused):
            continue
        assert status in DELIVERED


async def test_a_state_is_taken_by_200_alone():
    for status in (201, 202, 204):
        for case in cases("yalo/sends"):
            if case.values[0]["call"] in ("send_to", "trigger"):
                with pytest.raises(PlatformRefused):
                    await send(case.values[0], ScriptedWire([Reply(status, b"{}")]))


async def test_the_repeat_of_a_message_is_the_same_request():
    say = next(case.values[0] for case in cases("yalo/sends") if case.values[0]["call"] == "say_on_whatsapp")
    wire = ScriptedWire([Reply(500, b""), Reply(200, b"{}")])
    with pytest.raises(PlatformUnwell):
        await send(say, wire)
    await send(say, wire)
    first, second = wire.asked
    assert first == second


@pytest.mark.parametrize(
    ("session", "number"), [("7a0b", "1"), ("", ""), ("7a0b7d5e-0a55-4c0e-9c3a-1f2e3d4c5b6a", "12")]
)
def test_a_messages_id_has_36_lower_case_characters_and_digits(session, number):
    id = message_id(session, number)
    assert len(id) == 36
    assert id.isascii()
    assert id.isalnum()
    assert id == id.lower()


def test_a_messages_id_is_the_same_in_every_process():
    assert message_id("7a0b7d5e-0a55-4c0e-9c3a-1f2e3d4c5b6a", "12") == "qezyt85n3nmmrbel07m1c3ijebg24nf40nr2"


def test_what_a_channel_carries_does_not_print():
    assert "wa-jwt" not in repr(Channel("https://x", "s", "1", Secret("wa-jwt")))
