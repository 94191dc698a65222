"""What we ask of the Messenger Platform, and what its answers are to us (sections 1, 5, 6, 7 and 9 of its sheet)."""

import json
import time
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from interconnections import errors
from interconnections.errors import (
    PlatformError,
    PlatformRefused,
    PlatformStopped,
    PlatformUnwell,
    WindowClosed,
)
from interconnections.items import File, Item, Kind, Origin
from interconnections.languages import translated
from interconnections.platforms.graph import Do
from interconnections.platforms.messenger.client import FIELDS
from interconnections.platforms.messenger.outcomes import FAILURES, OUTCOMES
from interconnections.platforms.messenger.platform import Messenger
from interconnections.platforms.platform import Check, Recipient, Upload
from interconnections.secret import Secret
from interconnections.wire import Reply, Unreachable
from tests.unit.bots import row
from tests.unit.payloads import cases, content
from tests.unit.wires import ScriptedWire

FOLDER = "messenger_platform/sends"
USER, PAGE, APP = "7766554433221100", "100200300", "555000111"
HOUR, DAY = 3_600_000, 86_400_000  # ms
LINK = "[archivo] plano.png\nhttps://bridge.example.org/f/abc"
TAKEN = Reply(200, json.dumps({"recipient_id": USER, "message_id": "m_out10"}).encode())


def settings(**differently: Any) -> Any:
    fields: dict[str, Any] = {
        "provider": "messenger", "platform": "messenger", "bot_id": PAGE, "app_id": APP, "api_url": "",
        "graph_version": "v25.0", "api_token": Secret("of-the-page"), "human_agent": False,
        "thread_control": "none", "bot_app_id": "263902037430900",
    }  # fmt: skip
    return Messenger.settings(row(**(fields | differently)))


def now() -> int:
    return int(time.time() * 1000)


def said(hours: float | None = None, **more: Any) -> Recipient:
    """A user whose last word is so many hours old."""
    if hours is None:
        return Recipient(USER, **more)
    at = now() - int(hours * HOUR)
    return Recipient(USER, said_at=at, **({"window_until": at + DAY} | more))


def item(text: str = "Hola", origin: Origin = Origin.AGENT) -> Item:
    return Item(Kind.TEXT, origin, text, name="Leo")


def file(mime: str = "image/png", url: str = "https://bridge.example.org/f/abc", text: str = LINK) -> Item:
    return Item(Kind.FILE, Origin.AGENT, text, name="Leo", file=File(url, "file", mime))


def error(code: int, subcode: int | None = None, status: int = 400) -> Reply:
    body = {"message": f"(#{code}) about {USER}", "type": "OAuthException", "code": code, "error_subcode": subcode}
    return Reply(status, json.dumps({"error": body}).encode())


async def call(wire: ScriptedWire, wanted: dict[str, Any]) -> str:
    platform, bot = Messenger(wire), settings(human_agent=wanted.get("human_agent", False))
    to = said(wanted.get("said_hours_ago"))
    match wanted["verb"]:
        case "send":
            what = file(wanted["mime"], wanted["url"]) if "url" in wanted else item(wanted["text"])
            return await platform.send(bot, to, what, wanted["id"], wanted.get("quotes", ""))
        case "typing":
            await platform.typing(bot, to, wanted["on"])
        case "seen":
            await platform.seen(bot, to)
        case "control":
            await platform.control(bot, to, wanted["word"])
        case verb:
            await getattr(platform, verb)(bot, "https://bridge.example.org/v1/bots/tienda/webhook")
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
    assert asked.headers["Authorization"] == "Bearer of-the-page"
    assert "of-the-page" not in asked.url


@pytest.mark.parametrize("case", cases(FOLDER))
async def test_a_lost_answer_is_repeated_and_may_have_been_taken(case: dict[str, Any]) -> None:
    with pytest.raises(PlatformUnwell) as caught:
        await call(ScriptedWire([Unreachable("ServerDisconnectedError")]), case["call"])
    assert caught.value.silent
    assert USER not in str(caught.value)


# Windows (section 7)

