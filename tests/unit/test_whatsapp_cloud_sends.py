"""What is asked of the Cloud API, and what its answers are to us (whatsapp-cloud-api.md sections 6 to 11)."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from interconnections import clock
from interconnections.errors import (
    FileRefused,
    FileUnwell,
    PairLimited,
    PlatformError,
    PlatformRefused,
    PlatformStopped,
    PlatformUnwell,
    WindowClosed,
)
from interconnections.items import File, Item, Kind, Origin
from interconnections.lengths import utf_16_units
from interconnections.platforms.platform import Recipient, Standing, Upload
from interconnections.platforms.whatsapp_cloud.failures import FAILURES
from interconnections.platforms.whatsapp_cloud.outcomes import OUTCOMES
from interconnections.platforms.whatsapp_cloud.platform import CloudSettings, WhatsAppCloud
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.bots import row
from tests.unit.wires import Asked, ScriptedWire

NUMBER, WA_ID, BSUID = "700100200300", "5215587650001", "MX.9f8e7d6c5b4a"
PHONE, SCOPED = Recipient(WA_ID, last="wamid.IN1"), Recipient(BSUID, last="wamid.IN1")
GRAPH = "https://graph.facebook.com"
MESSAGES = f"{GRAPH}/v25.0/{NUMBER}/messages"


def settings(**differently: Any) -> CloudSettings:
    fields = {"bot_id": NUMBER, "api_url": "", "api_token": Secret("of-the-system-user")}
    return WhatsAppCloud.settings(row(**(fields | differently)))


def taken(wamid: str = "wamid.OUT4") -> Reply:
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+525587650001", "wa_id": WA_ID}],
        "messages": [{"id": wamid}],
    }
    return Reply(200, json.dumps(answer).encode())


def refused(code: int, status: int = 400, subcode: int | None = None, **more: object) -> Reply:
    error = {"message": f"(#{code}) {WA_ID}", "type": "OAuthException", "code": code, "error_subcode": subcode}
    return Reply(status, json.dumps({"error": error | more}).encode())


def text(words: str = "Hola, soy Leo 👋") -> Item:
    return Item(Kind.TEXT, Origin.AGENT, words, name="Leo")


async def sent(*script: Reply | Exception, to: Recipient = PHONE, item: Item | None = None, quotes: str = "") -> Any:
    """(the id that it got, what was asked)."""
    wire = ScriptedWire(list(script))
    id = await WhatsAppCloud(wire).send(settings(), to, item or text(), "msg-3f2b", quotes)
    return id, wire.asked


async def trouble(*script: Reply | Exception, to: Recipient = PHONE) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sent(*script, to=to)
    return caught.value


# A message


async def test_a_text_goes_as_the_sheet_says() -> None:
    id, [asked] = await sent(taken(), quotes="wamid.HBgN0001==")
    assert id == "wamid.OUT4"
    assert (asked.method, asked.url) == ("POST", MESSAGES)
    assert asked.headers["Authorization"] == "Bearer of-the-system-user"
    assert asked.body == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": f"+{WA_ID}",
        "type": "text",
        "text": {"body": "Hola, soy Leo 👋", "preview_url": False},
        "context": {"message_id": "wamid.HBgN0001=="},
        "biz_opaque_callback_data": "msg-3f2b",
    }


async def test_what_answers_nothing_quotes_nothing() -> None:
    _, [asked] = await sent(taken())
    assert "context" not in asked.body


@pytest.mark.parametrize("code", [100, 131009])
async def test_words_whose_quote_is_refused_go_without_it(code: int) -> None:
    id, asked = await sent(refused(code), taken(), quotes="wamid.gone")
    assert id == "wamid.OUT4"
    assert [each.body.pop("context", None) for each in asked] == [{"message_id": "wamid.gone"}, None]
    assert asked[0].body == asked[1].body


async def test_a_file_whose_quote_is_refused_goes_without_it() -> None:
    item = Item(Kind.FILE, Origin.AGENT, file=File("https://files.example.org/a.png", "image", "image/png"))
    id, asked = await sent(refused(131009), refused(131053), refused(131009), taken(), item=item, quotes="wamid.gone")
    assert id == "wamid.OUT4"
    assert [("context" in each.body, each.body["type"]) for each in asked] == [
        (True, "image"), (False, "image"), (True, "document"), (False, "document")
    ]  # fmt: skip


async def test_what_is_refused_with_its_quote_and_without_is_refused() -> None:
    with pytest.raises(PlatformRefused):
        await sent(refused(131009), refused(131009), quotes="wamid.IN1")
    with pytest.raises(PlatformRefused):
        await sent(refused(131009))  # nothing is sent again that quotes nothing
    with pytest.raises(PlatformRefused):
        await sent(refused(131026), quotes="wamid.IN1")  # nor what is refused for another reason


@pytest.mark.parametrize(
    "answer", [b"{}", b'{"messages":[]}', b'{"messages":"x"}', b'{"messages":[{"id":null}]}', b'{"messages":[3]}']
)
async def test_an_answer_without_an_id_is_taken_all_the_same(answer: bytes) -> None:
    assert (await sent(Reply(200, answer)))[0] == ""


@pytest.mark.parametrize(
    ("user", "field", "named"),
    [
        (WA_ID, "to", f"+{WA_ID}"),
        (f"+{WA_ID}", "to", f"+{WA_ID}"),
        ("+52 1 (55) 8765-0001", "to", f"+{WA_ID}"),
        (BSUID, "recipient", BSUID),
        ("MX.ENT.77", "recipient", "MX.ENT.77"),
        ("somebody", "to", "somebody"),
    ],
)
async def test_a_user_is_named_as_whatsapp_wants_it(user: str, field: str, named: str) -> None:
    _, [asked] = await sent(taken(), to=Recipient(user))
    assert {name: asked.body[name] for name in ("to", "recipient") if name in asked.body} == {field: named}


async def test_a_number_that_worked_is_not_replaced_by_another_spelling() -> None:
    """Section 10: the old mobile 1 of Mexico is for matching only."""
    _, [asked] = await sent(taken(), to=Recipient(WA_ID, also=("525587650001", BSUID)))
    assert asked.body["to"] == f"+{WA_ID}"


# A BSUID, where an API does not know `recipient` (section 9)


def names(asked: list[Asked]) -> list[tuple[str, str]]:
    return [next((name, each.body[name]) for name in ("to", "recipient") if name in each.body) for each in asked]


@pytest.mark.parametrize(("user", "noted"), [("525587650001", [WA_ID]), (BSUID, [WA_ID]), (WA_ID, [])])
async def test_another_name_in_the_answer_is_noted(user: str, noted: list[str]) -> None:
    to = Recipient(user)
    await sent(taken(), to=to)
    assert to.named == noted


async def test_a_bsuid_that_is_refused_as_recipient_goes_as_to_and_that_is_remembered() -> None:
    wire = ScriptedWire([refused(100), taken(), taken()])
    platform = WhatsAppCloud(wire)
    for _ in range(2):
        assert await platform.send(settings(), SCOPED, text(), "msg-1") == "wamid.OUT4"
    assert names(wire.asked) == [("recipient", BSUID), ("to", BSUID), ("to", BSUID)]


async def test_what_worked_is_remembered_for_its_number_alone() -> None:
    wire = ScriptedWire([refused(100), taken(), taken(), taken()])
    platform = WhatsAppCloud(wire)
    await platform.send(settings(), SCOPED, text(), "msg-1")
    await platform.send(settings(), SCOPED, text(), "msg-2")
    await platform.send(settings(bot_id="700100200399"), SCOPED, text(), "msg-3")
    assert [field for field, _ in names(wire.asked)] == ["recipient", "to", "to", "recipient"]


@pytest.mark.parametrize(("before", "after"), [("recipient", "to"), ("to", "recipient")])
async def test_what_worked_yesterday_may_be_refused_today(before: str, after: str) -> None:
    wire = ScriptedWire([*([refused(100)] if before == "to" else []), taken(), refused(131008), taken(), taken()])
    platform = WhatsAppCloud(wire)
    for n in range(3):
        assert await platform.send(settings(), SCOPED, text(), f"msg-{n}") == "wamid.OUT4"
    assert [field for field, _ in names(wire.asked)][-4:] == [before, before, after, after]


async def test_the_number_is_the_last_resort() -> None:
    both = Recipient(BSUID, also=("MX.OLD", WA_ID))
    _, asked = await sent(refused(100), refused(100), taken(), to=both)
    assert names(asked) == [("recipient", BSUID), ("to", BSUID), ("to", f"+{WA_ID}")]
    _, asked = await sent(refused(131062), refused(131062), taken(), to=both)
    assert names(asked)[-1] == ("to", f"+{WA_ID}")


async def test_without_another_name_the_first_refusal_counts() -> None:
    found = await trouble(refused(131062), refused(100), to=SCOPED)
    assert isinstance(found, PlatformRefused)
    assert found.code == "131062"


async def test_nothing_is_tried_again_under_another_name_where_it_may_have_been_taken() -> None:
    found = await trouble(Unreachable("ServerTimeoutError", silent=True), to=Recipient(BSUID, also=(WA_ID,)))
    assert isinstance(found, PlatformUnwell)
    assert found.silent


# The window (section 8)


@pytest.mark.parametrize(("minutes", "goes"), [(5, True), (None, True), (-5, False)])
async def test_outside_the_window_nothing_is_asked(minutes: int | None, goes: bool) -> None:
    until = None if minutes is None else int(clock.now()) + minutes * 60_000
    to = Recipient(WA_ID, window_until=until)
    if goes:
        assert (await sent(taken(), to=to))[0]
        return
    with pytest.raises(WindowClosed) as caught:
        await sent(to=to)
    assert caught.value.code in FAILURES


async def test_the_template_goes_outside_the_window_too() -> None:
    wire = ScriptedWire([taken("wamid.T9")])
    bot = settings(reopen_template="seguimos_aqui", reopen_language="es_MX")
    assert WhatsAppCloud.reopens(bot)
    assert await WhatsAppCloud(wire).reopen(bot, Recipient(WA_ID, window_until=1), "msg-7") == "wamid.T9"
    [asked] = wire.asked
    assert asked.body["type"] == "template"
    assert asked.body["template"] == {"name": "seguimos_aqui", "language": {"code": "es_MX"}}
    assert asked.body["biz_opaque_callback_data"] == "msg-7"


def test_without_a_template_nothing_reopens() -> None:
    assert not WhatsAppCloud.reopens(settings())
    assert not WhatsAppCloud.reopens(settings(reopen_template="x"))


# Every row of section 11

SHEET = {
    PlatformStopped: "0 190 3 10 200 250 299 33 100/33 368 131031 131005 131037 131042 131045 131048 133004 133006 "
    "133010 133016",
    PlatformUnwell: "1 2 4 80007 130429 131000 131016 131057 131064",
    PlatformRefused: "100 130472 130497 131008 131009 131021 131026 131030 131049 131050 131051 131052 131053 131062 "
    "131063 132000 132001 132005 132007 132008 132012 132015 132016 132018 132068 132069 135000 137000 139100",
    WindowClosed: "131047",
    PairLimited: "131056",
}
ROWS = [(code, kind) for kind, codes in SHEET.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "kind"), ROWS, ids=[code for code, _ in ROWS])
async def test_each_error_has_its_outcome_and_its_words(code: str, kind: type[PlatformError]) -> None:
    number, _, subcode = code.partition("/")
    answer = refused(int(number), 400, int(subcode) if subcode else None, error_data="a sentence")
    found = await trouble(answer, answer)
    assert type(found) is kind
    assert getattr(found, "code", None) == code
    assert not getattr(found, "silent", False)
    assert WA_ID not in str(found)
    assert str(FAILURES[code])


def test_each_row_of_the_table_has_words_and_no_word_is_without_a_row() -> None:
    codes = {f"{code}/{subcode}" if subcode else str(code) for code, subcode in OUTCOMES}
    assert codes == set(FAILURES)


WAITS = [(4, 120.0), (80007, 120.0), (131057, 20.0), (131064, 300.0), (131048, 600.0), (190, 60.0), (131056, None)]


@pytest.mark.parametrize(("code", "wait"), WAITS)
async def test_a_pause_is_as_long_as_the_sheet_says(code: int, wait: float | None) -> None:
    found = await trouble(refused(code))
    assert isinstance(found, PlatformUnwell)
    assert found.wait == wait


async def test_a_generic_error_is_permanent_after_one_retry() -> None:
    assert (await sent(refused(135000), taken()))[0] == "wamid.OUT4"


# Files of agents (section 6)


def a_file(mime: str, name: str = "guía.pdf", caption: str = "") -> Item:
    file = File("https://bridge.example.org/files/1", "file", mime, name, caption)
    return Item(Kind.FILE, Origin.AGENT, "[archivo]", file=file)


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("image/jpeg", "image"), ("image/png", "image"), ("image/gif", "document"), ("image/webp", "document"),
        ("video/mp4", "video"), ("video/3gpp", "video"), ("video/quicktime", "document"),
        ("audio/aac", "audio"), ("audio/amr", "audio"), ("audio/mpeg", "audio"), ("audio/mp4", "audio"),
        ("audio/ogg; codecs=opus", "audio"), ("audio/wav", "document"),
        ("application/pdf", "document"), ("text/plain", "document"), ("", "document"), ("IMAGE/JPEG", "image"),
    ],
)  # fmt: skip
async def test_a_file_goes_as_what_whatsapp_takes_it_for(mime: str, kind: str) -> None:
    _, [asked] = await sent(taken(), item=a_file(mime), quotes="wamid.Q")
    expected = {"link": "https://bridge.example.org/files/1"}
    assert asked.body["type"] == kind
    assert asked.body[kind] == expected | ({"filename": "guía.pdf"} if kind == "document" else {})
    assert asked.body["context"] == {"message_id": "wamid.Q"}
    assert asked.body["biz_opaque_callback_data"] == "msg-3f2b"


async def test_words_go_with_their_file_where_it_may_have_some() -> None:
    _, [asked] = await sent(taken(), item=a_file("image/png", caption="Su guía"))
    assert asked.body["image"]["caption"] == "Su guía"
    _, [asked] = await sent(taken(), item=a_file("audio/mpeg", caption="Su guía"))
    assert asked.body["type"] == "document"
    assert asked.body["document"]["caption"] == "Su guía"
    _, [asked] = await sent(taken(), item=a_file("image/png", caption="😊" * 600))
    assert utf_16_units(asked.body["image"]["caption"]) == 1024


async def test_an_image_that_is_not_taken_goes_as_a_document() -> None:
    _, asked = await sent(refused(131053), taken(), item=a_file("image/png"))
    assert [each.body["type"] for each in asked] == ["image", "document"]
    wire = ScriptedWire([refused(131053)])
    with pytest.raises(PlatformRefused):
        await WhatsAppCloud(wire).send(settings(), PHONE, a_file("application/pdf"), "m")


async def test_an_upload_is_a_form_with_the_file_and_is_sent_by_its_id() -> None:
    wire, what = ScriptedWire([Reply(200, b'{"id": "40001"}'), taken()]), a_file("", caption="Su guía")
    assert what.file
    upload = Upload("guía.png", "image/png", BytesIO(b"bytes"), 5)
    uploaded = await WhatsAppCloud(wire).upload(settings(), what.file, upload)
    await WhatsAppCloud(wire).send(settings(), PHONE, replace(what, file=uploaded), "m")
    form, asked = wire.asked
    assert form.url == f"{GRAPH}/v25.0/{NUMBER}/media"
    assert form.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    for part in ('name="messaging_product"', "whatsapp", 'name="type"', 'filename="guía.png"', "image/png", "bytes"):
        assert part in form.body
    assert asked.body["image"] == {"id": "40001", "caption": "Su guía"}


async def test_an_upload_without_an_id_is_none() -> None:
    what = a_file("image/png")
    assert what.file
    with pytest.raises(PlatformRefused):
        wire = ScriptedWire([Reply(200, b"{}")])
        await WhatsAppCloud(wire).upload(settings(), what.file, Upload("a", "image/png", BytesIO(b"b"), 1))


# Marks (section 7)


async def test_typing_marks_as_read_and_is_shown() -> None:
    wire = ScriptedWire([Reply(200, b'{"success":true}')] * 2)
    platform = WhatsAppCloud(wire)
    await platform.typing(settings(), PHONE, True)
    await platform.typing(settings(), PHONE, False)
    await platform.typing(settings(), Recipient(WA_ID), True)  # nothing of theirs is known that could be read
    await platform.seen(settings(), PHONE)
    await platform.seen(settings(), Recipient(WA_ID))
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"}
    assert [(each.url, each.body) for each in wire.asked] == [
        (MESSAGES, read | {"typing_indicator": {"type": "text"}}),
        (MESSAGES, read),
    ]


# Files of users (section 6)


async def fetched(answer: Reply | Exception, **differently: Any) -> Any:
    return await WhatsAppCloud(ScriptedWire([answer])).file(settings(**differently), "30002")


def lies_at(url: object) -> Reply:
    return Reply(200, json.dumps({"messaging_product": "whatsapp", "url": url, "file_size": "48211"}).encode())


async def test_a_file_is_asked_for_by_its_id() -> None:
    wire = ScriptedWire([lies_at("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=30002&hash=XyZ")])
    found = await WhatsAppCloud(wire).file(settings(), "30002")
    [asked] = wire.asked
    assert (asked.method, asked.url) == ("GET", f"{GRAPH}/v25.0/30002?phone_number_id={NUMBER}")
    assert found.url == "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=30002&hash=XyZ"
    assert found.headers == {"Authorization": Secret("Bearer of-the-system-user")}
    assert found.hosts == {"lookaside.fbsbx.com"}
    assert "of-the-system-user" not in repr(found)


@pytest.mark.parametrize(
    ("api_url", "url", "hosts"),
    [
        ("", "https://graph.facebook.com/x", {"graph.facebook.com"}),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123/media/1", {"127.0.0.1:8123"}),
        ("https://graph.example.org", "https://lookaside.fbsbx.com/x", {"lookaside.fbsbx.com"}),
    ],
)
async def test_the_token_is_for_meta_and_for_the_bots_own_api(api_url: str, url: str, hosts: set[str]) -> None:
    assert (await fetched(lies_at(url), api_url=api_url)).hosts == hosts


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/x", "https://lookaside.fbsbx.com.example.org/x", "https://x@lookaside.fbsbx.com/",
        "https://lookaside.fbsbx.com:8443/x", "http://127.0.0.1:9999/x", "file:///etc/passwd", "", None, 5, "//x",
        "https://[::1", "https://lookaside.fbsbx.com:port/",
    ],
)  # fmt: skip
async def test_the_token_is_shown_to_nobody_else(url: object) -> None:
    with pytest.raises(FileRefused):
        await fetched(lies_at(url))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(100, 400, 33), FileRefused), (refused(33), FileRefused), (refused(100), FileRefused),
        (refused(190, 401), FileUnwell), (refused(1, 500), FileUnwell), (refused(80007), FileUnwell),
        (Reply(502, b"<html>"), FileUnwell), (Unreachable("DNS"), FileUnwell), (Reply(404, b""), FileRefused),
    ],
)  # fmt: skip
async def test_a_file_that_does_not_come_is_given_up_or_asked_for_later(answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await fetched(answer)


# Set-up (section 2.3)


async def test_the_numbers_own_webhook_is_set_and_taken_back() -> None:
    wire = ScriptedWire([Reply(200, b'{"success":true}')] * 2)
    platform, bot = WhatsAppCloud(wire), settings(verify_token=Secret("agreed-on"))
    await platform.register(bot, "https://bridge.example.org/v1/bots/tienda/webhook")
    await platform.remove(bot, "https://bridge.example.org/v1/bots/tienda/webhook")
    assert [(each.method, each.url) for each in wire.asked] == [("POST", f"{GRAPH}/v25.0/{NUMBER}")] * 2
    uri = "https://bridge.example.org/v1/bots/tienda/webhook"
    assert [each.body["webhook_configuration"] for each in wire.asked] == [
        {"override_callback_uri": uri, "verify_token": "agreed-on"},
        {"override_callback_uri": ""},
    ]


@pytest.mark.parametrize("answer", [refused(100), refused(10, 403), refused(2200)])
async def test_a_webhook_that_is_not_taken_is_refused_with_what_to_click(answer: Reply) -> None:
    with pytest.raises(PlatformRefused, match="WhatsApp > Configuration"):
        await WhatsAppCloud(ScriptedWire([answer])).register(settings(verify_token=Secret("x")), "https://x")


async def test_without_a_verify_token_nothing_is_registered() -> None:
    with pytest.raises(PlatformRefused, match="verify token"):
        await WhatsAppCloud(ScriptedWire([])).register(settings(), "https://x")


# The check

ABOUT = {"display_phone_number": "+52 55 0000 1111", "verified_name": "Tienda", "quality_rating": "GREEN"}


async def levels(*script: Reply | Exception, **differently: Any) -> list[tuple[str, str]]:
    wire = ScriptedWire([*script, *[answered({})] * 3])  # of what follows Meta tells nothing
    found = await WhatsAppCloud(wire).check(settings(**differently))
    assert all(each.mend for each in found if each.level != "ok")
    assert {each.method for each in wire.asked} == {"GET"}
    return [(each.level, each.what) for each in found]


def answered(body: object) -> Reply:
    return Reply(200, json.dumps(body).encode())


async def test_a_number_that_is_well_is_told_by_its_name_and_its_webhook() -> None:
    webhook = answered({"webhook_configuration": {"application": "https://bridge.example.org/v1/bots/t/webhook"}})
    assert await levels(answered(ABOUT), webhook, slug="t") == [
        ("ok", "Meta serves +52 55 0000 1111 (Tienda), quality GREEN"),
        ("ok", "Meta sends this number's webhooks to bridge.example.org"),
    ]
    assert (
        "warning",
        "Meta sends this number's webhooks to bridge.example.org, and not to …/v1/bots/tienda-bot/webhook",
    ) in (await levels(answered(ABOUT), webhook))
    assert await levels(answered(ABOUT | {"quality_rating": "RED"}), refused(100)) == [
        ("warning", "Meta rates the quality of +52 55 0000 1111 (Tienda) RED")
    ]
    found = await levels(answered(ABOUT), answered({"webhook_configuration": {"x": 1}}))
    assert found[1][0] == "warning"


async def test_a_webhook_secret_that_is_not_the_app_secret_is_told_before_the_first_webhook() -> None:
    signed = {"webhook_auth": "signature", "webhook_secret": Secret("of-the-app")}
    right = await levels(answered(ABOUT), answered({"id": NUMBER}), answered({}), **signed)
    assert ("ok", "the webhook secret is the App secret") in right
    wrong = await levels(answered(ABOUT), refused(100), answered({}), **signed)
    assert [what for level, what in wrong if level == "warning"] == [
        "the webhook secret is not the App secret of the token's app: what that app sends is answered 403"
    ]
    assert len(await levels(answered(ABOUT), refused(4), answered({}), **signed)) == 1  # not told is not wrong


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (refused(190, 401), "error"), (refused(10, 403), "error"), (refused(200, 403), "error"),
        (refused(100, 400, 33), "error"), (refused(100), "error"), (refused(368), "error"),
        (refused(4), "warning"), (refused(131000, 500), "warning"), (Unreachable("DNS"), "error"),
        (Reply(502, b"<html>"), "error"), (Reply(401, b""), "error"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_with_its_mend(answer: Any, level: str) -> None:
    [(found, what)] = await levels(answer)
    assert found == level
    assert what


SIGNED = {"webhook_auth": "signature", "webhook_secret": Secret("of-the-app")}
OURS = SIGNED | {"verify_token": Secret("agreed"), "app_id": "555000111"}
HOOK = "https://bridge.example.org/v1/bots/tienda-bot/webhook"


def hook_with(*fields: str) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "fields": [{"name": name} for name in fields]}


TOKEN_IS = {
    "app_id": "555000111", "application": "Tienda", "is_valid": True, "expires_at": 0,
    "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
}  # fmt: skip
QUIET = (answered(ABOUT), answered({}))  # about the number and its webhook


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, []),
        ({"status": "CONNECTED", "messaging_limit_tier": "TIER_10K"},
         [("ok", "Meta lets the business write first to 10000 users a day")]),
        ({"messaging_limit_tier": "TIER_UNLIMITED"},
         [("ok", "Meta lets the business write first to any number of users")]),
        ({"status": "BANNED", "messaging_limit_tier": "TIER_NOT_SET"},
         [("warning", "the number's status at Meta is BANNED")]),
    ],
)  # fmt: skip
async def test_how_a_number_stands_at_meta(told: dict[str, str], wanted: list[tuple[str, str]]) -> None:
    assert (await levels(*QUIET, answered(told)))[1:] == wanted


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({}, "ok", "of the app Tienda, and has the permissions"),
        ({"scopes": None}, "ok", "of the app Tienda; Meta does not tell its permissions"),
        ({"is_valid": False}, "error", "valid no longer"),
        ({"scopes": ["whatsapp_business_management"]}, "error", "whatsapp_business_messaging"),
        ({"scopes": ["whatsapp_business_messaging"]}, "warning", "whatsapp_business_management"),
        ({"expires_at": 1_700_000_000}, "warning", "ends on 2023-11-14"),
    ],
    ids=str,
)
async def test_what_meta_says_of_the_token(more: dict[str, Any], level: str, words: str) -> None:
    [(found, what)] = (await levels(*QUIET, answered({}), answered({"data": TOKEN_IS | more})))[1:]
    assert (found, words in what) == (level, True)


async def test_the_app_is_asked_where_it_is_known_and_nobody_else() -> None:
    wire = ScriptedWire([*QUIET, answered({}), answered({"data": TOKEN_IS})])
    await WhatsAppCloud(wire).check(settings(app_id="555000111", webhook_secret=Secret("of-the-app")))
    assert wire.asked[-1].headers["Authorization"] == "Bearer of-the-system-user"  # unsigned: its secret is not asked
    signed = {"webhook_auth": "signature", "webhook_secret": Secret("of-the-app"), "app_id": "555000111"}
    wire = ScriptedWire([*QUIET, answered({"id": NUMBER}), answered({}), answered({"data": TOKEN_IS}), answered({})])
    await WhatsAppCloud(wire).check(settings(**signed))
    assert [each.headers["Authorization"] for each in wire.asked[-2:]] == ["Bearer 555000111|of-the-app"] * 2


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        ({"data": [hook_with("messages")]}, False),
        ({"data": [hook_with("account_update")]}, True),
        ({"data": [{"object": "whatsapp_business_account"}]}, False),  # not told is not wrong
        ({"data": [{"object": "page", "fields": []}]}, True),
        ({"data": []}, True),
        ({}, False),
    ],
    ids=str,
)
async def test_an_app_that_does_not_hear_messages_is_told(answer: Any, lacks: bool) -> None:
    script = [answered(ABOUT), answered({"id": NUMBER}), answered({}), answered({}), answered({"data": TOKEN_IS})]
    found = await levels(*script, answered(answer), **SIGNED)
    assert any("lacks the field messages" in what for _, what in found) is lacks


ACCOUNTS = {"granular_scopes": [{"scope": "whatsapp_business_management", "target_ids": ["990011", 990012]}]}
ITS_NUMBERS, OTHERS = answered({"data": [{"id": NUMBER}]}), answered({"data": [{"id": "1"}]})


def apps(*ids: str) -> Reply:
    return answered({"data": [{"whatsapp_business_api_data": {"id": id}} for id in ids]})


@pytest.mark.parametrize(
    ("script", "account"),
    [
        ([ITS_NUMBERS, OTHERS, apps("555000111", "2")], ""),
        ([ITS_NUMBERS, OTHERS, apps("2")], "990011"),
        ([OTHERS, ITS_NUMBERS, apps()], "990012"),
        ([OTHERS, OTHERS], ""),
        ([refused(10, 403), refused(10, 403)], ""),
        ([ITS_NUMBERS, OTHERS, refused(10, 403)], ""),
    ],
)
async def test_an_app_that_is_not_subscribed_to_the_numbers_account_is_told(
    script: list[Reply], account: str
) -> None:
    found = await levels(*QUIET, answered({}), answered({"data": TOKEN_IS | ACCOUNTS}), *script)
    told = [what for level, what in found if level == "error"]
    assert [re.findall("[0-9]{6}", what) for what in told] == ([[account]] if account else [])


async def test_who_registers_subscribes_the_app_as_far_as_it_may_first() -> None:
    """To the account that the number is of; to its fields only where the app has no webhook of its own choice."""
    told, done = answered({"data": TOKEN_IS | ACCOUNTS}), Reply(200, b'{"success":true}')
    for answer, made in ((answered({"data": []}), True), (answered({"data": [hook_with("messages")]}), False)):
        wire = ScriptedWire([told, OTHERS, ITS_NUMBERS, done, answer, done, done])
        await WhatsAppCloud(wire).register(
            settings(**SIGNED, verify_token=Secret("agreed"), app_id="555000111"), HOOK
        )
        asked = [(each.method, each.url.removeprefix(f"{GRAPH}/v25.0/")) for each in wire.asked]
        assert ("POST", "990012/subscribed_apps") in asked
        assert (("POST", "555000111/subscriptions") in asked) is made
        assert asked[-1] == ("POST", NUMBER)


async def test_what_the_app_may_not_do_keeps_no_number_from_being_registered() -> None:
    wire = ScriptedWire([refused(190, 401), refused(15), Reply(200, b'{"success":true}')])
    await WhatsAppCloud(wire).register(settings(**OURS), HOOK)
    assert wire.asked[-1].url == f"{GRAPH}/v25.0/{NUMBER}"


async def test_an_address_that_does_not_answer_meta_is_told_so() -> None:
    with pytest.raises(PlatformRefused, match="asked bridge.example.org whether it is ours.*web process"):
        await WhatsAppCloud(ScriptedWire([refused(2200)])).register(settings(verify_token=Secret("x")), HOOK)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ([answered({"quality_rating": "RED", "messaging_limit_tier": "TIER_250"})], Standing("RED", 250)),
        (
            [answered({"quality_rating": "NA", "messaging_limit_tier": "TIER_UNLIMITED"})],
            Standing("NA", -1),
        ),
        ([refused(100), answered({"quality_rating": "GREEN"})], Standing("GREEN")),
        ([answered({"quality_rating": "a b\n"})], Standing()),
        ([answered({})], Standing()),
    ],
    ids=str,
)
async def test_how_a_number_is_rated(script: list[Reply], told: Standing) -> None:
    assert await WhatsAppCloud(ScriptedWire(script)).standing(settings()) == told


# The configuration


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"webhook_auth": "bearer"}, {"webhook_auth"}),
        ({"webhook_auth": "none"}, set()),
        ({"graph_version": "25"}, {"graph_version"}),
        ({"graph_version": "v25.0/../x"}, {"graph_version"}),
        ({"bot_id": "+52 55"}, {"bot_id"}),
        ({"reopen_template": "x"}, {"reopen_language"}),
        ({"api_url": "graph"}, {"api_url"}),
        ({"api_url": "https://graph.example.org"}, set()),
    ],
    ids=str,
)
def test_what_would_not_work_is_named(fields: dict[str, Any], wrong: set[str]) -> None:
    right = {"bot_id": NUMBER, "api_url": "", "webhook_auth": "signature"}
    assert set(WhatsAppCloud.mistakes(row(**(right | fields)))) == wrong


def test_every_code_is_in_the_guide() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/whatsapp-cloud.md").read_text()
    told = set(re.findall(r"\b[0-9]+(?:/[0-9]+)?\b", guide))
    ranges = {str(code) for code in (*range(201, 299), *range(139100, 139200))}
    assert set(FAILURES) - ranges <= told
