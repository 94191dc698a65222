"""The board's websocket: to whom it is shown, what it shows, and when it stops."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import Permission, User
from django.test import Client
from redis.asyncio import Redis

import interconnections.admin  # noqa: F401  (it tells when rights change)
from interconnections.directory import Directory
from interconnections.http import board_socket, board_watch
from interconnections.http.board_watch import BoardWatch
from interconnections.models import Bot
from interconnections.models.access import BotAccess
from interconnections.store.board import Curve, Look
from interconnections.store.connection import AsyncRedis
from tests.store.conftest import Desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("roles_again")]
OURS = "http://testserver"


@pytest.fixture
async def desk(store: AsyncRedis) -> Desk:
    return Desk(store)


@pytest.fixture(autouse=True)
async def watch(store: AsyncRedis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BoardWatch]:
    watch = BoardWatch(store, Directory(), every=0.02)
    monkeypatch.setattr(board_socket, "watch_here", lambda: watch)
    yield watch
    await watch.close()


def somebody(*permissions: str, **more: Any) -> tuple[User, str]:
    """And the cookie of their browser."""
    user = User.objects.create_user("ada", password="long enough", **({"is_staff": True} | more))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Client()
    browser.force_login(user)
    return user, f"sessionid={browser.cookies['sessionid'].value}"


async def someone(*permissions: str, **more: Any) -> tuple[User, str]:
    return await sync_to_async(somebody)(*permissions, **more)


class Socket(ApplicationCommunicator):  # type: ignore[misc]
    """A browser's end of it."""

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(timeout=20))["type"] == "websocket.accept")

    async def disconnect(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=20)


def knock(cookie: str = "", origin: str = OURS, query: str = "") -> Socket:
    headers = [(b"host", b"testserver"), (b"cookie", cookie.encode())]
    if origin:
        headers.append((b"origin", origin.encode()))
    scope = {"type": "websocket", "path": "/ws/board/", "query_string": query.encode(), "headers": headers}
    return Socket(board_socket.board_socket, scope)


async def frame(socket: Socket) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((await socket.receive_output(timeout=20))["text"])
    return told


async def until(socket: Socket, **figures: object) -> None:
    """A frame that says so."""
    told: dict[str, Any] = {}
    while {name: told.get(name) for name in figures} != figures:
        told = await frame(socket)


async def code_of_the_end(socket: Socket) -> int:
    while (said := await socket.receive_output(timeout=20))["type"] != "websocket.close":
        pass
    return int(said["code"])


async def refused(socket: Socket) -> bool:
    return not await socket.connect()


async def test_it_shows_the_board_and_every_change_of_it(desk: Desk) -> None:
    _, cookie = await someone("view_board")
    socket = knock(cookie)
    assert await socket.connect()
    await until(socket, waiting=0)
    await desk.opened()
    await until(socket, waiting=1)
    await socket.disconnect()


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "http://testserver.evil.example",
                                    "http://testserver:81", "https://testserver@evil.example"])  # fmt: skip
async def test_other_pages_do_not_see_it(origin: str) -> None:
    _, cookie = await someone("view_board")
    assert await refused(knock(cookie, origin))


async def test_a_host_that_is_not_ours_is_none_of_its_pages(settings: Any) -> None:
    _, cookie = await someone("view_board")
    settings.ALLOWED_HOSTS = ["bridge.example.org"]
    assert await refused(knock(cookie))


async def test_pages_behind_a_proxy_see_it_from_where_forms_may_come(settings: Any) -> None:
    _, cookie = await someone("view_board")
    settings.CSRF_TRUSTED_ORIGINS = ["https://console.example.org"]
    socket = knock(cookie, "https://console.example.org")
    assert await socket.connect()
    await socket.disconnect()


async def test_nobody_sees_it_without_a_session() -> None:
    assert await refused(knock())
    assert await refused(knock("sessionid=made-up"))


@pytest.mark.parametrize(
    ("permissions", "more"), [((), {}), (("view_interconnection",), {}), (("view_board",), {"is_staff": False})]
)
async def test_who_may_not_see_the_board_is_refused(permissions: tuple[str, ...], more: dict[str, Any]) -> None:
    _, cookie = await someone(*permissions, **more)
    assert await refused(knock(cookie))


