"""Redis down, and Redis empty: pages that say so."""

import pytest

URL = "/admin/interconnections/interconnection/"


@pytest.mark.parametrize(
    "path", ["", "?q=ana", "?status__exact=Active&_facets", "5701a/change/", "5701a/history/", "5701a/delete/"]
)
def test_pages_are_calm_while_redis_is_away(path, viewer, away):
    response = viewer.get(URL + path)
    if path.endswith("delete/"):
        assert response.status_code in (403, 503)
        return
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "Redis does not answer" in response.content.decode()


def test_the_rest_of_the_admin_goes_on(chief, away):
    for path in ("/admin/", "/admin/interconnections/bot/", "/admin/interconnections/bot/add/", "/admin/auth/user/"):
        assert chief.get(path).status_code == 200


def test_rights_are_asked_before_redis(stranger, away):
    assert stranger.get(URL).status_code == 403


def test_an_empty_store_is_an_empty_list(viewer, small, commands):
    with commands:
        page = viewer.get(URL).content.decode()
    assert "No conversation yet." in page
    assert "No conversation fits." in viewer.get(f"{URL}?status__exact=Active").content.decode()
    assert len(commands) < 20
    assert viewer.get(URL, {"q": "ana", "_facets": ""}).status_code == 200
    assert viewer.get(f"{URL}?timestamp__year=2026&timestamp__month=2").status_code == 200
