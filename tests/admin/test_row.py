"""One interconnection's page: everything about it, readable, escaped, and without a token."""

import json
import re
from zoneinfo import ZoneInfo

import pytest

from interconnections.models import Interconnection, SalesforceOrg
from interconnections.store.keys import key

URL = "/admin/interconnections/interconnection/"
TOKENS = ("the-session-key", "the-affinity-token")


def test_every_time_says_its_zone_and_is_written_alike(viewer, tell, small, settings):
    session, zone = tell(), ZoneInfo("America/Mexico_City")
    settings.TIME_ZONE = str(zone)
    small.hset(key("hash", small.hget(key("ids"), session).decode()), "timestamp", "2026-11-25T02:03:04.5+00:00")
    written = "2026-11-24 20:03:04 CST"
    assert written in viewer.get(URL).content.decode()
    page = viewer.get(f"{URL}{session}/change/").content.decode()
    assert written in page
    moments = re.findall(r"<time [^>]*>(.*?)</time>", page)
    assert moments
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d CST", moment) for moment in moments)
    assert not re.search(r"[ap]\.m\.", page)


def page_of(client, session, path="change/"):
    response = client.get(f"{URL}{session}/{path}")
    assert response.status_code == 200
    return response.content.decode()


def unmask(client, session):
    return client.post(f"{URL}{session}/unmask/")


def test_the_page_tells_who_it_was_and_what_was_said(knower, tell):
    session = tell(texts=("Hola", "¿Dónde está mi pedido?", "la última"), extra={"order_id": 77, "city": "Mérida"})
    unmask(knower, session)
    page = page_of(knower, session)
    for shown in (
        "Ana Álvarez", "+5215512345678", "ana@example.net", "Luz", "0051a000001", "tienda", session,
        "Buenas tardes", "¿Dónde está mi pedido?", "Contexto", "delivered", "given up: the desk refused it",
        "order_id", "77", "Mérida", "ChatEstablished", "ChatMessage", "5001a000001AAA",
    ):  # fmt: skip
        assert shown in page, shown


def test_the_page_asks_redis_seven_times(viewer, tell, commands):
    session = tell()
    with commands:
        page_of(viewer, session)
    assert len(commands) == 7, commands
    assert [command for command in commands if command[0].casefold() == "hgetall"] == [
        ["HGETALL", key("extra", f"5215512345678-{session}")]
    ]


def test_a_long_conversation_is_bounded_and_says_what_is_missing(viewer, tell, small, monkeypatch):
    monkeypatch.setattr("interconnections.models.interconnection.MESSAGES_SHOWN", 20)  # 14 checkpoints, 6 items
    session = tell(texts=[f"text {number}" for number in range(12)])
    page = page_of(viewer, session)
    assert "The first 8 are too many for this page." in page
    assert "text 11" in page
    assert "text 2" not in page


def test_a_new_one_says_so_in_words(viewer, full):
    page = page_of(viewer, full[3].session)
    assert "Nobody has said anything yet." in page
    assert "The bot told nothing more about this user." in page
    assert "No poll has brought anything yet." in page


def test_messages_are_folded_with_their_checkpoints(tell):
    row = Interconnection.objects.get(pk=tell(texts=("uno", "dos")))
    told = {message.text: message for message in row.messages}
    assert [message.number for message in row.messages] == [1, 2, 3, 4]
    assert [point.what for point in told["uno"].checkpoints] == ["delivered"]
    assert [(point.what, point.why) for point in told["dos"].checkpoints] == [("given up", "the desk refused it")]
    assert (told["Buenas tardes"].direction, told["Buenas tardes"].name) == ("integration", "Luz")
    assert [(event.sequence, event.type) for event in row.events_chat] == [(2, "ChatEstablished"), (2, "ChatMessage")]


