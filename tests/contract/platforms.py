"""What every platform and every state API has to keep, whoever it is: a test class that each of them inherits.

A subclass says how its wire looks (the methods that raise NotImplementedError); nothing here knows one by name.
"""

import copy
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interconnections.bot_events import EventType
from interconnections.bridge.rendering import LABELS
from interconnections.errors import (
    BadInput,
    BridgeError,
    Forbidden,
    PlatformError,
    PlatformRefused,
    PlatformUnwell,
    Unauthenticated,
    Unavailable,
)
from interconnections.items import Item, Kind, Origin
from interconnections.models import Bot
from interconnections.platforms import PLATFORMS, STATE_APIS
from interconnections.platforms.messages import Message, StateChange
from interconnections.platforms.platform import Platform, Recipient, StateApi
from interconnections.secret import Secret
from interconnections.webhook_request import WebhookRequest
from interconnections.wire import Reply, Unreachable
from tests.unit.bots import row
from tests.unit.wires import ScriptedWire

REPEATED = (301, 401, 403, 408, 409, 423, 425, 429, 500, 502, 503, 504)
GIVEN_UP = (400, 404, 410, 413, 415, 422)
USER, WORDS, SECRET, TOKEN = "5215512345678", "¿Dónde está mi pedido? 😊", "of-its-webhooks", "of-its-api"
LEVELS = {"ok", "warning", "error"}

