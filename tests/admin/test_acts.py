"""Supervisors' acts: who may, what is asked, that twice does nothing twice, and what stays in the history."""

import html
import re

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.errors import StoreAway
from interconnections.models import Bot
from interconnections.store import by_hand
from interconnections.store.keys import key
from tests.admin.conftest import person
from tests.admin.test_ending import URL, lane_of, one, over

WHY = "The customer called us instead"


@pytest.fixture
def steers(client, db):
    """Log in as somebody with these rights besides looking."""

    def rights(*names):
        client.force_login(person("ada", "view_interconnection", *names))
        return client

    return rights


def act(browser, session, name, reason=WHY, **more):
    page = browser.post(f"{URL}{session}/{name}/", {"reason": reason} | more, follow=True)
    return re.sub(r"\s+", " ", page.content.decode())


def hidden(page):
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


def test_a_note_stands_in_the_timeline_and_the_history_once(steers, tell):
    browser, session = steers("note_interconnection"), tell()
    assert "Write a note" in browser.get(f"{URL}{session}/change/").content.decode()
    assert "Neither the user nor the agent reads it" in browser.get(f"{URL}{session}/note/").content.decode()
    assert "Write something." in act(browser, session, "note", reason=" ")
    page = act(browser, session, "note", reason="calls back on Monday")
    assert "1 note is written." in page
    assert "ada noted: calls back on Monday" in page
    assert "1 stood there already." in act(browser, session, "note", reason="calls back on Monday")
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.change_message) == (session, "Noted: calls back on Monday")


def test_a_note_may_name_no_number(steers, tell):
    browser, session = steers("note_interconnection"), tell()
    assert "Leave out people&#x27;s numbers" in act(browser, session, "note", reason="call 5215512345678")
    assert not LogEntry.objects.exists()


def test_a_note_may_be_longer_than_a_reason_and_not_as_long_as_one_likes(steers, tell):
    browser, session = steers("note_interconnection"), tell()
    assert 'maxlength="1000"' in browser.get(f"{URL}{session}/note/").content.decode()
    assert "has at most 1000 characters (it has 1001)" in act(browser, session, "note", reason="x" * 1001)
    assert "1 note is written." in act(browser, session, "note", reason="x" * 1000)


def test_many_are_noted_some_at_a_time_and_a_page_tells_how_far_it_is(steers, tell, monkeypatch):
    monkeypatch.setattr("interconnections.admin.steering.AT_A_TIME", 2)
    browser = steers("note_interconnection")
    sessions = [tell(user=f"52155000000{n}") for n in range(5)]
    order = {"action": "note", "_selected_action": sessions[:1], "select_across": "1", "index": "0"}
    asked = browser.post(f"{URL}?status__exact=Active", order).content.decode()
    assert "Write a note on the selected conversations (5)" in asked
    page = browser.post(f"{URL}many/note/", hidden(asked) | {"reason": WHY}).content.decode()
    for done in (2, 4):
        assert f"{done} of 5 are done." in page
        assert LogEntry.objects.count() == done
        answer = browser.post(f"{URL}many/note/", hidden(page), follow=True)
        page = answer.content.decode()
    assert "5 notes are written." in page
    assert answer.redirect_chain[-1][0] == f"{URL}?status__exact=Active"
    assert sorted(entry.object_id for entry in LogEntry.objects.all()) == sorted(sessions)


@pytest.mark.parametrize("rights", [(), ("close_interconnection",)])
def test_without_the_right_nothing_is_offered_and_a_forged_post_is_refused(rights, steers, tell):
    browser, session = steers(*rights), tell()
    page = browser.get(f"{URL}{session}/change/").content.decode() + browser.get(URL).content.decode()
    assert "Write a note" not in page
    assert browser.post(f"{URL}{session}/note/", {"reason": WHY}).status_code == 403
    assert browser.post(f"{URL}many/note/", {"chosen": session, "reason": WHY}).status_code == 403
    assert not LogEntry.objects.exists()


