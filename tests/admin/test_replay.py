"""A stored session played through today's rules: the command and the page say what differs, and change nothing."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from interconnections.store.keys import key

URL = "/admin/interconnections/interconnection/"


def played(*arguments):
    out = StringIO()
    try:
        call_command("replay", *arguments, stdout=out, stderr=out)
    except SystemExit as left:
        return left.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def session(tell, db):
    return tell()


@pytest.fixture
def id_of(small, session):
    return small.hget(key("ids"), session).decode()


def test_what_would_happen_again_has_no_difference(session):
    assert played(session) == (0, "2 events played, 0 differences\n")


def test_a_text_that_would_be_another_is_said_without_its_words(session, id_of, small):
    told = {
        "sequence": "3",
        "type": "ChatMessage",
        "data": json.dumps({"text": "¿Sigue ahí?"}),
        "at": "1795464000000",
    }
    small.xadd(key("events", id_of), told)
    code, words = played(session)
    assert (code, words.splitlines()[-1]) == (1, "3 events played, 1 difference")
    assert "a text of the agent did not go to the user, and would" in words
    assert "Sigue" not in words
    assert "¿Sigue ahí?" in played(session, "--texts")[1]


def test_another_end_is_said(session, id_of, small):
    ended = {"sequence": "3", "type": "ChatEnded", "data": '{"reason": "agent"}', "at": "1795464000000"}
    small.xadd(key("events", id_of), ended)
    code, words = played(session)
    assert code == 1
    assert "it is Active, and would be Closed" in words


def test_an_end_from_our_side_is_no_difference(session, id_of, small):
    small.hset(key("hash", id_of), mapping={"status": "Closed", "reason": "ended by a supervisor"})
    assert played(session)[0] == 0


def test_an_event_that_was_cut_is_said(session, id_of, small):
    small.xadd(key("events", id_of), {"sequence": "3", "type": "ChatMessage", "data": '{"text": "a…', "at": "1"})
    code, words = played(session)
    assert code == 1
    assert "1 events cannot be read" in words


def test_nothing_to_play_is_another_exit(session, id_of, small):
    small.delete(key("events", id_of))
    assert played(session)[0] == 2
    assert played("nobody")[0] == 2


def test_it_changes_nothing(session, small):
    before = {name: small.dump(name) for name in small.scan_iter()}
    played(session)
    assert {name: small.dump(name) for name in small.scan_iter()} == before


def test_the_page_says_the_difference_in_words_and_names_nobody(viewer, session, id_of, small):
    assert "Today the same would happen." in viewer.get(f"{URL}{session}/replay/").content.decode()
    told = {"sequence": "3", "type": "ChatMessage", "data": '{"text": "Adiós, Ana Álvarez"}', "at": "1795464000000"}
    small.xadd(key("events", id_of), told)
    page = viewer.get(f"{URL}{session}/replay/").content.decode()
    assert "Adiós, …" in page
    assert "Álvarez" not in page
    assert f"{session}/replay/" in viewer.get(f"{URL}{session}/change/").content.decode()


def test_who_may_not_look_may_not_play(stranger, session):
    assert stranger.get(f"{URL}{session}/replay/").status_code == 403
