"""One webhook for bridge and bot: what belongs to no chat goes on to the bot, as its platform wrote it."""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.configuration import CLOUD_BOT, PAGE_BOT
from simulator.graph.accounts import APP_SECRET, NUMBER
from simulator.processes import until
from tests.story.meta import MetaStage, Talk

BOTH = pytest.mark.parametrize("slug", [CLOUD_BOT, PAGE_BOT], ids=["whatsapp", "messenger"])


class BotServer:
    """The bot's own webhook: what it took, and the status that it answers."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []
        self.status = 200
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if bot.status == 200:
                    bot.bodies.append(body)
                    bot.headers.append(dict(self.headers))
                self.send_response(bot.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.handler, self.port = Handler, 0
        self.up()
        self.url = f"http://127.0.0.1:{self.port}/webhook"

    def up(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self) -> None:
        """Nobody listens there any more."""
        self.server.shutdown()
        self.server.server_close()

    def texts(self, user: str) -> list[str]:
        """What it read of this user, as Meta wrote it."""
        return [text for body in self.bodies for who, text in _said(json.loads(body)) if who == user]


def _said(body: Any) -> Iterator[tuple[str, str]]:
    for entry in body["entry"]:
        for change in entry.get("changes", ()):
            for message in change["value"].get("messages", ()):
                yield message["from"], message["text"]["body"]
        for event in entry.get("messaging", ()):
            if "text" in event.get("message", {}) and not event["message"].get("is_echo"):
                yield event["sender"]["id"], event["message"]["text"]


class Front(MetaStage):
    def __init__(self, bot: BotServer) -> None:
        super().__init__(workers=1)
        self.more = {"forward_url": bot.url}


@pytest.fixture(scope="module")
def bot() -> Iterator[BotServer]:
    bot = BotServer()
    yield bot
    bot.down()


@pytest.fixture(scope="module")
def stage(bot: BotServer) -> Iterator[Front]:
    with Front(bot) as stage:
        stage.world.ask("PUT", "/rules", {"meta_retry_pause": 0.2, "meta_retry_longest": 0.5})
        yield stage


def talk(stage: Front, slug: str, number: int) -> Talk:
    return Talk(stage, stage.bot, slug, f"5215533330{number + (slug == PAGE_BOT) * 50:03}")


@BOTH
def test_the_bot_hears_what_belongs_to_no_chat_and_the_agent_the_rest(
    stage: Front, bot: BotServer, slug: str
) -> None:
    chat = talk(stage, slug, 1)
    chat.say("hola bot")
    chat.connect()
    chat.accept()
    chat.say("hola agente")
    assert chat.heard(3)[-1] == "hola agente"
    chat.stage.world.act(chat.chat, "end")
    until("the chat is over", lambda: chat.stage.world.user(chat.user)["states"], [])
    chat.say("sigo con el bot")
    assert bot.texts(chat.user) == ["hola bot", "sigo con el bot"]


@BOTH
def test_what_goes_on_is_signed_and_says_that_it_was_passed_on(stage: Front, bot: BotServer, slug: str) -> None:
    talk(stage, slug, 2).say("¿Hola? 🙋")
    body, headers = bot.bodies[-1], bot.headers[-1]
    wanted = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={wanted}"
    assert headers["X-Bridge-Forwarded"] == "1"
    assert b"\\u00bfHola?" in body  # as Meta wrote it


@BOTH
def test_a_bot_that_is_down_stops_no_chat_and_misses_nothing(stage: Front, bot: BotServer, slug: str) -> None:
    chat, other = talk(stage, slug, 3), talk(stage, slug, 4)
    chat.say("antes")
    chat.connect()
    chat.accept()
    bot.status = 500
    try:
        for n in range(4):
            other.say(f"al bot {n}", wait=False)
            chat.say(f"al agente {n}")
            chat.answer(f"al usuario {n}")
        assert chat.heard(6)[2:] == chat.said
        assert chat.received() == chat.answered
        assert bot.texts(other.user) == []
    finally:
        bot.status = 200
    until("the bot hears all of it", lambda: len(bot.texts(other.user)) >= 4, [])
    assert sorted(bot.texts(other.user)) == [f"al bot {n}" for n in range(4)]


OF_A_MINUTE = 7  # Meta's tries: two at once, then after 1, 2, 4, 8, 16 and 32 seconds


def tried(stage: Front, words: str) -> int:
    """How often Meta has told these words by now."""
    posts = stage.world.ask("GET", "/graph/posts")["posts"]
    return max((post["attempt"] for post in posts if words in post["body"]), default=0)


def test_a_bot_that_is_away_for_a_minute_of_metas_tries_misses_nothing_while_others_chat(
    stage: Front, bot: BotServer
) -> None:
    """On both platforms at once; the switch has a quarter of a second for each second of Meta's."""
    stage.world.ask("PUT", "/rules", {"meta_retry_pause": 0.25, "meta_retry_longest": 900.0})
    chats = [talk(stage, slug, 20 + n) for n in range(3) for slug in (CLOUD_BOT, PAGE_BOT)]
    others = [talk(stage, slug, 30 + n) for n in range(4) for slug in (CLOUD_BOT, PAGE_BOT)]
    for chat in chats:
        chat.say("antes")
        chat.connect()
        chat.accept()
    bot.down()
    try:
        for other in others:
            other.say(f"primero de {other.user}", wait=False)
        rounds = 0
        while min(tried(stage, f"primero de {other.user}") for other in others) < OF_A_MINUTE:
            for chat in chats:
                [told] = chat.say(f"ronda {rounds}")["answers"]
                assert (told["status"], told["attempts"]) == (200, 1)
                chat.answer(f"respuesta {rounds}")
                assert chat.heard(2 + len(chat.said))[2:] == chat.said
                assert chat.received() == chat.answered
            for other in others:
                other.say(f"y {rounds} de {other.user}", wait=False)
            rounds += 1
        assert not any(bot.texts(other.user) for other in others)
    finally:
        bot.up()
        stage.world.ask("PUT", "/rules", {"meta_retry_pause": 0.2, "meta_retry_longest": 0.5})
    for other in others:
        until("the bot hears all of it", lambda other=other: len(bot.texts(other.user)) > rounds, [])
        wanted = [f"primero de {other.user}", *(f"y {n} de {other.user}" for n in range(rounds))]
        assert sorted(bot.texts(other.user)) == sorted(wanted)
    for chat in chats:
        assert bot.texts(chat.user) == ["antes"]