names = st.sampled_from(["id", "type", "from", "to", "text", "body", "message", "entry", "messaging", "sender", "x"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
EXAMPLES = settings(max_examples=60, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow])


class PlatformContract:
    """Subclasses set these, and say how their wire looks."""

    name: str  # its line in PLATFORMS
    provider: str  # on which the bot of these tests is
    ways: tuple[str, ...]  # of `webhook_auth` that it takes; "none" aside
    carries_id: bool  # does what it sends tell our id, so that a repeat can be recognised?
    more: dict[str, Any] = {}

    def webhook(self, text: str, id: str) -> object:
        """The parsed body with which it tells that USER wrote `text`."""
        raise NotImplementedError

    def proof(self, body: bytes, way: str, secret: str) -> WebhookRequest:
        """What its own server would send, knowing `secret`."""
        raise NotImplementedError

    def shown(self, asked: Any) -> str:
        """The text that USER reads, of a request that was sent."""
        raise NotImplementedError

    # What the tests below make of it

    @property
    def platform(self) -> type[Platform]:
        return PLATFORMS[self.name]

    def settings(self, **differently: Any) -> Any:
        fields = {"provider": self.provider, "api_token": Secret(TOKEN), "webhook_secret": Secret(SECRET)}
        return self.platform.settings(row(**(fields | self.more | differently)))

    async def sent(self, *script: Reply | Exception, text: str = WORDS) -> ScriptedWire:
        wire = ScriptedWire(list(script))
        item = Item(Kind.TEXT, Origin.AGENT, text, name="Luz")
        await self.platform(wire).send(self.settings(), Recipient(USER), item, "id-of-ours")
        return wire

    async def refusal(self, answer: Reply | Exception) -> PlatformError:
        with pytest.raises(PlatformError) as caught:
            await self.sent(answer)
        return caught.value

    # Configuration

    def test_it_says_what_it_is(self):
        assert self.platform.label
        assert self.platform.providers
        assert set(self.platform.providers) <= set(Bot.Provider.values)
        columns = {field.name for field in Bot._meta.get_fields()}
        assert {*self.platform.needs, *self.platform.columns} <= columns
        assert self.platform.repeats_for > 0
        assert not set(self.platform.kinds) & set(LABELS), "a kind that several have is the bridge's to name"

    def test_the_console_and_the_configuration_know_it(self):
        bot = Bot(slug="b", platform=self.name, provider=self.provider)
        assert bot.get_platform_display() == self.platform.label
        assert "platform" not in bot.mistakes()

    def test_what_it_needs_is_asked_for(self):
        bot = Bot(slug="b", platform=self.name, provider=self.provider)
        for name in self.platform.needs:
            setattr(bot, name, "")
        assert set(self.platform.needs) <= set(bot.mistakes())

    def test_its_settings_are_made_of_a_row_that_says_nothing(self):
        bot = Bot(slug="b", platform=self.name, provider=self.provider)
        assert self.platform.settings(bot) == self.platform.settings(bot)

    def test_its_settings_print_no_secret(self):
        printed = repr(self.settings(verify_token=Secret("agreed")))
        assert SECRET not in printed
        assert TOKEN not in printed
        assert "agreed" not in printed

    # Who speaks

    def test_its_own_server_is_known(self):
        body = json.dumps(self.webhook(WORDS, "m1")).encode()
        for way in self.ways:
            self.platform.authenticate(self.proof(body, way, SECRET), self.settings(webhook_auth=way))

    def test_who_shows_nothing_is_not_authenticated(self):
        for way in self.ways:
            with pytest.raises(Unauthenticated):
                self.platform.authenticate(WebhookRequest({}, {}, b"{}"), self.settings(webhook_auth=way))

    def test_who_shows_something_wrong_is_forbidden_and_told_nothing(self):
        for way in self.ways:
            with pytest.raises(Forbidden) as caught:
                self.platform.authenticate(self.proof(b"{}", way, "guessed"), self.settings(webhook_auth=way))
            assert SECRET not in str(caught.value)

    def test_without_a_secret_of_ours_it_is_asked_to_come_again(self):
        for way in self.ways:
            with pytest.raises(Unavailable):
                bare = self.settings(webhook_auth=way, webhook_secret=Secret(""))
                self.platform.authenticate(self.proof(b"{}", way, "x"), bare)

    def test_a_way_that_nobody_knows_is_not_open(self):
        with pytest.raises((Unauthenticated, Forbidden)):
            self.platform.authenticate(WebhookRequest({}, {}, b"{}"), self.settings(webhook_auth=""))

    @pytest.mark.parametrize("query", [{}, {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}])
    def test_no_handshake_is_answered_without_the_token(self, query):
        for token in ("", "agreed"):
            with pytest.raises(Forbidden):
                self.platform.handshake(query, self.settings(verify_token=Secret(token)))

    def test_the_webhook_that_it_is_told_is_one_of_ours_and_opens(self):
        for way in self.ways:
            bot = self.settings(webhook_auth=way)
            address = urlsplit(self.platform.webhook_path(bot))
            assert get_resolver("interconnections.http.urls").resolve(address.path).url_name.startswith("webhook")
            query = dict(parse_qsl(address.query))
            proved = self.proof(b"{}", way, SECRET)
            self.platform.authenticate(WebhookRequest(proved.headers, query | dict(proved.query), b"{}"), bot)

    # What is said

    def test_a_text_is_read(self):
        [said] = self.platform.read(self.webhook(WORDS, "m1"), self.settings())
        assert isinstance(said, Message)
        assert (said.user, said.text, said.kind, said.by_bot) == (USER, WORDS, "text", False)

    def test_a_repeat_is_the_same_and_another_message_is_not(self):
        first, again, other = (
            self.platform.read(self.webhook(WORDS, id), self.settings())[0] for id in ("m1", "m1", "m2")
        )
        assert first == again
        assert first.id
        assert first.id != other.id

    def test_reading_changes_nothing(self):
        body = self.webhook(WORDS, "m1")
        before = copy.deepcopy(body)
        self.platform.read(body, self.settings())
        self.platform.bot_ids(body)
        assert body == before

    @EXAMPLES
    @given(json_values)
    def test_whatever_comes_is_read_or_refused_with_a_sentence(self, body):
        try:
            told = self.platform.read(body, self.settings())
        except BadInput as refusal:
            assert str(refusal)
        else:
            for each in told:
                assert not isinstance(each, Message) or each.user
        self.platform.bot_ids(body)

    @EXAMPLES
    @given(st.data())
    def test_a_webhook_with_one_odd_value_is_read_or_refused(self, data):
        body = data.draw(_altered(self.webhook(WORDS, "m1")))
        try:
            self.platform.read(body, self.settings())
        except BadInput as refusal:
            assert str(refusal)
        self.platform.bot_ids(body)

    # What is sent

    def test_every_provider_has_a_limit(self):
        for provider in self.platform.providers:
            assert self.platform.text_limit(provider) > 0

    async def test_the_longest_text_goes_whole_and_once(self):
        longest = "ñ" * self.platform.text_limit(self.provider)
        [asked] = (await self.sent(Reply(200, b"{}"), text=longest)).asked
        assert self.shown(asked) == longest

    async def test_a_repeat_is_the_same_request(self):
        wire = ScriptedWire([Reply(503, b""), Reply(200, b"{}")])
        platform, item = self.platform(wire), Item(Kind.TEXT, Origin.AGENT, WORDS)
        with pytest.raises(PlatformUnwell):
            await platform.send(self.settings(), Recipient(USER), item, "id-of-ours")
        await platform.send(self.settings(), Recipient(USER), item, "id-of-ours")
        first, second = wire.asked
        assert first == second
        assert ("id-of-ours" in json.dumps(first.body)) is self.carries_id

    @pytest.mark.parametrize("status", REPEATED)
    async def test_what_may_get_better_is_repeated_not_before_they_ask(self, status):
        trouble = await self.refusal(Reply(status, b"their words", retry_after=7.0))
        assert isinstance(trouble, PlatformUnwell)
        assert trouble.wait == 7.0
        _names_nobody(trouble)

    @pytest.mark.parametrize("status", GIVEN_UP)
    async def test_what_will_never_be_taken_is_given_up(self, status):
        trouble = await self.refusal(Reply(status, b"their words"))
        assert isinstance(trouble, PlatformRefused)
        _names_nobody(trouble)

    async def test_a_lost_answer_is_repeated(self):
        trouble = await self.refusal(Unreachable("ServerDisconnectedError"))
        assert isinstance(trouble, PlatformUnwell)
        _names_nobody(trouble)

    async def test_a_read_mark_is_one_request_or_none(self):
        wire = ScriptedWire([Reply(200, b"{}")])
        await self.platform(wire).seen(self.settings(), Recipient(USER, last="m1"))
        assert len(wire.asked) == (1 if self.platform.wants_recipient else 0)

    async def test_typing_is_shown_or_the_platform_says_that_it_has_none(self):
        wire = ScriptedWire([Reply(200, b"{}")] * 2)  # a read mark may go before it
        await self.platform(wire).typing(self.settings(), Recipient(USER, last="m1"), True)
        assert bool(wire.asked) is self.platform.shows_typing

    async def test_a_registration_that_gets_no_answer_may_be_repeated(self):
        for verb in ("register", "remove"):
            platform = self.platform(ScriptedWire([Unreachable("ClientConnectorError")] * 9))
            with pytest.raises(PlatformUnwell) as caught:
                await getattr(platform, verb)(self.settings(), f"https://bridge.example.org/x?token={SECRET}")
            _names_nobody(caught.value)

    # How it is

    @pytest.mark.parametrize("answer", [Reply(200, b"{}"), Reply(404, b""), Reply(503, b""), Unreachable("DNS")])
    async def test_asking_how_it_is_never_fails_and_prints_no_secret(self, answer):
        found = await self.platform(ScriptedWire([answer] * 9)).check(self.settings())
        _is_a_report(found, answer)


class StateApiContract:
    """The same for a way to tell a bot."""

    name: str  # its line in STATE_APIS
    more: dict[str, Any] = {}
    repeated: tuple[int, ...] = REPEATED
    given_up: tuple[int, ...] = GIVEN_UP

    @property
    def api(self) -> type[StateApi]:
        return STATE_APIS[self.name]

    def settings(self, **differently: Any) -> Any:
        return self.api.settings(row(**({"state_token": Secret(TOKEN)} | self.more | differently)))

    async def told(self, wire: ScriptedWire) -> None:
        event = StateChange("from-sf-success", EventType.ENDED, 1772000000123)
        await self.api(wire).tell(self.settings(), USER, event, "id-of-ours")

    def test_it_says_what_it_is(self):
        assert self.api.label
        assert set(self.api.needs) <= {field.name for field in Bot._meta.get_fields()}
        assert Bot(slug="b", state_api=self.name).get_state_api_display() == self.api.label

    def test_what_it_needs_is_asked_for(self):
        bot = Bot(slug="b", state_api=self.name)
        for name in self.api.needs:
            setattr(bot, name, "")
        assert set(self.api.needs) <= set(bot.mistakes())

    def test_its_settings_print_no_secret(self):
        assert TOKEN not in repr(self.settings())

    async def test_a_state_names_its_user(self):
        wire = ScriptedWire([Reply(200, b"{}")])
        await self.told(wire)
        [asked] = wire.asked
        assert USER in json.dumps(asked.body)
        assert "from-sf-success" in asked.url + json.dumps(asked.body)

    async def test_what_may_get_better_is_repeated(self):
        for answer in (*(Reply(status, b"") for status in self.repeated), Unreachable("ServerDisconnectedError")):
            wire = ScriptedWire([answer, Reply(200, b"{}")])
            with pytest.raises(PlatformUnwell) as caught:
                await self.told(wire)
            _names_nobody(caught.value)
            await self.told(wire)
            first, second = wire.asked
            assert (first.url, first.body) == (second.url, second.body)

    async def test_what_will_never_be_taken_is_given_up(self):
        for status in self.given_up:
            with pytest.raises(PlatformRefused):
                await self.told(ScriptedWire([Reply(status, b"")]))

    def test_it_says_what_of_its_columns_would_not_work(self):
        """A bot that has what it needs is told nothing; whatever stands there, it is answered."""
        assert not self.api.mistakes(row(**self.more))
        self.api.mistakes(row(state_url="", state_token=Secret("")))

    @pytest.mark.parametrize("answer", [Reply(200, b"{}"), Reply(503, b""), Unreachable("DNS")])
    async def test_asking_how_it_is_never_fails_and_prints_no_secret(self, answer):
        _is_a_report(await self.api(ScriptedWire([answer] * 5)).check(self.settings()), answer)


def _names_nobody(error: BridgeError) -> None:
    for word in (USER, WORDS, SECRET, TOKEN, "example.org"):
        assert word not in str(error)


def _is_a_report(found: Any, answer: Reply | Exception) -> None:
    assert {each.level for each in found} <= LEVELS
    assert not any(secret in each.what + each.mend for each in found for secret in (SECRET, TOKEN))
    if isinstance(answer, Exception):
        assert any(each.level == "error" and each.mend for each in found)


@st.composite
def _altered(draw: Any, body: Any) -> Any:
    """`body` with one of its values, however deep, replaced or left out."""
    if not isinstance(body, dict | list) or not body or draw(st.integers(0, 4)) == 0:
        return draw(json_values)
    if isinstance(body, list):
        place = draw(st.integers(0, len(body) - 1))
        return [*body[:place], draw(_altered(body[place])), *body[place + 1 :]]
    name = draw(st.sampled_from(sorted(body)))
    if draw(st.integers(0, 4)) == 0:
        return {key: value for key, value in body.items() if key != name}
    return body | {name: draw(_altered(body[name]))}