BY_WINDOW = [
    # hours since the user's last word, Human Agent, who writes; the tag, "" for RESPONSE, None for nothing sent
    (0, False, Origin.AGENT, ""),
    (23.9, False, Origin.AGENT, ""),
    (23.99, False, Origin.AGENT, None),  # a few minutes of margin
    (24.1, False, Origin.AGENT, None),
    (24.1, True, Origin.AGENT, "HUMAN_AGENT"),
    (7 * 24 - 1, True, Origin.AGENT, "HUMAN_AGENT"),
    (7 * 24 + 1, True, Origin.AGENT, None),
    (24.1, True, Origin.BRIDGE, None),  # the tag is for what a human wrote
    (None, False, Origin.AGENT, ""),  # nothing is known: Meta will say
    (None, True, Origin.BRIDGE, ""),
]


@pytest.mark.parametrize(("hours", "granted", "origin", "tag"), BY_WINDOW)
async def test_the_window_decides_how_a_message_goes(
    hours: float | None, granted: bool, origin: Origin, tag: str | None
) -> None:
    wire = ScriptedWire([TAKEN])
    sending = Messenger(wire).send(settings(human_agent=granted), said(hours), item(origin=origin), "id")
    if tag is None:
        with pytest.raises(WindowClosed) as caught:
            await sending
        assert caught.value.code in FAILURES
        assert not wire.asked
        return
    await sending
    [asked] = wire.asked
    assert asked.body["messaging_type"] == ("MESSAGE_TAG" if tag else "RESPONSE")
    assert asked.body.get("tag", "") == tag


async def test_an_ad_opens_a_longer_window() -> None:
    wire = ScriptedWire([TAKEN])
    await Messenger(wire).send(settings(), said(48, window_until=now() + 3 * DAY), item(), "id")
    assert wire.asked[0].body["messaging_type"] == "RESPONSE"


@pytest.mark.parametrize("code", [(10, 2018278), (10, 2018065), (10, 2534022)])
async def test_where_metas_clock_says_closed_a_human_may_still_answer(code: tuple[int, int]) -> None:
    wire = ScriptedWire([error(*code), TAKEN])
    assert await Messenger(wire).send(settings(human_agent=True), said(20), item(), "id") == "m_out10"
    first, second = wire.asked
    assert (first.body["messaging_type"], second.body["tag"]) == ("RESPONSE", "HUMAN_AGENT")
    assert first.body["message"] == second.body["message"]


async def test_a_feature_that_is_not_granted_stops_nobody_else() -> None:
    wire = ScriptedWire([error(10, 2018278), error(10, status=403)])
    with pytest.raises(WindowClosed):
        await Messenger(wire).send(settings(human_agent=True), said(20), item(), "id")
    with pytest.raises(PlatformStopped):  # without a tag it is the page's permission
        await Messenger(ScriptedWire([error(10, status=403)])).send(settings(human_agent=True), said(1), item(), "id")


@pytest.mark.parametrize(("granted", "hours"), [(False, 1), (True, 48)])
async def test_a_closed_window_is_asked_once(granted: bool, hours: float) -> None:
    wire = ScriptedWire([error(10, 2018278)])
    with pytest.raises(WindowClosed):
        await Messenger(wire).send(settings(human_agent=granted), said(hours), item(), "id")


@pytest.mark.parametrize(("said_at", "kind"), [(30, WindowClosed), (1, PlatformRefused), (None, PlatformRefused)])
async def test_somebody_who_is_not_there_may_be_a_closed_window(said_at: float | None, kind: type) -> None:
    """1545041: Meta's pages disagree; our clock tells the reason."""
    to = said(said_at, window_until=None) if said_at else Recipient(USER)
    if said_at == 30:
        to = Recipient(USER, said_at=now() - 30 * HOUR, window_until=now() + DAY)
    with pytest.raises(PlatformRefused) as caught:
        await Messenger(ScriptedWire([error(551, 1545041)])).send(settings(), to, item(), "id")
    assert type(caught.value) is kind
    assert caught.value.code == "551/1545041"


async def test_who_types_has_read_and_each_is_a_request_of_its_own() -> None:
    wire = ScriptedWire([Reply(200, b"{}")] * 2)
    await Messenger(wire).typing(settings(), said(1), True)
    assert [asked.body for asked in wire.asked] == [
        {"recipient": {"id": USER}, "sender_action": action} for action in ("mark_seen", "typing_on")
    ]


