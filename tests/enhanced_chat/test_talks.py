"""Whole conversations over Enhanced Chat."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from interconnections.bridge.hang_up import finish
from interconnections.desks.enhanced_chat.client import EnhancedChat
from interconnections.errors import StartFailed
from interconnections.store import leases, polls
from interconnections.store.keys import key
from interconnections.worker import follower
from tests.enhanced_chat.conftest import Messaging, Talk, until
from tests.simulator import enhanced
from tests.simulator.enhanced import Guest


async def test_what_users_say_while_they_wait_goes_at_once(messaging: Messaging) -> None:
    messaging.worker()
    talk = await messaging.connects()
    await talk.says("hola", "¿hay alguien?")
    await talk.agent_heard("hola", "¿hay alguien?")
    assert (await talk.fields())["status"] == "OnHold"


async def test_a_chat_that_begins_with_a_file_which_nobody_can_bring_is_routed(messaging: Messaging) -> None:
    messaging.worker()
    talk = await messaging.connects()
    await talk.shows("https://127.0.0.1/foto.jpg")  # nothing is fetched from there
    await talk.says("hola")

    async def all_there() -> bool:
        return (await talk.heard())[-2:] == ["https://127.0.0.1/foto.jpg", "hola"]

    await until(all_there)
    assert (await talk.chat())["unrouted"] == []


@pytest.mark.parametrize("verified", [True, False])
async def test_both_sides_talk_until_the_agent_ends_it(messaging: Messaging, verified: bool) -> None:
    if not verified:
        messaging.anonymously()
    messaging.worker()
    talk = await messaging.asks()
    await talk.agent("accept", name="Luz R.")
    await talk.becomes("Active")
    await talk.agent("say", text="Buenas tardes")
    await talk.says("mi pedido no llega", "¿lo ve?")
    await talk.agent_heard("hola", "mi pedido no llega", "¿lo ve?")
    await talk.agent("say", text="Lo veo")
    await talk.user_was_told("Buenas tardes", "Lo veo")
    await talk.agent("end")
    fields = await talk.becomes("Closed")
    assert fields["reason"] == "agent ended"
    assert (await talk.chat())["closed"] is True


async def test_the_history_and_the_welcome_are_the_first_message(messaging: Messaging) -> None:
    talk = await messaging.connects()
    assert talk  # opened by the web process alone
    chat = await talk.chat()
    sent = {row["label"]: row["value"] for row in chat["prechat_details"]}
    assert sent == {"_firstName": "Ana P.", "_email": "ana@example.org"}
    assert (await talk.fields())["desk"] == "enhanced_chat"


async def test_a_failed_verification_opens_nothing(messaging: Messaging) -> None:
    await messaging.sim.rules(verification_fails=True)
    with pytest.raises(StartFailed, match="did not verify"):
        await messaging.connects("5215500009")
    assert (await messaging.sim.do("GET", "/chats"))["chats"] == []
    await messaging.sim.rules(verification_fails=False)
    assert await messaging.connects("5215500009")


async def test_a_worker_that_dies_is_followed_by_another_and_nothing_comes_twice(messaging: Messaging) -> None:
    first = messaging.worker()
    talk = await messaging.asks()
    await talk.agent("accept")
    await talk.becomes("Active")
    await talk.agent("say", text="uno")
    await talk.user_was_told("uno")
    await first.die()
    await talk.agent("say", text="dos")
    await talk.says("sigo aquí")
    second = messaging.worker()
    await talk.user_was_told("uno", "dos")
    await talk.agent_heard("hola", "sigo aquí")
    counted = [worker.bridge.tally.totals["gaps filled"] for worker in (first, second)]
    assert counted == [0, 1]  # what the first look at a chat finds fills none


@pytest.mark.parametrize("trouble", ["drop", "duplicate", "unknown", "foreign", "forget", "expired", "401"])
async def test_a_stream_in_trouble_loses_and_doubles_nothing(
    messaging: Messaging, served: Talk, trouble: str
) -> None:
    await messaging.sim.rules(stream_trouble=[trouble], stream_trouble_every=3)
    said = [f"texto {n}" for n in range(8)]
    for words in said:
        await served.agent("say", text=words)
    await served.user_was_told(*said)


async def test_a_lost_answer_is_looked_for_before_it_is_sent_again(messaging: Messaging) -> None:
    messaging.worker()
    talk = await messaging.connects()
    await messaging.sim.fault("send_message", "drop_after", times=2)
    await talk.says("uno", "dos", "tres")
    await talk.agent_heard("uno", "dos", "tres")


async def test_choices_are_answered_by_number(served: Talk) -> None:
    await served.agent("choices", text="Elija", options=["Pedidos", "Pagos"])
    await served.user_was_told("Elija\n1. Pedidos\n2. Pagos")
    await served.says("2", "2")

    async def answered() -> Any:
        return len((await served.chat())["heard"]) == 3

    await until(answered)
    assert (await served.heard())[1:] == ["Pagos", "2"]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """When an option was taken by the desk, and when its answer may go on."""
    choose, chosen, goes_on = EnhancedChat.choose, asyncio.Event(), asyncio.Event()

    async def chooses_slowly(*what: Any, **more: Any) -> str:
        answer = await choose(*what, **more)
        chosen.set()
        await goes_on.wait()
        return answer

    monkeypatch.setattr(EnhancedChat, "choose", chooses_slowly)
    return chosen, goes_on


async def test_what_is_offered_while_an_answer_is_on_its_way_can_be_answered(
    served: Talk, slow: tuple[asyncio.Event, asyncio.Event]
) -> None:
    chosen, goes_on = slow
    await served.agent("choices", text="Elija", options=["Pedidos", "Pagos"])
    await served.user_was_told("Elija\n1. Pedidos\n2. Pagos")
    await served.says("2")
    await chosen.wait()
    await served.agent("choices", text="¿Seguro?", options=["Sí", "No"])
    await served.user_was_told("Elija\n1. Pedidos\n2. Pagos", "¿Seguro?\n1. Sí\n2. No")
    goes_on.set()
    await served.says("1")
    await served.agent_heard("hola", "Pagos", "Sí")


async def test_options_are_answered_once_though_the_agent_speaks_meanwhile(
    served: Talk, slow: tuple[asyncio.Event, asyncio.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before the answer was settled is learnt after it: it says that nothing is answered yet."""
    chosen, goes_on = slow
    store, stored, learnt = polls.store_news, asyncio.Event(), asyncio.Event()

    async def answers_late(*what: Any, **more: Any) -> polls.Stored:
        answer = await store(*what, **more)
        if any(change.to_user for change in more["changes"]):
            stored.set()
            await learnt.wait()
        return answer

    async def settled() -> bool:
        return (await served.fields())["choices"] == ""

    await served.agent("choices", text="Elija", options=["Pedidos", "Pagos"])
    await served.user_was_told("Elija\n1. Pedidos\n2. Pagos")
    monkeypatch.setattr(polls, "store_news", answers_late)
    await served.says("2")
    await chosen.wait()
    await served.agent("say", text="¿seguro?")
    await stored.wait()
    goes_on.set()
    with suppress(TimeoutError):  # it waits until the news are learnt
        await until(settled, 0.5)
    learnt.set()
    await until(settled)
    await served.says("2")
    await served.agent_heard("hola", "Pagos", "2")