def test_an_act_that_does_not_exist_is_not_found(steers, small):
    assert steers("note_interconnection").post(f"{URL}many/nothing/", {"reason": WHY}).status_code == 404


def lane_to_the_user(redis, session):
    return [entry.decode() for entry in redis.lrange(key("lane", one(session).id, "integration"), 0, -1)]


def test_what_a_supervisor_says_goes_to_the_user_once(steers, tell, small):
    browser, session = steers("say_interconnection"), tell()
    ticket = re.search(r'name="ticket" value="(\w+)"', browser.get(f"{URL}{session}/say/").content.decode())[1]
    before = lane_to_the_user(small, session)
    assert "Write something." in act(browser, session, "say", words=" ")
    page = act(browser, session, "say", words="We close\nat six.", ticket=ticket)
    assert "1 user is told." in page
    assert f"ada said something to the user: {WHY}" in page
    assert "1 was told already." in act(browser, session, "say", words="We close\nat six.", ticket=ticket)
    [said] = lane_to_the_user(small, session)[len(before) :]
    assert '["text", "bridge", "We close\\r\\nat six.", ""]' in said or "We close\\nat six." in said
    [entry] = LogEntry.objects.all()
    assert entry.change_message == f"Said to the user: {WHY}"


def test_what_was_said_as_redis_went_away_is_in_the_history_as_perhaps(steers, tell, small, monkeypatch):
    browser = steers("say_interconnection")
    sessions = [tell(user=f"52155000000{n}") for n in range(3)]
    really, asked = by_hand.say, []

    def say(redis, id, *more):
        asked.append(id)
        answer = really(redis, id, *more)
        if len(asked) == 2:
            raise StoreAway("its answer was lost")
        return answer

    monkeypatch.setattr(by_hand, "say", say)
    form = {"reason": WHY, "words": "Soon.", "chosen": ",".join(sessions)}
    assert browser.post(f"{URL}many/say/", form).status_code == 503
    said = f"Said to the user: {WHY}"
    written = {one(entry.object_id).id: entry.change_message for entry in LogEntry.objects.all()}
    assert written == {asked[0]: said, asked[1]: f"{said} (perhaps: Redis did not answer)"}
    page = browser.get(f"{URL}{asked[1].partition('-')[2]}/change/").content.decode()
    assert f"ada said something to the user: {WHY} (perhaps: Redis did not answer)" in page


def test_the_same_words_may_be_said_again_with_another_form(steers, tell, small):
    browser, session = steers("say_interconnection"), tell()
    for _ in range(2):
        assert "1 user is told." in act(browser, session, "say", words="Soon.")
    assert sum("Soon." in entry for entry in lane_to_the_user(small, session)) == 2


def test_nobody_is_told_anything_in_a_chat_that_is_over(steers, tell, small):
    browser, session = steers("say_interconnection"), over(small, tell())
    assert f"{URL}{session}/say/" not in browser.get(f"{URL}{session}/change/").content.decode()
    assert "1 is passed over." in act(browser, session, "say", words="Hello?")
    assert not any("Hello?" in entry for entry in lane_to_the_user(small, session))


@pytest.mark.parametrize("name", ["say", "note"])
@pytest.mark.parametrize("words", ["\u200b", " \u2060\u200d\n"])
def test_words_that_nobody_sees_are_refused(name, words, steers, tell, small):
    browser, session = steers("say_interconnection", "note_interconnection"), tell()
    before = lane_to_the_user(small, session)
    page = act(browser, session, name, **({"words": words} if name == "say" else {"reason": words}))
    assert "Write something that can be seen." in page
    assert lane_to_the_user(small, session) == before
    assert not LogEntry.objects.exists()


def test_a_goodbye_that_nobody_sees_is_refused(closer, tell, small):
    session = tell()
    page = closer.post(f"{URL}{session}/end/", {"reason": WHY, "goodbye": "\u200b"}).content.decode()
    assert "Write something that can be seen." in page
    assert lane_of(small, session) == []