def test_a_batch_is_split_and_its_repeat_tells_nobody_twice(stage: Front, bot: BotServer) -> None:
    """One POST with a word for a chat and one for the bot, while the bot is down; then the same once more."""
    chat, other = talk(stage, CLOUD_BOT, 5), talk(stage, CLOUD_BOT, 6)
    chat.say("antes")
    chat.connect()
    chat.accept()
    bot.status = 503
    stage.world.ask("PUT", "/rules", {"meta_batch": 2, "meta_batch_seconds": 1.0})
    other.say("al bot", wait=False)
    chat.say("al agente", wait=False)
    assert chat.heard(3)[2:] == ["al agente"]
    bot.status = 200
    stage.world.ask("PUT", "/rules", {"meta_batch": 1})
    until("the bot hears its own", lambda: bot.texts(other.user), [])
    chat.say("y más")
    assert chat.heard(4)[2:] == ["al agente", "y más"]
    assert (bot.texts(other.user), bot.texts(chat.user)) == (["al bot"], ["antes"])


def test_a_bot_tells_what_it_said_itself_and_does_not_hear_it_again(stage: Front, bot: BotServer) -> None:
    """With the example of the guide, for a user of this test."""
    chat = talk(stage, CLOUD_BOT, 7)
    chat.say("busco unos tenis")
    page = (Path(__file__).parents[2] / "docs/front-mode.md").read_text()
    [example] = re.findall(r"BODY='(.*?)'\n", page, re.DOTALL)
    body = example.replace("700100200300", NUMBER).replace("5215587650001", chat.user).encode()
    signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-Bridge-Forwarded": "1"}
    heard = len(bot.bodies)
    for _ in range(2):
        url = f"{stage.url}/v1/bots/{CLOUD_BOT}/webhook"
        assert requests.post(url, body, headers=headers, timeout=30).status_code == 200
    past = requests.get(
        f"{stage.url}/v1/context/{chat.user}?bot={CLOUD_BOT}", headers=chat.caller.headers, timeout=30
    ).json()
    assert sorted((each["from"], each["text"]) for each in past) == [
        ("bot", "¿Con quién tengo el gusto?"),
        ("user", "busco unos tenis"),
    ]
    assert len(bot.bodies) == heard