async def test_an_agents_file_reaches_the_user_as_a_link(served: Talk) -> None:
    await served.agent("file", name="guia.pdf", content="SG9sYQ==", type="application/pdf", text="la guía")

    async def came() -> bool:
        return bool(await served.told())

    await until(came)
    [words] = served.read
    assert words.startswith("la guía\nguia.pdf\nhttp")


async def test_a_transfer_keeps_the_chat_and_an_agent_who_leaves_it_to_the_queue_too(waiting: Talk) -> None:
    await waiting.agent("accept", name="Luz R.")
    await waiting.becomes("Active")
    await waiting.agent("transfer", name="Raúl S.")
    await waiting.agent("requeue")

    async def waits() -> bool:
        return (await waiting.fields()).get("waitingAgain") == "1"

    await until(waits)
    await waiting.says("¿sigue alguien?")
    await waiting.agent_heard("hola", "¿sigue alguien?")
    await waiting.agent("accept", name="Inés M.")

    async def served() -> bool:
        fields = await waiting.fields()
        return (fields.get("waitingAgain"), fields["agentName"]) == ("0", "Inés M.")

    await until(served)
    assert (await waiting.fields())["status"] == "Active"


async def test_a_routing_failure_ends_it_with_its_reason(waiting: Talk) -> None:
    await waiting.agent("refuse")
    fields = await waiting.becomes("Failed")
    assert fields["reason"] == "no agent"
    assert (await waiting.chat())["closed"] is True