@pytest.mark.parametrize("channel", ["", "telegram"])
def test_a_user_whose_channel_nobody_knows_is_told_all_the_same(channel, steers, tell, small):
    browser, session = steers("say_interconnection"), tell()
    small.hset(key("hash", one(session).id), "provider", channel)
    assert "1 user is told." in act(browser, session, "say", words="Soon.")


def test_a_user_is_told_while_the_owner_is_dead(steers, tell, small):
    browser, session = steers("say_interconnection"), tell()
    id = one(session).id
    small.hset(key("hash", id), "owner", "")
    small.zadd(key("free"), {id: 1})  # as the dead are buried
    before = small.llen(key("lane", id, "integration"))
    assert "1 user is told." in act(browser, session, "say", words="Soon.")
    assert small.llen(key("lane", id, "integration")) == before + 1
    assert small.zscore(key("free"), id) == 1


def test_a_user_is_blocked_under_all_ids_and_let_in_again(steers, tell, small):
    browser, session = steers("block_user"), tell(user="5215512345678")
    small.sadd(key("aliases", "tienda", "5215512345678"), "5215512345678", "MX.1")
    page = act(browser, session, "block")
    assert "1 user is blocked." in page
    assert f"ada blocked the user: {WHY}" in page
    assert "Let this user in again" in page
    assert "Block this user" not in page
    assert small.exists(key("blocked", "tienda", "5215512345678"), key("blocked", "tienda", "MX.1")) == 2
    assert "1 was blocked already." in act(browser, session, "block")
    assert "1 user may come again." in act(browser, session, "unblock")
    assert "1 was not blocked." in act(browser, session, "unblock")
    assert not small.exists(key("blocked", "tienda", "5215512345678"), key("blocked", "tienda", "MX.1"))
    assert LogEntry.objects.count() == 2


def test_a_user_is_returned_at_a_state_once(steers, tell, small):
    browser, session = steers("return_interconnection"), tell()
    assert "../return/" not in browser.get(f"{URL}{session}/change/").content.decode()
    assert "1 is passed over." in act(browser, session, "return", state="menu")
    Bot.objects.create(slug="tienda", state_api="botrunner")
    assert "../return/" in browser.get(f"{URL}{session}/change/").content.decode()
    assert "Say at which state" in act(browser, session, "return", state=" ")
    page = act(browser, session, "return", state="menu")
    assert "1 user is being returned." in page
    assert f"ada returned the user to the bot: {WHY}" in page
    assert "1 is already ending." in act(browser, session, "return", state="menu")
    [ordered] = [entry for entry in lane_of(small, session) if '["end"' in entry]
    assert '["end", "bridge", "returned by a supervisor", "menu"]' in ordered
    assert LogEntry.objects.count() == 1


def test_an_end_may_say_goodbye_once(closer, tell, small):
    session = tell()
    for _ in range(2):
        closer.post(f"{URL}{session}/end/", {"reason": WHY, "goodbye": "Until tomorrow."})
    assert sum("Until tomorrow." in entry for entry in lane_to_the_user(small, session)) == 1


@pytest.mark.parametrize("name", ["reconnect", "release"])
def test_an_owner_who_lives_is_asked_once_and_a_dead_one_is_not(name, steers, tell, small):
    browser, session = steers(f"{name}_interconnection"), tell()
    act(browser, session, name)
    assert small.smembers(key("asked", "night-shift")) == {one(session).id.encode()}
    assert one(session).owner == "night-shift"
    assert "is being taken anyway" in act(browser, session, name)
    small.zadd(key("workers"), {"night-shift": 1})
    act(browser, session, name)
    assert one(session).owner == ""
    assert small.zscore(key("free"), one(session).id)
    assert LogEntry.objects.count() == 2


def test_an_owner_who_does_not_give_it_away_is_not_asked_for_ever(steers, tell, small):
    browser, session = steers("release_interconnection"), tell()
    act(browser, session, "release")
    small.hincrby(key("hash", one(session).id), "askedBackAt", -31_000)
    act(browser, session, "release")
    assert one(session).owner == ""