@pytest.mark.parametrize("verb", ["typing", "seen"])
async def test_nothing_is_shown_to_whom_we_may_not_write(verb: str) -> None:
    wire = ScriptedWire([])
    arguments = (True,) if verb == "typing" else ()
    await getattr(Messenger(wire), verb)(settings(), said(30), *arguments)
    assert not wire.asked


# Files


def kinds(wire: ScriptedWire) -> list[str]:
    return [asked.body["message"]["attachment"]["type"] for asked in wire.asked]


async def sent_as(*script: Reply, what: Item) -> list[str]:
    wire = ScriptedWire([*script, TAKEN])
    assert await Messenger(wire).send(settings(), said(1), what, "id") == "m_out10"
    assert {asked.body["message"]["metadata"] for asked in wire.asked} == {"id"}
    return kinds(wire)


FALLING_BACK = [
    ([error(100, 2018047)], ["image", "file"]),
    ([error(100, 2018109)], ["image", "file"]),
    ([error(100, 2018008)] * 2, ["image", "image", "file"]),  # it is tried twice
    ([error(100, 2018294), error(100, 2018294)], ["image", "image", "file"]),
]


@pytest.mark.parametrize(("script", "wanted"), FALLING_BACK)
async def test_what_is_not_taken_as_what_it_is_goes_as_a_file(script: list[Reply], wanted: list[str]) -> None:
    assert await sent_as(*script, what=file()) == wanted


async def test_a_file_to_be_fetched_again_may_come_the_second_time() -> None:
    assert await sent_as(error(100, 2018008), what=file("video/mp4")) == ["video", "video"]


@pytest.mark.parametrize("subcode", [2018047, 2018109])
async def test_what_is_taken_in_no_way_by_its_address_is_refused_with_a_code_that_says_so(subcode: int) -> None:
    wire = ScriptedWire([error(100, subcode)] * 2)
    with pytest.raises(PlatformRefused) as caught:
        await Messenger(wire).send(settings(), said(1), file(), "id")
    assert kinds(wire) == ["image", "file"]
    assert caught.value.code in Messenger.unfetched


def here(mime: str = "image/png") -> Upload:
    return Upload("plano.png", mime, BytesIO(b"bytes"), 5)


KEPT = Reply(200, b'{"attachment_id": "77"}')


async def test_an_upload_is_a_form_with_the_file_and_is_sent_by_its_id() -> None:
    wire, what = ScriptedWire([KEPT, TAKEN]), file()
    assert what.file
    uploaded = await Messenger(wire).upload(settings(), what.file, here())
    await Messenger(wire).send(settings(), said(1), replace(what, file=uploaded), "id")
    form, sent = wire.asked
    assert form.url.endswith(f"/{PAGE}/message_attachments")
    assert form.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    for part in ('{"attachment": {"type": "image", "payload": {"is_reusable": true}}}', 'name="filedata"', "bytes"):
        assert part in form.body
    assert sent.body["message"]["attachment"] == {"type": "image", "payload": {"attachment_id": "77"}}


async def test_what_is_not_uploaded_as_what_it_is_is_uploaded_and_sent_as_a_file() -> None:
    wire, what = ScriptedWire([error(100, 2018047), KEPT, TAKEN]), file()
    assert what.file
    uploaded = await Messenger(wire).upload(settings(), what.file, here())
    await Messenger(wire).send(settings(), said(1), replace(what, file=uploaded), "id")
    assert wire.asked[-1].body["message"]["attachment"] == {"type": "file", "payload": {"attachment_id": "77"}}


async def test_an_upload_without_an_id_is_none() -> None:
    what = file()
    assert what.file
    with pytest.raises(PlatformRefused):
        await Messenger(ScriptedWire([Reply(200, b"{}")])).upload(settings(), what.file, here())


