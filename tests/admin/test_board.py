"""The board's page and its figures: who may see them, of which bots, and while Redis is away."""

import json
import re

import pytest

from interconnections.admin.board_words import clock, written
from interconnections.board.definitions import EVERY, NOW, TIMES, TODAY
from interconnections.models import Bot, SalesforceOrg
from interconnections.models.access import BotAccess
from tests.admin.conftest import person

URL = "/admin/interconnections/board/"
FIGURES = f"{URL}figures/"


@pytest.fixture
def bots(db):
    org = SalesforceOrg.objects.create(name="org-a", auth_flow="none")
    other = SalesforceOrg.objects.create(name="org-b", auth_flow="none")
    return [
        Bot.objects.create(slug="tienda", provider="whatsapp", org=org, platform="yalo"),
        Bot.objects.create(slug="banco", provider="messenger", org=other, platform="yalo"),
    ]


@pytest.fixture
def watcher(client, db):
    user = person("watcher", "view_board", "view_interconnection", "view_deadletter")
    client.force_login(user)
    client.user = user
    return client


def told(browser, **query):
    response = browser.get(FIGURES, query)
    assert response.status_code == 200
    return response.json()


def test_it_is_the_first_page_after_log_in(watcher, small):
    assert 'data-figure="waiting"' in watcher.get("/admin/").content.decode()
    assert "Recent actions" in watcher.get("/admin/?all").content.decode()


def test_who_may_not_see_it_finds_the_stock_index_and_no_figures(viewer, small):
    assert "Recent actions" in viewer.get("/admin/").content.decode()
    assert viewer.get(URL).status_code == 403
    assert viewer.get(FIGURES).status_code == 403
    assert viewer.get(f"{URL}?bot=tienda").status_code == 403


def test_who_is_not_logged_in_finds_no_figures(client, db, small):
    assert client.get(URL).status_code == 302
    assert client.get(FIGURES).status_code == 403


def test_the_figures_are_those_of_the_contract(watcher, tell):
    session = tell()
    figures = told(watcher)
    assert set(figures) >= {
        "asOf", "waiting", "active", "longestWaitSeconds", "longestWaitSession", "awaitingReply", "failed", "atRisk",
        "undelivered", "oldestUndeliveredSeconds", "deadLetters", "workers", "today",
    }  # fmt: skip
    assert set(figures["today"]) >= {
        "asked", "accepted", "abandoned", "acceptanceRate", "waitSeconds", "firstResponseSeconds", "handleSeconds",
        "ended", "relayMs",
    }  # fmt: skip
    assert (figures["waiting"], figures["active"], figures["deadLetters"]) == (0, 1, 1)
    assert [(row["name"], row["sessions"]) for row in figures["workers"]] == [("night-shift", 1)]
    assert session not in json.dumps(figures)  # nobody waits


def test_every_figure_stands_on_the_page_with_what_it_means(watcher, tell):
    tell()
    page = watcher.get(URL).content.decode()
    for definition in NOW + TODAY:
        assert f'data-figure="{definition.path}"' in page
    for definition in TIMES:
        assert f'data-figure="{definition.path}.p90"' in page
    for definition in EVERY:
        assert str(definition.about).replace("'", "&#x27;") in page


def test_every_figure_of_the_table_stands_in_the_documentation(settings):
    text = (settings.BASE_DIR / "docs/console.md").read_text()
    for definition in EVERY:
        assert f"| `{definition.path}` | {definition.label} | {definition.about} |" in text


def test_it_can_be_cut_by_bot_provider_and_org(watcher, bots, tell):
    tell()
    for query in ({"bot": "tienda"}, {"provider": "whatsapp"}, {"org": "org-a"}, {}):
        assert told(watcher, **query)["active"] == 1
    for query in ({"bot": "banco"}, {"provider": "messenger"}, {"org": "org-b"}):
        figures = told(watcher, **query)
        assert (figures["active"], figures["deadLetters"], figures["today"]["asked"]) == (0, 0, 0)


def test_what_nobody_has_is_said_to_be_nowhere(watcher, bots, small):
    for query in ({"bot": "nobody"}, {"provider": "fax"}, {"org": "x"}, {"bot": "banco", "provider": "whatsapp"}):
        assert watcher.get(FIGURES, query).status_code == 404
        assert watcher.get(URL, query).status_code == 404


