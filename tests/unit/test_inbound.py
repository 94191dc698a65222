"""What a webhook told, before it is stored: who said it, whether it is for a live talk, what nobody can read."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from interconnections.bridge import unread
from interconnections.bridge.inbound import doing, is_old, origin_of
from interconnections.bridge.unread import part_at
from interconnections.platforms import PLATFORMS
from interconnections.platforms.messages import Message
from interconnections.platforms.plain import Plain
from interconnections.store.unread import Kept
from tests.unit.bots import bot

NOW = int(time.time() * 1000)


class Modern(Plain):
    wants_recipient = True
    live_for = 3600
    never_refuses = True


@pytest.fixture(autouse=True)
def modern(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("wants_recipient", "live_for", "never_refuses"):
        monkeypatch.setattr(PLATFORMS["yalo"], name, getattr(Modern, name))


def said(**more: Any) -> Message:
    return Message("u", "m1", more.pop("by_bot", False), more.pop("kind", "text"), more.pop("at", NOW), **more)


@pytest.mark.parametrize(
    ("message", "origin"),
    [
        (said(), "user"),
        (said(by_bot=True), "bot"),
        (said(by_bot=True, elsewhere=True), "business"),
        (said(kind="system"), "platform"),
    ],
    ids=["user", "bot", "business", "platform"],
)
def test_who_said_it(message: Message, origin: str) -> None:
    assert origin_of(message) == origin


def test_what_a_user_says_opens_a_window_from_then_on() -> None:
    shown = doing(said(opens=86_400, also=("MX.1",)), bot())
    assert shown is not None
    assert shown.also == ("MX.1",)
    assert shown.fields == {
        "last": "m1", "saidAt": NOW, "windowUntil": NOW + 86_400_000, "heldBy": "", "heldAt": NOW
    }  # fmt: skip


def test_what_the_bot_says_opens_none() -> None:
    shown = doing(said(opens=86_400, by_bot=True), bot())
    assert shown is not None
    assert shown.fields == {}


def test_what_a_user_says_to_another_app_opens_the_pages_window_and_leaves_the_talk_there() -> None:
    """Else a user who talked to the bot's own app today is closed to us since the chat of last week."""
    shown = doing(said(opens=86_400, standby=True), bot())
    assert shown is not None
    assert shown.fields == {"last": "m1", "saidAt": NOW, "windowUntil": NOW + 86_400_000, "heldAt": NOW}


@pytest.mark.parametrize(("hours", "old"), [(0, False), (0.9, False), (1.1, True), (48, True)])
def test_what_comes_too_late_is_recorded_and_not_brought_into_a_talk(hours: float, old: bool) -> None:
    assert is_old(said(at=int((time.time() - hours * 3600) * 1000)), bot()) is old
    assert not is_old(said(at=None), bot())


@pytest.mark.parametrize(
    ("place", "part"), [((), {"a": [1, 2]}), (("a", 1), 2), (("a", 7), {"a": [1, 2]}), (("x", "y"), {"a": [1, 2]})]
)
def test_the_part_that_nobody_can_read_is_kept(place: tuple[Any, ...], part: object) -> None:
    assert part_at({"a": [1, 2]}, place) == part


@pytest.mark.parametrize("part", [{"a": "\ud83d"}, {"\ud83d": ["ñ 👋"]}, "\ud83d", 10**400])
def test_whatever_nobody_can_read_can_be_stored(part: object) -> None:
    assert unread.as_json(part).encode()


def test_what_is_nested_without_end_is_told_as_that() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    assert unread.as_json(deep) == "(nested too deeply)"


async def test_no_json_is_kept_where_the_platform_must_not_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []

    async def keep(redis: object, slug: str, why: str, part: str, dedupe: int) -> Kept:
        kept.append((slug, why, part))
        return Kept.KEPT

    monkeypatch.setattr(unread.unread_webhooks, "keep", keep)
    bridge: Any = SimpleNamespace(redis=None, tally=SimpleNamespace(count=lambda *_: None))
    await unread.unreadable(bridge, bot(), b'{"a":', "cut off")
    assert kept == [("tienda-bot", "cut off", '{"a":')]