async def test_it_shows_the_bots_that_the_user_is_given(desk: Desk) -> None:
    user, cookie = await someone("view_board")
    bank = await sync_to_async(Bot.objects.create)(slug="banco", provider="whatsapp")
    await sync_to_async(BotAccess.objects.create)(user=user, bot=bank)
    await desk.opened(bot="tienda")
    socket = knock(cookie)
    assert await socket.connect()
    assert (await frame(socket))["waiting"] == 0
    await desk.opened(bot="banco")
    await until(socket, waiting=1)
    await sync_to_async(user.bot_access.all().delete)()
    await until(socket, waiting=2)
    await socket.disconnect()
    assert await refused(knock(cookie, query="bot=nobodys"))


async def test_it_tells_which_bots_are_paused_as_soon_as_they_are(desk: Desk) -> None:
    _, cookie = await someone("view_board")
    await sync_to_async(Bot.objects.create)(slug="tienda", provider="whatsapp")
    socket = knock(cookie)
    assert await socket.connect()
    await until(socket, handOversPaused=[])
    await sync_to_async(Bot.objects.update)(paused=True, pause_text="Back at nine.")
    await until(socket, handOversPaused=[{"bot": "tienda", "text": "Back at nine."}])
    await sync_to_async(Bot.objects.update)(paused=False)
    await until(socket, handOversPaused=[])
    await socket.disconnect()


async def test_it_ends_as_soon_as_the_permission_is_taken(desk: Desk) -> None:
    user, cookie = await someone("view_board")
    socket = knock(cookie)
    assert await socket.connect()
    await frame(socket)
    await sync_to_async(user.user_permissions.clear)()
    assert await code_of_the_end(socket) == board_socket.NOT_ALLOWED


async def test_it_ends_with_the_log_out(desk: Desk) -> None:
    _, cookie = await someone("view_board")
    socket = knock(cookie)
    assert await socket.connect()
    await frame(socket)
    browser = Client()
    browser.cookies["sessionid"] = cookie.partition("=")[2]
    await sync_to_async(browser.logout)()
    assert await code_of_the_end(socket) == board_socket.NOT_ALLOWED


async def test_who_watches_the_same_bots_shares_one_look(desk: Desk, watch: BoardWatch) -> None:
    first, second = watch.join(None), watch.join(None)
    other = watch.join(frozenset({"tienda"}))
    for watcher in (first, second, other):
        await watcher.news.wait()
    assert first.frame is second.frame
    assert json.loads(other.frame)["asOf"] == json.loads(first.frame)["asOf"]


async def test_while_nothing_changes_only_a_sign_of_life_is_sent(
    desk: Desk, watch: BoardWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_watch, "ALIVE", 1e9)
    watcher = watch.join(None)
    await watcher.news.wait()
    watcher.news.clear()
    really, looks = board_watch.look, asyncio.Semaphore(0)

    async def look(redis: AsyncRedis, known: Curve | None = None) -> Look:
        looks.release()
        return await really(redis, known)

    monkeypatch.setattr(board_watch, "look", look)
    for _ in range(5):
        await looks.acquire()
    assert not watcher.news.is_set()
    monkeypatch.setattr(board_watch, "ALIVE", 0)
    await watcher.news.wait()


async def test_nobody_looks_when_nobody_watches(watch: BoardWatch) -> None:
    watcher = watch.join(None)
    await watcher.news.wait()
    watch.leave(watcher)
    assert watch.looking is not None
    await watch.looking


async def test_while_redis_is_away_it_says_so_and_comes_back(desk: Desk, watch: BoardWatch) -> None:
    watcher = watch.join(None)
    await watcher.news.wait()
    really, watch.redis = watch.redis, Redis(port=1)
    while "error" not in json.loads(watcher.frame):
        watcher.news.clear()
        await watcher.news.wait()
    watch.redis = really
    while "error" in json.loads(watcher.frame):
        watcher.news.clear()
        await watcher.news.wait()