@pytest.mark.parametrize(
    "code", [(551, None), (100, 2018001), (10, 2018278), (190, None), (4, None), (100, None), (100, 2018074)]
)
async def test_what_another_form_would_not_mend_is_not_tried_in_another(code: tuple[int, int | None]) -> None:
    wire = ScriptedWire([error(*code), TAKEN])
    with pytest.raises(PlatformError):
        await Messenger(wire).send(settings(), said(1), file(), "id")
    assert len(wire.asked) == 1


async def test_words_count_more_than_what_they_answer() -> None:
    wire = ScriptedWire([error(100), TAKEN])
    assert await Messenger(wire).send(settings(), said(1), item(), "id", "m_gone") == "m_out10"
    assert [asked.body.get("reply_to") for asked in wire.asked] == [{"mid": "m_gone"}, None]


async def test_our_id_is_the_same_at_every_repeat() -> None:
    wire = ScriptedWire([error(2, status=500), TAKEN])
    with pytest.raises(PlatformUnwell):
        await Messenger(wire).send(settings(), said(1), item(), "of-ours")
    await Messenger(wire).send(settings(), said(1), item(), "of-ours")
    first, second = wire.asked
    assert first == second
    assert first.body["message"]["metadata"] == "of-ours"


# Every row of section 9: (code, subcode) -> what is raised, is it silent, which code an agent's sentence has

REPEATED, WRONG, CLOSED, STOPPED = PlatformUnwell, PlatformRefused, WindowClosed, PlatformStopped
ROWS = [
    (-1, None, REPEATED), (1, None, REPEATED), (1, 99, REPEATED), (2, None, REPEATED), (1200, None, REPEATED),
    (1, 1357046, REPEATED), (2, 2018344, STOPPED), (3, None, STOPPED),
    (4, None, REPEATED), (4, 2018022, REPEATED), (4, 2018354, REPEATED), (9, 2018352, REPEATED),
    (17, None, REPEATED), (32, None, REPEATED), (613, None, REPEATED), (613, 1893016, REPEATED),
    (10, None, STOPPED), (10, 2018278, CLOSED), (10, 2534022, CLOSED), (10, 2018065, CLOSED),
    (10, 2018108, WRONG), (551, None, WRONG), (551, 1545041, WRONG), (200, 1545041, WRONG),
    (10, 2018300, WRONG), (10, 2018028, STOPPED), (200, 2018028, STOPPED),
    (10, 1893063, STOPPED), (10, 2534122, STOPPED), (10, 2534029, STOPPED), (2534122, None, STOPPED),
    (100, None, WRONG), (100, 2018001, WRONG), (100, 2018032, WRONG), (100, 2018034, WRONG), (100, 2018109, WRONG),
    (100, 2018008, WRONG), (100, 2018294, WRONG), (100, 2018047, WRONG), (100, 2018074, WRONG), (100, 33, STOPPED),
    (190, None, STOPPED), (190, 463, STOPPED), (190, 467, STOPPED), (190, 460, STOPPED), (190, 458, STOPPED),
    (200, None, STOPPED), (230, None, STOPPED), (299, None, STOPPED), (368, None, STOPPED), (10303, None, WRONG),
    (2018218, None, WRONG), (100, 2018218, WRONG),
]  # fmt: skip


@pytest.mark.parametrize(("code", "subcode", "kind"), ROWS)
async def test_every_error_has_its_outcome(code: int, subcode: int | None, kind: type[PlatformError]) -> None:
    wire = ScriptedWire([error(code, subcode)] * 2)
    with pytest.raises(PlatformError) as caught:
        await Messenger(wire).send(settings(), said(1), item(), "id")
    assert type(caught.value) is kind
    assert USER not in str(caught.value)
    again = OUTCOMES.get((code, subcode), OUTCOMES.get((code, None))).do is Do.AGAIN  # type: ignore[union-attr]
    assert len(wire.asked) == (2 if again else 1)
    if isinstance(caught.value, PlatformUnwell):
        assert caught.value.silent is ((code, subcode) == (1, 1357046))
    else:
        assert isinstance(caught.value, PlatformRefused)
        assert caught.value.code in FAILURES


def test_every_row_of_the_table_is_played() -> None:
    played = {(code, subcode) for code, subcode, _ in ROWS}
    assert set(OUTCOMES) - {(code, None) for code in range(200, 300)} - {(2534029, None)} <= played