async def test_the_bots_finish_closes_the_conversation(messaging: Messaging, waiting: Talk) -> None:
    assert await finish(messaging.bridge, waiting.user, [messaging.bot.slug])
    fields = await waiting.becomes("Closed")
    assert fields["reason"] == "bot finished"
    assert (await waiting.chat())["closed"] is True


async def test_what_another_client_of_the_user_closes_is_over(messaging: Messaging, served: Talk) -> None:
    _, tokens = await leases.load(messaging.redis, served.id)
    other = Guest(messaging.sim, tokens["sessionKey"].reveal(), "0", served.user, enhanced.VERIFIED, served.session)
    assert (await other.mine("DELETE", params={"esDeveloperName": enhanced.VERIFIED})).status == 204
    fields = await served.becomes("Closed")
    assert fields["reason"] == "agent ended"  # Ended is told first, and who ended it is not told reliably
    again = await messaging.connects(served.user)
    assert (await again.chat())["closed"] is False


async def test_an_anonymous_token_that_ends_loses_the_session_once(messaging: Messaging) -> None:
    messaging.anonymously()
    messaging.worker()
    talk = await messaging.asks()
    await messaging.sim.do("POST", "/enhanced/expire", {"chat": talk.session})
    await talk.says("¿hola?")
    fields = await talk.becomes("Closed")
    assert fields["reason"] == "session lost"


async def test_a_verified_token_that_ends_is_renewed(messaging: Messaging, served: Talk) -> None:
    await messaging.sim.do("POST", "/enhanced/expire", {"chat": served.session})
    await served.says("sigo")
    await served.agent("say", text="yo también")
    await served.agent_heard("hola", "sigo")
    await served.user_was_told("yo también")


async def test_what_was_left_open_is_closed_before_a_new_one_begins(messaging: Messaging) -> None:
    talk = await messaging.connects("5215500077")
    row = key("hash", talk.id)
    await messaging.redis.hset(row, "status", "Closed")  # as if its last call had been lost
    await messaging.redis.delete(key("user", messaging.bot.slug, talk.user))
    again = await messaging.connects("5215500077")
    assert (await talk.chat())["closed"] is True
    assert (await again.chat())["closed"] is False


async def test_what_could_not_be_stored_is_told_again(served: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    really, stumbles = follower.transitions.changes_for, [1]

    def once_wrong(*what: Any, **more: Any) -> Any:
        if stumbles:
            stumbles.pop()
            raise RuntimeError("a bug")
        return really(*what, **more)

    monkeypatch.setattr(follower.transitions, "changes_for", once_wrong)
    await served.agent("say", text="uno")
    await served.agent("say", text="dos")
    await served.user_was_told("uno", "dos")


async def test_the_goodbye_is_not_said_where_the_bot_ended_it(messaging: Messaging) -> None:
    messaging.bot = replace(messaging.bot, texts={**messaging.bot.texts, "goodbye": "Adiós"})
    messaging.worker()
    talk = await messaging.asks()
    await talk.agent("accept")
    await talk.becomes("Active")
    await finish(messaging.bridge, talk.user, [messaging.bot.slug])
    await talk.becomes("Closed")
    assert "Adiós" not in await talk.told()


async def test_a_stream_is_closed_when_its_chat_is_over(served: Talk) -> None:
    await served.agent("end")
    await served.becomes("Closed")

    async def none_open() -> bool:
        return (await served.chat())["streams"]["open"] == 0

    await until(none_open)
    assert (await served.chat())["streams"]["double"] == 0
