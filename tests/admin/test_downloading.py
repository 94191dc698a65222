"""A conversation as a file: for whoever may take it, with a reason, and masked as its page is."""

import json

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.store.keys import key
from tests.admin.conftest import person
from tests.admin.test_ending import one

URL = "/admin/interconnections/interconnection/"


def taker(client, *more):
    client.force_login(person("tina", "view_interconnection", "download_interconnection", *more))
    return client


def downloaded(client, session, kind):
    answer = client.post(f"{URL}{session}/download/", {"reason": "a complaint", "kind": kind})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="conversation-{session}.{kind}"'
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def test_the_text_reads_like_the_page_and_names_nobody(client, db, tell):
    session = tell(texts=("soy Ana Álvarez", "adiós"))
    told = downloaded(taker(client), session, "txt")
    for words in (session, "Active", "soy …", "A… Á… to the agent", "Luz to the user", "Buenas tardes", "given up"):
        assert words in told, words
    for words in ("Álvarez", "5215512345678", "ana@example.net"):
        assert words not in told


@pytest.mark.parametrize("kind", ["txt", "json"])
def test_why_a_message_was_given_up_names_nobody(kind, client, db, tell, small):
    session = tell(texts=("hola", "adiós"))
    number = small.hget(key("hash", one(session).id), "numMessage")
    why = "Ana Álvarez (ana@example.net, 5215512345678) has left"
    point = {"number": number, "checkpoint": "status:failed", "at": 1772000060000, "why": why}
    small.xadd(key("messages", one(session).id), point)
    told = downloaded(taker(client), session, kind)
    assert "has left" in told
    for words in ("Álvarez", "5215512345678", "ana@example.net"):
        assert words not in told


def test_the_record_has_every_message_with_its_checkpoints_and_no_token(client, db, tell):
    session = tell(texts=("hola", "adiós"), extra={"city": "Mérida"})
    told = downloaded(taker(client), session, "json")
    record = json.loads(told)
    assert [message["text"] for message in record["messages"]] == ["Contexto", "Buenas tardes", "hola", "adiós"]
    assert record["messages"][-1]["checkpoints"][0]["what"] == "given up"
    assert record["masked"] is True
    assert record["extra"] == {"city": "…"}
    assert "the-session-key" not in told


def test_who_has_asked_to_see_the_person_takes_them_along(client, db, tell):
    session = tell()
    somebody = taker(client, "unmask_interconnection")
    somebody.post(f"{URL}{session}/unmask/")
    record = json.loads(downloaded(somebody, session, "json"))
    assert (record["user"]["name"], record["masked"]) == ("Ana Álvarez", False)


def test_the_history_keeps_who_took_it_and_why_and_nothing_goes_without_a_reason(client, db, tell):
    session = tell()
    somebody = taker(client)
    page = somebody.post(f"{URL}{session}/download/", {"reason": "", "kind": "txt"})
    assert "Say why" in page.content.decode()
    assert not LogEntry.objects.exists()
    downloaded(somebody, session, "txt")
    entry = LogEntry.objects.get()
    assert (entry.user.username, entry.change_message) == ("tina", "Downloaded the conversation: a complaint")


def test_a_file_of_another_kind_is_refused(client, db, tell):
    answer = taker(client).post(f"{URL}{tell()}/download/", {"reason": "a complaint", "kind": "exe"})
    assert answer.headers["Content-Type"].startswith("text/html")
