"""People are masked on every page, until somebody who may asks to see one; the history keeps who asked."""

import pytest
from django.contrib.admin.models import LogEntry

from interconnections.admin import unmasking
from interconnections.admin.masking import Person, ending, initials
from interconnections.models import Interconnection
from tests.admin.conftest import person

URL = "/admin/interconnections/interconnection/"
WHO = ("Ana Álvarez", "Álvarez", "5215512345678", "ana@example.net")
SAID = ("soy Ana Álvarez, 55 1234 5678 90", "escriban a ana@example.net", "adiós")


def pages(client, session):
    paths = ("", f"{session}/change/", f"{session}/history/", f"{session}/end/", "?q=" + session)
    return {path: client.get(URL + path).content.decode() for path in paths}


def seen(client, session):
    return {(path, word) for path, page in pages(client, session).items() for word in WHO if word in page}


@pytest.mark.parametrize("who", ["viewer", "knower", "closer", "chief"])
def test_nobody_sees_who_it_is_unasked(who, tell, request):
    session = tell(texts=SAID, extra={"full_name": "Ana Álvarez", "street": "Calle 5"})
    browser = request.getfixturevalue(who)
    assert seen(browser, session) == set()
    page = browser.get(f"{URL}{session}/change/").content.decode()
    assert "A… Á…" in page
    assert "…5678" in page
    assert "Calle 5" not in page
    assert "adiós" in page


def test_who_may_asks_for_one_and_the_history_keeps_it_once(knower, tell):
    one, other = tell(texts=SAID), None
    for _ in range(2):
        assert knower.post(f"{URL}{one}/unmask/").status_code == 302
    page = knower.get(f"{URL}{one}/change/").content.decode()
    assert all(word in page for word in WHO)
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.user.username, entry.change_message) == (one, "nora", unmasking.AUDITED)
    other = tell(user="5215587654321", name="Benito Cano")
    assert "Benito" not in knower.get(f"{URL}{other}/change/").content.decode()
    assert "Ana Álvarez" not in knower.get(URL).content.decode()


def test_after_a_while_it_is_masked_again(knower, tell, monkeypatch):
    session = tell()
    monkeypatch.setattr(unmasking, "SHOWN_FOR", -1)
    knower.post(f"{URL}{session}/unmask/")
    assert seen(knower, session) == set()


def test_who_loses_the_right_sees_no_more(knower, tell, django_user_model):
    session = tell()
    knower.post(f"{URL}{session}/unmask/")
    nora = django_user_model.objects.get(username="nora")
    nora.user_permissions.remove(nora.user_permissions.get(codename="unmask_interconnection"))
    assert seen(knower, session) == set()


def test_without_the_right_it_is_refused_and_looking_alone_unmasks_nothing(viewer, tell):
    session = tell()
    assert viewer.post(f"{URL}{session}/unmask/").status_code == 403
    assert "Show who this is" not in viewer.get(f"{URL}{session}/change/").content.decode()
    assert LogEntry.objects.count() == 0


def test_a_page_that_is_only_opened_unmasks_nothing(knower, tell):
    session = tell()
    assert knower.get(f"{URL}{session}/unmask/").status_code == 405
    assert seen(knower, session) == set()


def test_who_may_not_see_people_does_not_find_them_by_who_they_are(viewer, tell):
    session = tell()
    for term in ("ana", "5215512345678", "5678", "ana@example.net"):
        assert session not in viewer.get(URL, {"q": term}).content.decode(), term
    for term in (session, "5001a000001AAA"):
        assert session in viewer.get(URL, {"q": term}).content.decode(), term


def test_dead_letters_name_nobody(client, db, tell):
    tell(texts=("mi número es 5215512345678 o ana@example.net",))
    client.force_login(person("leo", "view_interconnection", "view_deadletter", "unmask_interconnection"))
    page = client.get("/admin/interconnections/deadletter/").content.decode()
    assert "mi número es" in page
    assert not [word for word in WHO if word in page]


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("Hola, Ana", "Hola, …"),
        ("ANA ÁLVAREZ dice", "… dice"),
        ("Analicemos la banana", "Analicemos la banana"),
        ("llame al +52 (55) 1234-5678", "llame al …"),
        ("pedido 12345", "pedido 12345"),
    ],
)
def test_a_person_is_hidden_in_what_was_said(said, hidden):
    row = Interconnection(user_id="5215512345678", name="Ana Álvarez", email="ana@example.net")
    assert Person(row).hide(said) == hidden
    assert Person(row, open=True).hide(said) == said


def test_masks_of_what_is_short_show_nothing():
    assert (initials(""), initials("Li"), ending(""), ending("1234"), ending("123456789")) == (
        "", "L…", "", "…", "…6789"
    )  # fmt: skip