def test_a_user_who_is_given_some_bots_sees_those_only(watcher, bots, tell):
    tell()
    BotAccess.objects.create(user=watcher.user, bot=bots[1])
    assert told(watcher)["active"] == 0
    assert told(watcher)["workers"] == [told(watcher)["workers"][0] | {"sessions": 0}]
    for query in ({"bot": "tienda"}, {"org": "org-a"}, {"provider": "whatsapp"}):
        assert watcher.get(FIGURES, query).status_code == 404
    page = watcher.get(URL).content.decode()
    assert "tienda" not in page
    assert '<option value="banco">' in page


def test_while_redis_is_away_the_page_says_so(watcher, away):
    page = watcher.get(URL)
    assert page.status_code == 200
    assert "Redis does not answer" in page.content.decode()
    figures = watcher.get(FIGURES)
    assert (figures.status_code, figures.json()) == (503, {"error": "Redis does not answer; ask again"})


def test_an_empty_store_is_an_empty_board(watcher, small):
    figures = told(watcher)
    assert (figures["waiting"], figures["longestWaitSession"], figures["paused"]) == (0, None, [])
    assert watcher.get(URL).status_code == 200


def test_ten_thousand_conversations_cost_one_command(watcher, full, commands):
    with commands:
        told(watcher)
    assert len([command for command in commands if command[0].casefold().startswith("eval")]) <= 2


@pytest.mark.parametrize(("language", "words"), [("es-MX", "Espera más larga"), ("pt-BR", "Maior espera")])
def test_it_speaks_the_readers_language(watcher, small, language, words):
    page = watcher.get(URL, headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert "Longest wait" not in page


def test_nothing_is_inline_that_runs(watcher, tell):
    tell()
    page = watcher.get(URL).content.decode()
    assert "<script>" not in page
    assert " style=" not in page.partition('id="content-main"')[2].partition("<footer")[0]
    assert " onclick=" not in page


@pytest.mark.parametrize(("seconds", "words"), [(7, "0:07"), (760, "12:40"), (3723, "1:02:03")])
def test_durations_are_written_like_clocks(seconds, words):
    assert clock(seconds) == words


def test_what_is_not_known_is_a_dash():
    assert [written(None, shape) for shape in ("number", "duration", "share", "ms")] == ["–"] * 4
    assert [written(0.756, "share"), written(12.4, "ms"), written(3, "number")] == ["76 %", "12 ms", "3"]


def test_paused_bots_stand_on_it_for_whoever_is_given_them(watcher, bots, small):
    assert watcher.get(URL + "figures/").json()["handOversPaused"] == []
    Bot.objects.filter(slug="tienda").update(paused=True, pause_text="Back at nine.")
    assert watcher.get(URL + "figures/").json()["handOversPaused"] == [{"bot": "tienda", "text": "Back at nine."}]
    assert '<th scope="row">tienda</th><td>Back at nine.</td>' in watcher.get(URL).content.decode()
    BotAccess.objects.create(user=watcher.user, bot=bots[1])
    assert watcher.get(URL + "figures/").json()["handOversPaused"] == []
    assert "Back at nine." not in watcher.get(URL).content.decode()


def test_every_page_leads_to_it_for_whoever_may_see_it(watcher, stranger, small):
    assert f'<a href="{URL}">Board</a>' not in stranger.get("/admin/").content.decode()
    watcher.force_login(watcher.user)
    assert f'<a href="{URL}">Board</a>' in watcher.get("/admin/?all").content.decode()


def test_its_figures_lead_to_the_conversations_that_they_count(watcher, bots, tell, small):
    session = tell()
    hrefs = re.findall(r'<dd><a[^>]* href="([^"]+)"', watcher.get(URL).content.decode())
    assert [href.partition("?")[2] for href in hrefs if "status" in href] == [
        "status__exact=OnHold", "status__exact=Active", "status__exact=Failed", "status__exact=Failed",
    ]  # fmt: skip
    assert session in watcher.get(hrefs[1]).content.decode()
    cut = watcher.get(URL, {"provider": "whatsapp"}).content.decode()
    assert "status__exact=Active&amp;bot_slug=tienda" in cut
    assert all(watcher.get(href).status_code == 200 for href in hrefs)


def test_who_may_look_at_no_conversation_is_led_nowhere(client, db, small):
    client.force_login(person("clock", "view_board"))
    assert "<dd><a" not in client.get(URL).content.decode()
