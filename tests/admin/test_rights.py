"""Who may see what, and that nobody changes anything from here."""

import pytest
from django.contrib.auth.models import Group
from django.db import NotSupportedError

from interconnections.models import Bot, BotAccess, Interconnection
from tests.admin.conftest import person

URL = "/admin/interconnections/interconnection/"


def test_a_viewer_sees_the_list_and_the_row(viewer, tell):
    session = tell()
    assert session in viewer.get(URL).content.decode()
    assert viewer.get(f"{URL}{session}/change/").status_code == 200
    assert viewer.get(f"{URL}{session}/history/").status_code == 200
    assert ">Conversations</a>" in viewer.get("/admin/").content.decode()


def test_staff_without_permission_is_refused(stranger, tell):
    session = tell()
    for path in ("", f"{session}/change/", f"{session}/history/", f"{session}/delete/", "add/"):
        response = stranger.get(URL + path)
        assert response.status_code == 403, path
        assert b"Ana" not in response.content


def test_people_outside_go_to_the_login(client, db, tell):
    assert client.get(URL).headers["Location"].startswith("/admin/login/")


def everything(redis):
    return {name: redis.dump(name) for name in redis.scan_iter()}


@pytest.mark.parametrize("who", ["viewer", "chief"])
def test_nothing_can_be_added_changed_or_deleted(who, tell, small, request):
    browser, session = request.getfixturevalue(who), tell()
    before = everything(small)
    for path in ("add/", f"{session}/change/", f"{session}/delete/"):
        assert browser.post(URL + path, {"post": "yes", "status": "Closed", "name": "Mallory"}).status_code == 403
    for path in ("add/", f"{session}/delete/"):
        assert browser.get(URL + path).status_code == 403
    for action in ("delete_selected", "close", "hang_up", ""):
        forged = {"action": action, "_selected_action": [session], "index": "0", "select_across": "1", "post": "yes"}
        assert browser.post(URL, forged).status_code in (200, 302)
    assert browser.post(URL, {"_save": "Save", "form-0-name": "Mallory"}).status_code in (200, 302)
    assert everything(small) == before


def test_there_is_no_button_that_would_lie(viewer, tell):
    session = tell()
    page = viewer.get(f"{URL}{session}/change/").content.decode()
    for button in ('name="_save"', 'class="deletelink"', 'class="addlink"', 'class="closelink"'):
        assert button not in page + viewer.get(URL).content.decode()


def test_code_cannot_write_either(tell, small):
    row = Interconnection.objects.get(pk=tell())
    objects = Interconnection.objects
    for write in (
        row.save, row.delete, objects.create, objects.all().delete, lambda: objects.update(name="x"),
        lambda: objects.bulk_create([row]), lambda: objects.get_or_create(pk="x"), lambda: row.save_base(raw=True),
    ):  # fmt: skip
        with pytest.raises(NotSupportedError, match="scripts only"):
            write()


def test_what_would_be_sql_is_refused_with_a_sentence(small):
    objects = Interconnection.objects
    for question in (
        objects.filter(name="x"), objects.exclude(status="Active"), objects.order_by("name"), objects.values("name"),
        objects.values_list("pk"), objects.filter(status="Active") | objects.filter(status="Closed"),
    ):  # fmt: skip
        with pytest.raises(NotSupportedError, match="in Redis"):
            list(question)


def test_the_queryset_answers_like_any_other(full):
    objects = Interconnection.objects
    newest, oldest = full[0], full[-1]
    assert objects.first().pk == newest.session
    assert objects.last().pk == oldest.session
    assert objects.order_by("timestamp")[0].pk == oldest.session
    assert [row.pk for row in objects.order_by("timestamp")[5:8]] == [row.session for row in full[-6:-9:-1]]
    assert [row.pk for row in objects.all()[9998:]] == [row.session for row in full[9998:]]
    assert objects.all()[20:50].count() == 30
    assert objects.all()[9990:10_050].count() == 10
    assert objects.filter(status="Active", bot_slug="banco").exists()
    assert not objects.filter(status="Active").filter(status="Closed").exists()
    assert objects.none().count() == 0
    assert list(objects.filter(pk__in=[])) == []
    assert len(objects.filter(pk__in=[full[3].session, full[4].session, "nobody"])) == 2
    assert objects.get(pk=full[7].session).id == full[7].id
    assert len(list(objects.filter(status="Closed"))) == 2500
    with pytest.raises(Interconnection.DoesNotExist):
        objects.get(pk="nobody")


def test_the_two_roles_are_there(db):
    role = Group.objects.get(name="YALO_ROLE")
    assert [permission.codename for permission in role.permissions.all()] == ["use_api"]
    assert Group.objects.get(name="SALESFORCE_ROLE")
    user = person("bot")
    user.groups.add(role)
    assert user.has_perm("interconnections.use_api")


@pytest.mark.parametrize(
    ("role", "listed"),
    [
        ("Viewers", ["Board", "Conversations"]),
        ("Supervisors", ["Board", "Conversations", "Dead letters", "Blocked users"]),
        ("Operators", ["Board", "Conversations", "Dead letters", "Workers", "Bots", "Routes", "Salesforce orgs"]),
    ],
)
def test_the_sidebar_lists_what_one_may_open_in_the_order_of_the_day(role, listed, client, db, small):
    somebody = person("somebody")
    somebody.groups.add(Group.objects.get(name=role))
    client.force_login(somebody)
    [ours] = client.get(URL).context["available_apps"]
    assert [str(page["name"]) for page in ours["models"]] == listed
    for page in ours["models"]:
        assert client.get(page["admin_url"]).status_code == 200, page["name"]


def test_who_is_given_some_bots_is_shown_no_workers(client, db, small):
    operator = person("operator")
    operator.groups.add(Group.objects.get(name="Operators"))
    BotAccess.objects.create(user=operator, bot=Bot.objects.create(slug="tienda"))
    client.force_login(operator)
    page = client.get(URL).content.decode()
    assert ">Board</a>" in page
    assert ">Workers</a>" not in page


def test_the_other_buttons_are_folded_up_for_who_has_some_for_every_day(chief, tell):
    assert '<li class="more"><details><summary>' in chief.get(f"{URL}{tell()}/change/").content.decode()


def test_who_may_only_look_finds_their_buttons_unfolded(viewer, tell):
    assert '<li class="more"><details open><summary>' in viewer.get(f"{URL}{tell()}/change/").content.decode()


def test_a_history_without_entries_says_so_in_our_words(viewer, tell):
    assert "Nobody has done anything" in viewer.get(f"{URL}{tell()}/history/").content.decode()
