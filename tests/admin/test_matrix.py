"""Each role, with each scope, at every page and action, also by a forged POST: allowed or refused."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User

from interconnections.http.board_socket import permitted
from interconnections.models import Bot, BotAccess
from interconnections.store.keys import key

URL = "/admin/interconnections/"
EVERYBODY = {"Viewers", "Supervisors", "Operators", "Administrators", "Auditors"}
# What is asked, and by whom; {} is the session.  A POST carries a reason, as the page's own form would.
MATRIX = [
    ("GET", "interconnection/", EVERYBODY),
    ("GET", "interconnection/{}/change/", EVERYBODY),
    ("GET", "interconnection/{}/history/", EVERYBODY),
    ("GET", "interconnection/{}/replay/", EVERYBODY),
    ("GET", "deadletter/", EVERYBODY - {"Viewers"}),
    ("POST", "deadletter/", {"Supervisors", "Operators", "Administrators"}),
    ("POST", "interconnection/{}/note/", {"Supervisors", "Operators", "Administrators"}),
    ("POST", "interconnection/{}/say/", {"Supervisors", "Administrators"}),
    ("POST", "interconnection/{}/block/", {"Supervisors", "Administrators"}),
    ("POST", "interconnection/{}/unblock/", {"Supervisors", "Administrators"}),
    ("POST", "interconnection/{}/return/", {"Supervisors", "Administrators"}),
    ("POST", "interconnection/{}/reconnect/", {"Operators", "Administrators"}),
    ("POST", "interconnection/{}/release/", {"Operators", "Administrators"}),
    ("POST", "interconnection/{}/unmask/", {"Supervisors", "Administrators"}),
    ("GET", "interconnection/{}/download/", {"Supervisors", "Administrators", "Auditors"}),
    ("POST", "interconnection/{}/download/", {"Supervisors", "Administrators", "Auditors"}),
    ("POST", "interconnection/{}/export/", {"Administrators"}),
    ("POST", "interconnection/{}/forget/", {"Administrators"}),
    ("POST", "interconnection/{}/end/", {"Supervisors", "Operators", "Administrators"}),
    ("GET", "interconnection/{}/delete/", set()),
    ("POST", "interconnection/{}/delete/", set()),
    ("GET", "interconnection/add/", set()),
    ("GET", "blocked/", {"Supervisors", "Administrators"}),
    ("GET", "worker/", {"Operators", "Administrators"}),
    ("POST", "worker/night-shift/drain/", {"Operators", "Administrators"}),
    ("GET", "bot/", EVERYBODY - {"Viewers", "Supervisors"}),
    ("GET", "route/", EVERYBODY - {"Viewers", "Supervisors"}),
    ("GET", "salesforceorg/", EVERYBODY - {"Viewers", "Supervisors"}),
    ("POST", "bot/add/", {"Operators", "Administrators"}),
    ("GET", "board/", EVERYBODY),
    ("GET", "board/figures/", EVERYBODY),
    ("GET", "/admin/auth/user/", {"Administrators", "Auditors"}),
    ("POST", "/admin/auth/user/add/", {"Administrators"}),
    ("POST", "/admin/auth/group/add/", {"Administrators"}),
]
FOR_ALL_BOTS_ONLY = {"bot/add/", "worker/", "worker/night-shift/drain/"}
SCOPES = {"all bots": (), "the bot": ("tienda",), "another bot": ("banco",)}


def somebody(client, role, bots):
    user = User.objects.create_user(f"one of {role}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    for slug in bots:
        BotAccess.objects.create(user=user, bot=Bot.objects.create(slug=slug))
    client.force_login(user)
    return client


def asked(client, method, path):
    address = path if path.startswith("/") else URL + path
    return (
        client.get(address)
        if method == "GET"
        else client.post(address, {"reason": "forged", "drop": "1", "words": "forged"})
    )


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_may_do_what_it_is_given_and_nothing_else(role, scope, client, db, tell, small):
    session, somebodys = tell(), somebody(client, role, SCOPES[scope])
    answers = [(method, path, asked(somebodys, method, path.format(session))) for method, path, _ in MATRIX]
    for (method, path, roles), (_, _, answer) in zip(MATRIX, answers, strict=True):
        elsewhere = "{}" in path and scope == "another bot"
        allowed = role in roles and not (path in FOR_ALL_BOTS_ONLY and scope != "all bots")
        if not allowed:
            assert answer.status_code == 403 or (elsewhere and answer.status_code == 302), (method, path)
        elif elsewhere:
            assert answer.headers.get("Location") == "/admin/", (method, path)
        else:
            assert answer.status_code in (200, 302), (method, path)
            assert answer.headers.get("Location") != "/admin/", (method, path)
    ended = small.hget(key("hash", small.hget(key("ids"), session).decode()), "leaving") == b"1"
    may_end = role in {"Supervisors", "Operators", "Administrators"} and scope != "another bot"
    assert ended == may_end
    said = b"forged" in b"".join(
        small.lrange(key("lane", small.hget(key("ids"), session).decode(), "integration"), 0, -1)
    )
    assert said == (role in {"Supervisors", "Administrators"} and scope != "another bot")
    if not may_end:
        assert not LogEntry.objects.filter(object_id=session, change_message__startswith="Ended").exists()


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_watches_the_board_of_the_bots_that_it_is_given(role, scope, client, db):
    """What the socket asks at its door; tests/http/test_board_socket.py has the frames."""
    somebody(client, role, SCOPES[scope])
    for slug in ("tienda", "banco"):
        Bot.objects.get_or_create(slug=slug)
    session, given = client.cookies["sessionid"].value, frozenset(SCOPES[scope]) or None
    assert permitted(session, {}) == (given,)
    for slug in ("tienda", "banco"):
        asked = frozenset({slug}) if given is None or slug in given else None
        assert permitted(session, {"bot": slug}) == (asked and (asked,))


@pytest.mark.parametrize("group", ["YALO_ROLE", "SALESFORCE_ROLE"])
def test_callers_of_the_api_watch_nothing(group, client, db):
    somebody(client, group, ())
    assert permitted(client.cookies["sessionid"].value, {}) is None


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_page_that_a_role_opens_names_the_person(role, client, db, tell):
    session = tell(texts=("soy Ana Álvarez, 5215512345678",), extra={"full_name": "Ana Álvarez"})
    somebodys = somebody(client, role, ())
    for method, path, _ in MATRIX:
        if method == "GET":
            page = asked(somebodys, method, path.format(session)).content.decode()
            for word in ("Álvarez", "5215512345678", "ana@example.net", "the-session-key", "the-affinity-token"):
                assert word not in page, (path, word)
