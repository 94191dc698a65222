"""Rules with many cases, tried on many cases."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from interconnections.blanks import is_blank
from interconnections.bridge.message_ids import message_id
from interconnections.desks.live_agent.events import MEANINGS
from interconnections.desks.live_agent.reader import (
    read_poll,
    read_post,
    read_reconnect,
    read_session,
)
from interconnections.errors import BadInput, DeskError
from interconnections.http.connect_body import REQUIRED, read_wish
from interconnections.pieces import pieces
from interconnections.platforms.messages import Message, Skipped
from interconnections.platforms.yalo.reader import MEDIA, read_whatsapp
from interconnections.texts import TEMPLATES, completed, mistakes
from tests.unit.payloads import ROOT

many = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])

# Texts that are hard to cut and hard to store: joined emoji, flags, marks, Hangul, halves of emoji, NUL, entities.
HARD = [
    "👩‍🔬", "🇲🇽", "🇲", "e\u0301", "\u0301", "\u200d", "\ufe0f", "각", "ᄀ", "ᅡ", "ᆨ",
    "\u0600", "\r\n", "\n", " ", "\u00a0", "&lt;", "\0", "\ud83d", "\ude00", "👍🏽", "a", "कि", "\U000e0041",
]  # fmt: skip
hard_texts = st.lists(st.sampled_from(HARD), max_size=60).map("".join) | st.text(st.characters(), max_size=40)
WORDS = [
    "type", "message", "messages", "sequence", "offset", "text", "name", "reason", "id", "key", "affinityToken",
    "clientPollTimeout", "userId", "position", "chatMessages", "content", "from", "to", "timestamp", "body", "url",
    "resetSequence", "userID", "provider", "botSlug", "extraData", "image", "fileToken",
]  # fmt: skip
words = st.sampled_from([*WORDS, *MEANINGS, *MEDIA, "Agent", "Chasitor", "whatsapp", "status"])
numbers = st.integers() | st.floats() | st.just(10**400) | st.sampled_from([0, -1, 10**18, 2**63])
scalars = (
    st.none() | st.booleans() | numbers | hard_texts | words | st.from_regex(r"-?\d{1,40}(\.\d+)?", fullmatch=True)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words | hard_texts, inner, max_size=6),
    max_leaves=25,
)


def as_sent(value: object) -> bytes:
    return json.dumps(value).encode()


def storable(*texts: str) -> None:
    for text in texts:
        text.encode("utf-8")


# pieces


def borders(text: str) -> set[int]:
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


def shown(text: str) -> str:
    return "".join(letter for letter in text if not is_blank(letter))


@many
@given(hard_texts, st.integers(1, 12))
@example("\u0600🇲🇽🇲🇽", 2)
@example("xxxxx" + " " * 30 + "yyyyy\n\n", 5)
@example("👩‍🔬" * 3, 2)
@example("e" + "\u0301" * 200 + "x", 5)
def test_pieces_joined_are_the_text_and_each_is_within_the_limit(text, limit):
    cut = pieces(text, limit)
    assert shown("".join(cut)) == shown(text)
    assert all(len(piece) <= limit for piece in cut)
    assert cut == [text] or not any(is_blank(piece) for piece in cut)


@many
@given(hard_texts, st.integers(1, 12))
@example("\u0600🇲🇽🇲🇽", 2)
@example("👩‍🔬" * 3, 3)
@example("x" + "🇲🇽" * 5, 4)
def test_no_grapheme_is_cut_but_one_longer_than_the_limit(text, limit):
    cut_at, end = set(), 0
    for piece in pieces(text, limit)[:-1]:
        end = text.index(piece, end) + len(piece)
        cut_at.add(end)
    for match in regex.finditer(r"\X", text):
        if match.end() - match.start() <= limit:
            assert not any(match.start() < place < match.end() for place in cut_at), repr(match.group())


@many
@given(st.text("ab \n", max_size=300), st.integers(4, 40))
def test_a_cut_comes_after_a_space_where_there_is_one_in_the_second_half(text, limit):
    for piece in pieces(text, limit)[:-1]:
        late = piece[limit // 2 :]
        assert piece[-1].isspace() or not any(character.isspace() for character in late[:-1])


@many
@given(hard_texts)
def test_a_text_that_fits_is_one_piece(text):
    assert pieces(text, max(1, len(text))) == [text]


def test_a_very_long_text_is_cut_in_no_time():
    text = "palabra 👩‍🔬 " * 100_000
    cut = pieces(text, 4000)
    assert "".join(cut) == text.rstrip()


# Live Agent's readers


def read_whole(status: int, content: bytes) -> Iterator[Any]:
    for read in (read_session, read_poll, read_post, read_reconnect):
        try:
            yield read(status, content)
        except DeskError:
            continue


statuses = st.sampled_from([200, 200, 200, 204, 302, 400, 403, 409, 500, 503]) | st.integers(100, 999)


@many
@given(
    statuses, anything.map(as_sent) | st.binary(max_size=200) | hard_texts.map(lambda t: t.encode("utf-8", "replace"))
)
@example(200, b"[" * 100_000)
@example(200, b'{"messages":' * 100_000)
@example(200, b"\xff\xfe{\x00")
@example(200, b'{"sequence":' + b"9" * 5000 + b"}")
def test_no_answer_raises_anything_but_a_desk_error(status, content):
    list(read_whole(status, content))


answers = st.fixed_dictionaries(
    {"messages": st.lists(anything | st.fixed_dictionaries({"type": words, "message": anything}), max_size=6)},
    optional={"sequence": st.integers(-1, 9), "offset": anything},
)


@many
@given(answers.map(as_sent))
def test_what_is_read_of_a_poll_can_be_stored(content):
    for read in read_whole(200, content):
        for event in getattr(read, "events", ()):
            storable(event.type, event.kept, str(event.news))
            assert len(event.type) <= 80
            assert len(event.kept) <= 8_001


@many
@given(
    st.fixed_dictionaries(
        {"id": anything, "key": anything, "affinityToken": anything}, optional={"clientPollTimeout": anything}
    ).map(as_sent)
)
def test_what_is_read_of_a_session_can_be_stored(content):
    for read in read_whole(200, content):
        if read:
            storable(read.id, read.key.reveal(), read.affinity.reveal())
            assert 0 < read.poll_timeout <= 300


def with_strangers(value: Any, strangers: dict[str, Any]) -> Any:
    """The same JSON, and keys that nobody knows in every object of it."""
    if isinstance(value, dict):
        return {name: with_strangers(inner, strangers) for name, inner in value.items()} | strangers
    return [with_strangers(inner, strangers) for inner in value] if isinstance(value, list) else value


strangers = st.dictionaries(st.text("xyz-", min_size=1).map(lambda name: f"x-{name}"), anything, max_size=3)
recorded = {
    folder: [json.loads(path.read_text()) for path in sorted((ROOT / folder).glob("*.json"))]
    for folder in ("live_agent/poll", "live_agent/session", "live_agent/reconnect", "yalo/webhooks", "yalo/connect")
}


def outcome(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except (DeskError, BadInput) as error:
        return (type(error), str(error))


@many
@given(st.sampled_from([case for case in recorded["live_agent/poll"] if "body" in case]), strangers)
def test_unknown_keys_never_change_the_news(case, unknown):
    def news(body):
        poll = outcome(read_poll, case["status"], as_sent(body))
        if not hasattr(poll, "events"):
            return poll
        return poll.sequence, poll.offset, [(event.type, event.news) for event in poll.events]

    assert news(with_strangers(case["body"], unknown)) == news(case["body"])


@many
@given(
    st.sampled_from([(read_session, case) for case in recorded["live_agent/session"] if "body" in case])
    | st.sampled_from([(read_reconnect, case) for case in recorded["live_agent/reconnect"] if "body" in case]),
    strangers,
)
def test_unknown_keys_never_change_a_session(reader_and_case, unknown):
    read, case = reader_and_case
    assert outcome(read, case["status"], as_sent(with_strangers(case["body"], unknown))) == outcome(
        read, case["status"], as_sent(case["body"])
    )


# Yalo's readers

webhooks = anything | st.fixed_dictionaries(
    {"type": words | hard_texts, "id": hard_texts, "timestamp": hard_texts | numbers.map(str)},
    optional=dict.fromkeys(("from", "to", "text", *MEDIA), anything),
)


@many
@given(webhooks)
def test_no_webhook_raises_anything_but_bad_input(body):
    try:
        told = read_whatsapp(body)
    except BadInput as fault:
        storable(str(fault))
        return
    if isinstance(told, Skipped):
        storable(told.kind)
        return
    assert isinstance(told, Message)
    storable(told.user, told.id, told.kind, told.text, told.url, told.mime_type, told.caption)
    assert told.user
    assert told.id
    assert told.at is None or 0 <= told.at < 10**14


@many
@given(st.sampled_from(recorded["yalo/webhooks"]), strangers)
def test_unknown_keys_never_change_what_a_webhook_says(case, unknown):
    assert outcome(read_whatsapp, with_strangers(case["body"], unknown)) == outcome(read_whatsapp, case["body"])


wishes = anything | st.fixed_dictionaries(
    {key: words | hard_texts for key, _ in REQUIRED.values()}
    | {"provider": st.sampled_from(["whatsapp", "facebook"])},
    optional={"phoneNumber": anything, "extraData": anything, "USERID": anything},
)


@many
@given(wishes)
def test_no_wish_raises_anything_but_bad_input(body):
    try:
        wish = read_wish(body)
    except BadInput as fault:
        storable(str(fault))
        return
    storable(wish.user_id, wish.name, wish.bot_slug, wish.bot_id, wish.email, wish.phone_number)
    storable(json.dumps(wish.extra, ensure_ascii=False, allow_nan=False))
    assert all((wish.user_id, wish.name, wish.bot_slug, wish.bot_id, wish.email))
    assert wish.provider in ("whatsapp", "messenger")


@many
@given(st.sampled_from([case for case in recorded["yalo/connect"] if isinstance(case["body"], dict)]), strangers)
def test_unknown_keys_never_change_a_wish(case, unknown):
    assert outcome(read_wish, case["body"] | unknown) == outcome(read_wish, case["body"])


# Ids and words


@many
@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 10**9).map(str))
def test_a_messages_id_is_36_lower_case_characters_and_digits_and_stays(session, number):
    id = message_id(session, number)
    assert regex.fullmatch(r"[0-9a-z]{36}", id)
    assert message_id(session, number) == id


@given(st.lists(st.integers(0, 10**6), min_size=50, max_size=50, unique=True))
def test_different_messages_have_different_ids(numbers):
    assert len({message_id("7a0b7d5e", str(number)) for number in numbers}) == 50


@many
@given(anything)
def test_texts_that_have_no_mistakes_can_be_completed(texts):
    if not mistakes(texts):
        own = completed(texts, "es")
        assert set(own) == set(TEMPLATES)
        assert all(isinstance(text, str) for text in own.values())


@pytest.mark.parametrize("folder", recorded)
def test_there_is_something_to_add_unknown_keys_to(folder):
    assert recorded[folder]
