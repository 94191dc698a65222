"""The line that all share answers as the pool does, whatever becomes of its connection and of those who wait."""

import asyncio
import os
from collections.abc import Callable
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import DataError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from interconnections.store import address, line
from interconnections.store.client import LineClient
from interconnections.store.connection import AsyncRedis
from tests.store.proxy import UP, proxy

URL = os.environ["REDIS_URL"]
KINDS = {"line": LineClient, "pool": lambda pool: Redis(connection_pool=pool)}


@asynccontextmanager
async def client(url: str, kind: str = "line"):  # type: ignore[no-untyped-def]
    made = KINDS[kind](address.pool(url, None, 64))
    try:
        yield made
    finally:
        await made.aclose()


@pytest.fixture
async def redis(store):  # type: ignore[no-untyped-def]
    async with client(URL) as made:
        yield made


COMMANDS: list[Callable[[AsyncRedis], object]] = [
    lambda redis: redis.set("word", "ñ"),
    lambda redis: redis.set("word", "x", nx=True),
    lambda redis: redis.get("word"),
    lambda redis: redis.get("nothing"),
    lambda redis: redis.get(7),
    lambda redis: redis.set("number", 1.5, px=60_000),
    lambda redis: redis.mget("word", "number", "nothing"),
    lambda redis: redis.hset("hash", mapping={"a": "1", "b": 2}),
    lambda redis: redis.hgetall("hash"),
    lambda redis: redis.hgetall("nothing"),
    lambda redis: redis.hget("hash", "b"),
    lambda redis: redis.hmget("hash", "a", "c"),
    lambda redis: redis.hgetall("word"),
    lambda redis: redis.exists("word", "hash", "nothing"),
    lambda redis: redis.pexpire("hash", 60_000),
    lambda redis: redis.xadd("stream", {"a": "1"}, id="1-1"),
    lambda redis: redis.xadd("stream", {"a": "1"}, id="1-1"),
    lambda redis: redis.xrange("stream"),
    lambda redis: redis.xrevrange("stream", count=1),
    lambda redis: redis.zadd("sorted", {"a": 1, "b": 2.5}),
    lambda redis: redis.zrange("sorted", 0, -1),
    lambda redis: redis.zrange("sorted", 0, -1, withscores=True),
    lambda redis: redis.zrangebyscore("sorted", 1, 2),
    lambda redis: redis.zcount("sorted", "-inf", "+inf"),
    lambda redis: redis.smismember("set", ["a", "b"]),
    lambda redis: redis.smembers("set"),
    lambda redis: redis.evalsha("0" * 40, 0),
    lambda redis: redis.eval("return {1, 'a', false, {'b'}}", 0),
    lambda redis: redis.eval("return redis.error_reply('MINE it failed')", 0),
    lambda redis: redis.eval("return ARGV", 0, "", "a b", "\r\n", b"c", 3, 2.5, -1),
    lambda redis: redis.eval("error('x')", 0),
    lambda redis: redis.ping(),
    lambda redis: redis.get(None),
    lambda redis: redis.get(["a"]),
    lambda redis: redis.get("\ud800"),
    lambda redis: redis.eval("return '\xff'", 0),
    lambda redis: redis.eval("return {'a', '\\255'}", 0),
]


async def said(asked) -> object:  # type: ignore[no-untyped-def]
    try:
        return await asked
    except DataError as error:
        return type(error)
    except (RedisError, UnicodeError) as error:
        return type(error), str(error)


async def test_it_answers_as_the_pool_does(store) -> None:  # type: ignore[no-untyped-def]
    answers = []
    for kind in ("pool", "line"):
        await store.flushdb()
        async with client(URL, kind) as redis:
            answers.append([await said(command(redis)) for command in COMMANDS])
    for number, (pooled, lined) in enumerate(zip(*answers, strict=True)):
        assert lined == pooled, number


@pytest.mark.parametrize(("asked", "pieces"), [(16, [16]), (50, [16, 16, 16, 2])])
async def test_what_is_asked_in_one_turn_is_written_at_once_of_much_the_first_before(  # type: ignore[no-untyped-def]
    redis, monkeypatch, asked: int, pieces: list[int]
) -> None:
    await redis.ping()
    written, really = [], line._Call.write

    def write(call: line._Call, asked: list) -> None:  # type: ignore[type-arg]
        written.append(len(asked))
        really(call, asked)

    monkeypatch.setattr(line._Call, "write", write)
    await asyncio.gather(*(redis.ping() for _ in range(asked)))
    assert written == pieces