NASTY = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def test_whatever_people_type_is_escaped(viewer, tell):
    session = tell(name=NASTY, agent=NASTY, texts=(NASTY, "bye"), extra={NASTY: NASTY, "list": [NASTY]})
    for page in (page_of(viewer, session), viewer.get(URL).content.decode(), page_of(viewer, session, "history/")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_tokens_are_on_no_page(chief, tell, small):
    session = tell(extra={"access_token": "a-bots-token", "nested": {"Api_Key": "deep-secret", "fine": "shown"}})
    unmask(chief, session)
    row = Interconnection.objects.get(pk=session)
    sealed = small.hgetall(key("tokens", row.id))
    pages = [
        page_of(chief, session), page_of(chief, session, "history/"), chief.get(URL).content.decode(),
        chief.get(URL, {"q": "ana"}).content.decode(), json.dumps(vars(row), default=str),
    ]  # fmt: skip
    for secret in (*TOKENS, "a-bots-token", "deep-secret", *(value.decode() for value in sealed.values())):
        assert not any(secret in page for page in pages), secret
    assert "shown" in pages[0]


def test_an_unknown_session_goes_the_admins_way(viewer, small):
    response = viewer.get(f"{URL}nobody/change/", follow=True)
    assert "doesn’t exist" in response.content.decode()


def test_damaged_entries_do_not_break_the_page(viewer, tell, small):
    session = tell()
    id = Interconnection.objects.get(pk=session).id
    small.xadd(key("messages", id), {"number": "99", "checkpoint": "delivered", "at": "1795464000000", "why": ""})
    small.xadd(
        key("messages", id), {"number": "100", "lane": "salesforce", "item": "not json", "at": "1795464000000"}
    )
    small.xadd(key("events", id), {"sequence": "3", "type": "Odd", "data": "{broken", "at": "1795464000000"})
    small.hset(key("extra", id), "odd", "{broken")
    small.hset(key("hash", id), mapping={"endedAt": "soon", "numMessage": "many", "timestamp": "2026-99-99"})
    page = page_of(viewer, session)
    assert "{broken" in page
    assert "not json" in page
    assert viewer.get(URL).status_code == 200


@pytest.mark.parametrize("gone", ["hash", "ids"])
def test_one_that_was_purged_meanwhile_is_left_out(gone, viewer, tell, small):
    session = tell()
    id = Interconnection.objects.get(pk=session).id
    small.delete(key(gone, *([id] if gone == "hash" else [])))
    assert viewer.get(URL).status_code == 200
    assert viewer.get(f"{URL}{session}/change/").status_code == 302


def test_an_entry_that_cannot_be_read_hides_no_other(knower, tell, small):
    """As an older release stored it, or one to come, or whoever wrote into Redis by hand."""
    session = tell(texts=("Hola", "¿Siguen ahí?"), extra={"order_id": 77})
    id = f"5215512345678-{session}"
    small.xadd(key("messages", id), {"number": "x", "lane": "agent", "item": '["hologram", 1]', "at": "9" * 40})
    small.xadd(key("messages", id), {"at": "1"})
    small.xadd(key("events", id), {"sequence": "inf", "type": "ChatMessage", "data": "[" * 5000, "at": ""})
    small.xadd(key("events", id), {"data": '{"a":' * 900 + "1" + "}" * 900})
    small.hset(key("extra", id), "deep", '{"a":' * 900 + "1" + "}" * 900)
    small.hset(key("hash", id), mapping={"acceptedAt": "9" * 30, "endedAt": "²", "timestamp": "soon"})
    unmask(knower, session)
    page = page_of(knower, session)
    for shown in ("Ana Álvarez", "¿Siguen ahí?", "order_id", "77", "hologram"):
        assert shown in page, shown
    assert session in knower.get(URL).content.decode()


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("https://acme.my.salesforce.com", "https://acme.my.salesforce.com/5001a000001AAA"),
        ("https://login.salesforce.com", ""),
        ("", ""),
    ],
)
def test_a_case_is_a_link_where_the_orgs_own_address_is_known(login, address, viewer, tell, small):
    SalesforceOrg.objects.create(name="Acme", login_url=login)
    session = tell()
    small.hset(key("hash", f"5215512345678-{session}"), mapping={"org": "Acme", "contactId": "0031a000001"})
    page = page_of(viewer, session)
    assert "0031a000001" in page
    assert page.count(f'href="{address}"') == (1 if address else 0)
