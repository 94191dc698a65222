"""The Messenger Platform's webhooks, through their reader: every example and every row of the sheet's tables."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interconnections.bridge.rendering import as_items, not_shown
from interconnections.platforms.messages import Message, Skipped, Status, Told, Unread
from interconnections.platforms.messenger.events import READERS, Ours
from interconnections.platforms.messenger.reader import page_ids, read_page
from interconnections.platforms.page_kinds import KINDS
from tests.unit.payloads import cases, files, told

FOLDER = "messenger_platform/webhooks"
PAGE, APP, USER = "100200300", "555000111", "7766554433221100"
OURS = Ours(PAGE, APP)


def event(at: object = 1772000002000, user: str = USER, **more: object) -> dict[str, Any]:
    return {"sender": {"id": user}, "recipient": {"id": PAGE}, "timestamp": at, **more}


def webhook(*events: object, side: str = "messaging") -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": PAGE, "time": 1772000002900, side: list(events)}]}


@pytest.mark.parametrize("case", cases(FOLDER))
def test_a_webhook_is_read(case: dict[str, Any]) -> None:
    ours = Ours(case.get("page", PAGE), APP)
    assert [told(each) for each in read_page(case["body"], ours)] == case["expect"]


@pytest.mark.parametrize("case", cases(FOLDER))
def test_a_repeat_has_the_same_ids(case: dict[str, Any]) -> None:
    again = json.loads(json.dumps(case["body"]))
    assert read_page(case["body"], OURS) == read_page(again, OURS)
    assert all(each.id for each in read_page(again, OURS) if isinstance(each, Message))


def bodies() -> list[dict[str, Any]]:
    return [json.loads(path.read_text())["body"] for path in files(FOLDER)]


def test_every_kind_of_event_and_of_attachment_has_a_file() -> None:
    events = [
        each
        for body in bodies()
        for entry in (body["entry"] if isinstance(body.get("entry"), list) else [])
        if isinstance(entry, dict)
        for side in ("messaging", "standby")
        for each in (entry.get(side) or [])
        if isinstance(each, dict)
    ]
    assert set(READERS) <= {key for each in events for key in each}
    messages = [each["message"] for each in events if isinstance(each.get("message"), dict)]
    attached = {part["type"] for each in messages for part in each.get("attachments", [])}
    shown = {kind for kind in KINDS if kind not in READERS and not kind.startswith("account_")} - {"share"}
    assert attached >= shown | {"image", "audio", "video", "file", "sticker", "location"}


def test_what_is_read_stands_where_it_says() -> None:
    for body in bodies():
        for each in read_page(body, OURS):
            found: Any = body
            for step in each.place:
                found = found[step]
            assert found is not None or isinstance(each, Unread)


NOBODY_READS = {
    "a text": "https://x/1",
    "a number": 5,
    "a list of texts": ["https://x/1"],
    "a list of nothing": [None],
    "no type": [{"payload": {"sticker": 1}}],
    "a type that is a list": [{"type": ["image"]}],
}


@pytest.mark.parametrize("words", ["hola", "", ["hola"]])
@pytest.mark.parametrize("name", NOBODY_READS)
def test_what_is_attached_is_told_though_nobody_can_read_it(name: str, words: object) -> None:
    [said] = read_page(webhook(event(message={"mid": "m", "text": words, "attachments": NOBODY_READS[name]})), OURS)
    assert isinstance(said, Message)
    assert not_shown(said) == 1
    assert as_items(said, "en-US")[0].text.endswith("[message that cannot be shown here]")


FILES_THAT_LIE_NOWHERE = [{}, {"payload": None}, {"payload": "https://x/1"}, {"payload": [{"url": "https://x/1"}]}]


@pytest.mark.parametrize("part", [*FILES_THAT_LIE_NOWHERE, {"payload": {"url": ["https://x/1"]}}])
def test_a_file_of_which_nobody_knows_where_it_lies_is_told(part: dict[str, Any]) -> None:
    [said] = read_page(webhook(event(message={"mid": "m", "attachments": [{"type": "image", **part}]})), OURS)
    assert isinstance(said, Message)
    assert (not_shown(said), [item.text for item in as_items(said, "en-US")]) == (1, ["[image]"])


@pytest.mark.parametrize("held", [{"poll": {"question": "¿?"}}, {"text": ["hola"]}, {"commands": "x"}])
def test_a_message_of_which_nobody_can_read_anything_is_told(held: dict[str, Any]) -> None:
    [said] = read_page(webhook(event(message={"mid": "m", "nlp": {"x": 1}, **held})), OURS)
    assert isinstance(said, Message)
    assert [item.text for item in as_items(said, "en-US")] == [
        f"[message that cannot be shown here] {next(iter(held))}"
    ]


@pytest.mark.parametrize("held", [{}, {"text": " "}, {"attachments": []}, {"reply_to": {"mid": "m_1"}}, {"seq": 7}])
def test_a_message_that_says_nothing_is_nobodys_news(held: dict[str, Any]) -> None:
    [skipped] = read_page(webhook(event(message={"mid": "m", **held})), OURS)
    assert isinstance(skipped, Skipped)


@pytest.mark.parametrize("body", [{"object": "page"}, {"object": "page", "entry": [{"id": PAGE, "calls": [{}]}]}])
def test_a_webhook_of_nothing_that_is_known_is_kept_to_be_looked_at(body: dict[str, Any]) -> None:
    assert [type(each) for each in read_page(body, OURS)] == [Unread]


def test_a_tap_without_an_id_is_known_by_who_tapped_what_and_when() -> None:
    def id_of(at: object = 1772000002000, user: str = USER, **tap: object) -> str:
        [said] = read_page(webhook(event(at, user, postback={"title": "Sí", "payload": "SI", **tap})), OURS)
        assert isinstance(said, Message)
        return said.id

    assert id_of() == id_of(title="Sí.") == id_of("1772000002000") == id_of(referral={"ref": "x"})
    assert len({id_of(), id_of(1772000002001), id_of(user="88"), id_of(payload="NO")}) == 4


def test_after_failures_what_was_said_is_put_in_order() -> None:
    said = [event(1772000000000 + n, message={"mid": f"m_{n}", "text": str(n)}) for n in (3, 1, 2)]
    late = event(None, message={"mid": "m_late", "text": "late"})  # no clock of its own: by its entry's
    found = read_page(webhook(late, *said), OURS)
    assert [each.text for each in found if isinstance(each, Message)] == ["1", "2", "3", "late"]


def test_what_came_at_the_same_moment_keeps_its_order() -> None:
    said = [event(message={"mid": f"m_{n}", "text": str(n)}) for n in range(20)]
    assert [each.text for each in read_page(webhook(*said), OURS) if isinstance(each, Message)] == [
        str(n) for n in range(20)
    ]


@pytest.mark.parametrize("inbox", ["263902037430900", 263902037430900, "26390203743090"])
def test_a_person_in_the_page_inbox_is_heard_under_both_of_its_ids(inbox: object) -> None:
    """Section 4.3: Meta's pages disagree by a digit."""
    [said] = read_page(webhook(by_page(app_id=inbox, text="Le respondo")), OURS)
    assert isinstance(said, Message)
    assert (said.by_bot, said.elsewhere, said.user) == (True, True, USER)