def test_what_gives_a_message_up_is_told_in_three_languages() -> None:
    given_up = (Do.REFUSE, Do.AGAIN, Do.WINDOW)
    codes = {
        f"{code}/{subcode}" if subcode else str(code)
        for (code, subcode), outcome in OUTCOMES.items()
        if outcome.do in given_up
    }
    assert codes == set(FAILURES)
    spoken = [translated(FAILURES, language) for language in ("es", "en", "pt")]
    for code in codes:
        assert len({each[code] for each in spoken}) == 3


# Thread control (section 5)


@pytest.mark.parametrize(
    ("configured", "words"), [("none", ("", "")), ("release", ("take", "release")), ("pass", ("take", "pass"))]
)
def test_control_is_taken_and_given_as_configured(configured: str, words: tuple[str, str]) -> None:
    assert Messenger.controls(settings(thread_control=configured)) == words


@pytest.mark.parametrize("word", ["take", "release", "pass"])
async def test_a_talk_that_is_not_ours_to_give_holds_nobody_up(word: str) -> None:
    with pytest.raises(PlatformRefused) as caught:
        await Messenger(ScriptedWire([error(10, status=403)])).control(settings(), said(1), word)
    assert caught.value.code == "10"
    with pytest.raises(PlatformStopped):
        await Messenger(ScriptedWire([error(190, status=401)])).control(settings(), said(1), word)


