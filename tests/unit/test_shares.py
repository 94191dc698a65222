"""Which org's agents a user gets while a bot is moved a share at a time."""

from interconnections.directory import Org, Route
from interconnections.directory.values import place_of
from tests.unit.bots import bot

OLD = Org("Old", "live_agent", "https://d.example.org", "00D000000000001", "572000000000001", 58, "")
NEW = Org("New", "enhanced_chat", "https://acme.my.salesforce-scrt.com", "00D000000000001", "", 58, "")
USERS = [f"52155{n:08}" for n in range(2_000)]
REST = Route("573000000000001", "", "")


def shared(**shares):
    """{user: whether they get the new org}, of a bot whose flows give away so many percent."""
    routes = {flow.strip("_"): (Route("", "", "", org=NEW, share=share), REST) for flow, share in shares.items()}
    tienda = bot(org=OLD, routes=routes, orgs={"Old": OLD, "New": NEW})
    return {user: tienda.route_for("", user).org is NEW for user in USERS}


def test_a_share_is_about_so_many_users():
    for share in (0, 10, 50, 100):
        assert abs(sum(shared(_=share).values()) / len(USERS) - share / 100) < 0.05
    assert not any(shared(_=0).values())
    assert all(shared(_=100).values())


def test_who_has_moved_stays_moved_as_the_share_grows():
    few, many = shared(_=10), shared(_=30)
    assert all(many[user] for user, moved in few.items() if moved)


def test_the_place_of_a_user_is_the_same_in_every_process():
    assert [place_of("tienda", user) for user in ("5215512345678", "Ana", "")] == [32, 3, 18]


def test_a_flow_whose_shares_leave_somebody_is_the_default_ones():
    tienda = bot(org=OLD, routes={"A": (Route("", "", "", org=NEW, share=0),), "": (REST,)})
    assert tienda.route_for("A", "u") is REST
    assert tienda.route_for(7, "u") is REST
    assert bot(org=OLD, routes={"A": (REST,)}).route_for("B", "u") is None


def test_shares_of_two_orgs_stand_side_by_side():
    third = Route("", "", "", org=OLD, share=60)
    tienda = bot(org=OLD, routes={"": (Route("", "", "", org=NEW, share=40), third, REST)})
    assert {id(tienda.route_for("", user)) for user in USERS} == {id(third), id(tienda.routes[""][0])}


def test_an_open_chat_stays_with_the_org_that_it_began_in():
    tienda = bot(org=OLD, orgs={"Old": OLD, "New": NEW})
    assert tienda.org_of("New") is NEW
    assert tienda.org_of("") is OLD  # of a release that had one org a bot
    assert tienda.org_of("gone") is OLD
