"""The sheet's own examples of calls and answers, as payload files: what goes out, and what the answer is to us."""

from typing import Any

import pytest

from interconnections import errors
from interconnections.errors import FileUnwell, PlatformUnwell
from interconnections.items import File, Item, Kind, Origin
from interconnections.platforms.platform import Recipient
from interconnections.platforms.whatsapp_cloud.platform import WhatsAppCloud
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.bots import row
from tests.unit.payloads import cases, content
from tests.unit.wires import ScriptedWire

FOLDER = "whatsapp_cloud/sends"
SETTINGS = WhatsAppCloud.settings(
    row(
        bot_id="700100200300",
        api_url="",
        api_token=Secret("of-the-system-user"),
        reopen_template="reopen",
        reopen_language="es_MX",
    )
)


async def call(wire: ScriptedWire, wanted: dict[str, Any]) -> str:
    """What it gives, "" for nothing."""
    platform, to = WhatsAppCloud(wire), Recipient(wanted.get("user", ""), last=wanted.get("last", ""))
    match wanted["verb"]:
        case "send":
            file = File(**wanted["file"]) if "file" in wanted else None
            item = Item(Kind.FILE if file else Kind.TEXT, Origin.AGENT, wanted.get("text", ""), file=file)
            return await platform.send(SETTINGS, to, item, wanted["id"], wanted.get("quotes", ""))
        case "reopen":
            return await platform.reopen(SETTINGS, to, wanted["id"])
        case "typing":
            await platform.typing(SETTINGS, to, True)
        case "seen":
            await platform.seen(SETTINGS, to)
        case "file":
            return (await platform.file(SETTINGS, wanted["file_id"])).url
    return ""


@pytest.mark.parametrize("case", cases(FOLDER))
async def test_a_call_goes_out_and_its_answer_is_understood(case: dict[str, Any]) -> None:
    wire = ScriptedWire([Reply(case["reply"]["status"], content(case["reply"]))])
    if case["outcome"] == "taken":
        assert await call(wire, case["call"]) == case.get("gives", "")
    else:
        with pytest.raises(getattr(errors, case["outcome"])):
            await call(wire, case["call"])
    [asked] = wire.asked
    assert {"method": asked.method, "url": asked.url, "body": asked.body} == case["request"]
    assert asked.headers["Authorization"] == "Bearer of-the-system-user"
    assert "of-the-system-user" not in asked.url


@pytest.mark.parametrize("case", cases(FOLDER))
async def test_a_lost_answer_is_repeated(case: dict[str, Any]) -> None:
    with pytest.raises((PlatformUnwell, FileUnwell)):
        await call(ScriptedWire([Unreachable("ServerDisconnectedError")]), case["call"])