async def test_everybody_has_their_own_answer_whoever_gives_up(redis) -> None:  # type: ignore[no-untyped-def]
    async def ask(number: int) -> object:
        return await redis.eval("return ARGV[1]", 0, number)

    for turns in range(6):
        asking = [asyncio.ensure_future(ask(number)) for number in range(60)]
        for _ in range(turns):
            await asyncio.sleep(0)
        for each in asking[::3]:
            each.cancel()
        answers = await asyncio.gather(*asking, return_exceptions=True)
        for number, answer in enumerate(answers):
            assert answer == str(number) or (number % 3 == 0 and isinstance(answer, asyncio.CancelledError))


async def test_of_whoever_gives_up_at_once_nothing_is_done(redis) -> None:  # type: ignore[no-untyped-def]
    await redis.ping()
    asking = asyncio.ensure_future(redis.set("word", "x"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert await redis.get("word") is None


async def test_an_answer_that_is_no_text_is_its_askers_trouble_alone(redis) -> None:  # type: ignore[no-untyped-def]
    """Whoever asks for it again and again must not hang up for everybody each time."""
    await redis.ping()
    call = redis.line._call
    asked = ["'\\255'" if number % 10 == 5 else f"'{number}'" for number in range(50)]
    answers = await asyncio.gather(*(redis.eval(f"return {each}", 0) for each in asked), return_exceptions=True)
    for number, answer in enumerate(answers):
        assert isinstance(answer, UnicodeDecodeError) if number % 10 == 5 else answer == str(number)
    assert redis.line._call is call


async def test_it_dials_again_when_the_server_hangs_up(redis, store) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        assert await redis.ping()
        await store.execute_command("CLIENT KILL TYPE normal SKIPME yes")
    assert await asyncio.gather(*(redis.ping() for _ in range(20))) == [True] * 20


async def test_a_server_that_says_nothing_is_left(store) -> None:  # type: ignore[no-untyped-def]
    async with proxy(URL) as way:
        async with client(f"{way.url}?socket_timeout=0.1") as redis:
            assert await redis.ping()
            way.silent = True
            with pytest.raises(RedisTimeoutError):
                await redis.line.ask("PING")
            way.silent = False
            assert await redis.ping()


async def test_nobody_there_is_a_lost_connection() -> None:  # type: ignore[no-untyped-def]
    async with client("redis://127.0.0.1:1/0") as redis:
        answers = await asyncio.gather(*(redis.ping() for _ in range(5)), return_exceptions=True)
        assert all(isinstance(answer, RedisConnectionError) for answer in answers)


async def test_not_more_ask_at_once_than_may_and_who_came_first_asks_first(redis) -> None:  # type: ignore[no-untyped-def]
    redis.line._places = 2
    answered: list[int] = []

    async def ask(number: int) -> None:
        await redis.line.ask("PING")
        answered.append(number)

    await asyncio.gather(*(ask(number) for number in range(50)))
    assert answered == list(range(50))
    assert redis.line._places == 2


async def test_whoever_gives_up_waiting_for_a_place_takes_nobodys(redis) -> None:  # type: ignore[no-untyped-def]
    redis.line._places = 1
    asked = [asyncio.create_task(redis.line.ask("PING")) for _ in range(6)]
    await asyncio.sleep(0)
    for given_up in asked[1:4]:
        given_up.cancel()
    assert len(await asyncio.gather(*asked[4:])) == 2
    await asyncio.gather(*asked, return_exceptions=True)
    assert redis.line._places == 1


async def test_whoever_gives_up_as_a_place_is_handed_over_hands_it_on(redis) -> None:  # type: ignore[no-untyped-def]
    redis.line._places = 1
    first, second, third = (asyncio.create_task(redis.line.ask("PING")) for _ in range(3))
    await first
    second.cancel()  # its place was handed over, and it does not know yet
    assert await third
    assert redis.line._places == 1


async def test_who_waits_too_long_for_a_turn_is_told(redis, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    redis.line._places = 0
    monkeypatch.setattr(line, "PATIENCE", 0.01)
    with pytest.raises(RedisConnectionError, match="Too many"):
        await redis.line.ask("PING")


async def test_whoever_waits_when_it_is_closed_is_told(store) -> None:  # type: ignore[no-untyped-def]
    async with proxy(URL) as way, client(way.url) as redis:
        await redis.ping()
        way.silent = True
        asking = [asyncio.ensure_future(redis.line.ask("PING")) for _ in range(3)]
        while not way.passed[UP]:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        await redis.line.close()
        answers = await asyncio.gather(*asking, redis.line.ask("PING"), return_exceptions=True)
        assert all(isinstance(answer, RedisConnectionError) for answer in answers)


async def test_what_cannot_be_said_is_refused_before_it_is_asked(redis) -> None:  # type: ignore[no-untyped-def]
    for strange in (None, ["a"], {"a": 1}):
        with pytest.raises(DataError):
            await redis.line.ask("GET", strange)
    assert await redis.ping()