MISTAKES = [
    ({}, set()),
    ({"thread_control": "pass"}, {"bot_app_id"}),
    ({"thread_control": "pass", "bot_app_id": "1"}, set()),
    ({"bot_id": "tienda", "app_id": "our-app"}, {"bot_id", "app_id"}),
    ({"webhook_auth": "bearer"}, {"webhook_auth"}),
    ({"webhook_auth": "none", "api_url": "graph.facebook.com"}, {"api_url"}),
    ({"api_url": "https://me@graph.example.org"}, {"api_url"}),
    ({"api_url": "https://[", "graph_version": "25"}, {"api_url", "graph_version"}),
    ({"api_url": "http://127.0.0.1:9000"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "wrong"), MISTAKES)
def test_what_would_not_work_is_told_by_column(columns: dict[str, Any], wrong: set[str]) -> None:
    whole = {"bot_id": PAGE, "app_id": APP, "api_url": "", "webhook_auth": "signature", "bot_app_id": ""}
    assert set(Messenger.mistakes(row(**(whole | columns)))) == wrong


# How it is

PAGE_IS = {"id": PAGE, "messaging_feature_status": {"hop_v2": False, "msgr_multi_app": True, "ig_multi_app": False}}
WHOLE = {"data": [{"id": "1", "name": "x"}, {"id": int(APP), "name": "bridge", "subscribed_fields": list(FIELDS)}]}


HOOK = {
    "object": "page", "callback_url": "https://bridge.example.org/v1/bots/tienda-bot/webhook", "active": True,
    "fields": [{"name": name, "version": "v25.0"} for name in FIELDS],
}  # fmt: skip
HOOKS = {"data": [{"object": "user", "callback_url": "https://x"}, HOOK]}


async def checked(*answers: object, **differently: Any) -> list[Check]:
    script = [
        each if isinstance(each, Reply | Exception) else Reply(200, json.dumps(each).encode()) for each in answers
    ]
    wire = ScriptedWire([*script, Reply(200, b"{}")])  # of its token Meta tells nothing more
    found = await Messenger(wire).check(settings(**({"thread_control": "release"} | differently)))
    assert {asked.method for asked in wire.asked} == {"GET"}
    assert all(each.mend for each in found if each.level != "ok")
    return found


async def test_all_is_well() -> None:
    assert {each.level for each in await checked(PAGE_IS, WHOLE, HOOKS)} == {"ok"}


TROUBLES = [
    ([error(190, 463)], {}, "error", "does not take the page's token"),
    ([Unreachable("DNS")], {}, "error", "does not answer"),
    ([error(2500, None, 404)], {}, "error", "does not know"),
    ([{**PAGE_IS, "id": "999"}, WHOLE, HOOKS], {}, "error", "the token is that of 999"),
    ([PAGE_IS, {"data": []}, HOOKS], {}, "error", "not subscribed"),
    ([PAGE_IS, error(200, None, 403), HOOKS], {}, "error", "does not tell"),
    ([PAGE_IS, {"data": [{"id": APP, "subscribed_fields": list(FIELDS[2:])}]}, HOOKS], {}, "warning",
     "lacks messages, messaging_postbacks"),
    ([PAGE_IS, WHOLE, HOOKS], {"thread_control": "none"}, "warning", "several apps"),
    ([{"id": PAGE, "messaging_feature_status": {"msgr_multi_app": False}}, WHOLE, HOOKS], {}, "warning",
     "routes no talks"),
    ([PAGE_IS, WHOLE, error(190, None, 401)], {}, "warning", "where the app's webhooks go"),
    ([PAGE_IS, WHOLE, {"data": []}], {}, "error", "no working webhook"),
    ([PAGE_IS, WHOLE, {"data": [HOOK | {"active": False}]}], {}, "error", "no working webhook"),
    ([PAGE_IS, WHOLE, {"data": [HOOK | {"callback_url": "https://old.example.org/hook?t=secret"}]}], {}, "error",
     "to old.example.org,"),
    ([PAGE_IS, WHOLE, {"data": [HOOK | {"fields": HOOK["fields"][1:]}]}], {}, "warning", "lacks the fields messages"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "row", "level", "words"), TROUBLES)
async def test_what_is_wrong_is_told_with_its_mend(
    answers: list[Any], row: dict[str, Any], level: str, words: str
) -> None:
    found = [each for each in await checked(*answers, **row) if each.level != "ok"]
    assert [(each.level, words in each.what) for each in found] == [(level, True)]


TOKEN_IS = {
    "app_id": APP, "application": "bridge", "is_valid": True, "expires_at": 0,
    "scopes": ["pages_messaging", "pages_manage_metadata"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({}, "ok", "of the app bridge, and has the permissions"),
        ({"scopes": None}, "ok", "of the app bridge; Meta does not tell its permissions"),
        ({"app_id": 1}, "error", "of the app 1, not of this bot's"),
        ({"is_valid": False}, "error", "of another app, or valid no longer"),
        ({"scopes": ["pages_manage_metadata"]}, "error", "pages_messaging"),
        ({"scopes": ["pages_messaging"]}, "warning", "pages_manage_metadata"),
    ],
    ids=str,
)
async def test_what_meta_says_of_the_token(more: dict[str, Any], level: str, words: str) -> None:
    told = (await checked(PAGE_IS, WHOLE, HOOKS, {"data": TOKEN_IS | more}))[-1]
    assert (told.level, words in told.what) == (level, True)


OURS = "https://bridge.example.org/v1/bots/tienda-bot/webhook"


async def registered(*answers: object) -> ScriptedWire:
    wire = ScriptedWire([Reply(200, json.dumps(each).encode()) for each in answers])
    await Messenger(wire).register(settings(verify_token=Secret("agreed")), OURS)
    return wire


async def test_an_app_without_a_webhook_gets_ours() -> None:
    wire = await registered({"success": True}, {"data": []}, {"success": True})
    page, look, set_ = wire.asked
    assert page.url.partition("?")[0].endswith(f"/{PAGE}/subscribed_apps")
    assert (look.method, set_.method) == ("GET", "POST")
    assert {look.url, set_.url} == {f"https://graph.facebook.com/v25.0/{APP}/subscriptions"}
    assert {look.headers["Authorization"], set_.headers["Authorization"]} == {f"Bearer {APP}|shared"}
    assert set_.body == {
        "object": "page", "callback_url": OURS, "verify_token": "agreed", "fields": ",".join(FIELDS)
    }  # fmt: skip


async def test_a_webhook_that_is_ours_stays() -> None:
    assert len((await registered({"success": "true"}, HOOKS)).asked) == 2


async def test_a_webhook_that_is_somebody_elses_is_not_taken() -> None:
    with pytest.raises(PlatformRefused, match=r"webhooks to bot\.example\.org"):
        await registered({"success": True}, {"data": [HOOK | {"callback_url": "https://bot.example.org/hook"}]})