def by_page(**message: object) -> dict[str, Any]:
    said = {"mid": "m_h", "is_echo": True, **message}
    return {"sender": {"id": PAGE}, "recipient": {"id": USER}, "timestamp": 1772000002000, "message": said}


@pytest.mark.parametrize("app", [APP, int(APP)])
def test_our_own_echo_brings_our_own_id_back(app: object) -> None:
    echo = by_page(app_id=app, metadata="of-ours", text="Hola")
    assert read_page(webhook(echo), OURS) == [
        Status(USER, "m_h", "sent", 1772000002000, "of-ours", place=("entry", 0, "messaging", 0))
    ]


def test_without_our_app_no_echo_is_taken_for_ours() -> None:
    [said] = read_page(webhook(by_page(metadata="x", text="Hola")), Ours(PAGE, ""))
    assert isinstance(said, Message)
    assert said.elsewhere


@pytest.mark.parametrize("user", ["7\0", "7" * 201])
def test_an_id_that_cannot_be_one_spoils_nothing_beside_it(user: str) -> None:
    bad, good = event(user=user, message={"mid": "m_1", "text": "x"}), event(message={"mid": "m_2", "text": "hola"})
    unread, said = read_page(webhook(bad, good), OURS)
    assert isinstance(unread, Unread) and isinstance(said, Message)


def test_no_secret_of_an_account_is_kept() -> None:
    for body in bodies():
        assert "SECRET" not in repr(read_page(body, OURS))


def test_the_pages_of_a_webhook_are_named() -> None:
    assert page_ids(webhook(event())) == {PAGE}
    assert page_ids({"entry": [{"id": 7}, {"id": None}, "x"]}) == {"7"}
    assert page_ids("x") == frozenset()


# No JSON makes it raise

KEYS = ["id", "object", "entry", "messaging", "standby", "changes", "value", "field", "sender", "recipient", "mid",
        "timestamp", "text", "attachments", "payload", "type", "url", "is_echo", "watermark", "mids",
        *READERS]  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.just(PAGE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)
EXAMPLES = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def sound(found: list[Told]) -> None:
    for each in found:
        if isinstance(each, Message):
            assert each.user and each.id
        elif isinstance(each, Status):
            assert each.user and (each.id or each.until)


@EXAMPLES
@given(json_values)
def test_no_json_makes_it_raise(body: object) -> None:
    sound(read_page(body, OURS))
    page_ids(body)


@EXAMPLES
@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=5), st.sampled_from(["messaging", "standby"]))
def test_no_event_makes_it_raise_or_spoils_what_stands_beside_it(odd: dict[str, Any], side: str) -> None:
    good = event(message={"mid": "m_good", "text": "hola"})
    found = read_page(webhook({**event(), **odd}, good, side=side), OURS)
    sound(found)
    assert "m_good" in {each.id for each in found if isinstance(each, Message)}


@pytest.mark.parametrize("name", ["message", "postback", "app_roles", "brand_new"])
def test_what_is_nested_without_end_spoils_nothing_beside_it(name: str) -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    good = event(message={"mid": "m_good", "text": "hola"})
    found = read_page(webhook(event(**{name: deep}), good), OURS)
    assert "m_good" in {each.id for each in found if isinstance(each, Message)}
