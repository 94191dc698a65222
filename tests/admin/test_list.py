"""Ten thousand interconnections in the list: the right rows, and a bounded number of commands."""

from datetime import UTC, datetime

import pytest

URL = "/admin/interconnections/interconnection/"
PAGE = 50
MOST = 30  # commands, whatever is asked; a page of rows is one of them


def shown(response):
    assert response.status_code == 200, response.headers
    return [row.session_id for row in response.context["cl"].result_list]


def sessions(rows):
    return [row.session for row in rows]


def has(status=None, provider=None, bot=None, since=None, until=None):
    return lambda row: (
        (status is None or row.status in status)
        and (provider is None or row.provider == provider)
        and (bot is None or row.bot == bot)
        and (since is None or since <= row.opened < until)
    )


def day(*date):
    return datetime(*date, tzinfo=UTC)


OCTOBER = {"since": day(2026, 10, 1), "until": day(2026, 11, 1)}
PAGES = {
    "first": ("", has()),
    "deep": ("p=80", has()),
    "oldest first": ("o=0", has()),
    "oldest first, deep": ("o=0&p=60", has()),
    "status": ("status__exact=OnHold", has(["OnHold"])),
    "status, deep": ("status__exact=OnHold&p=20", has(["OnHold"])),
    "provider": ("provider__exact=messenger", has(provider="messenger")),
    "bot": ("bot_slug=banco", has(bot="banco")),
    "all three": (
        "status__exact=Active&provider__exact=whatsapp&bot_slug=tienda",
        has(["Active"], "whatsapp", "tienda"),
    ),
    "two statuses": ("status__in=OnHold,Active", has(["OnHold", "Active"])),
    "two statuses, deep": ("status__in=OnHold,Active&p=45", has(["OnHold", "Active"])),
    "two statuses, oldest first": ("status__in=OnHold,Active&o=0&p=3", has(["OnHold", "Active"])),
    "nothing fits": ("provider__exact=messenger&bot_slug=tienda", has(provider="messenger", bot="tienda")),
    "year": ("timestamp__year=2026", has()),
    "month": ("timestamp__year=2026&timestamp__month=10", has(**OCTOBER)),
    "day": (
        "timestamp__year=2026&timestamp__month=3&timestamp__day=4",
        has(since=day(2026, 3, 4), until=day(2026, 3, 5)),
    ),
    "month of a status, deep": (
        "timestamp__year=2026&timestamp__month=10&status__exact=Closed&p=2",
        has(["Closed"], **OCTOBER),
    ),
    "month of two statuses, deep": (
        "timestamp__year=2026&timestamp__month=10&status__in=Closed,Failed&p=3",
        has(["Closed", "Failed"], **OCTOBER),
    ),
    "from a moment on": (
        "timestamp__gte=2026-11-01T00:00:00Z",
        has(since=day(2026, 11, 1), until=day(2027, 1, 1)),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_its_rows_and_asks_redis_little(name, viewer, full, commands):
    question, fits = PAGES[name]
    expected = [row for row in full if fits(row)]
    if "o=0" in question:
        expected.reverse()
    number = int(dict(part.split("=") for part in question.split("&") if part).get("p", 1))

    with commands:
        response = viewer.get(f"{URL}?{question}")

    assert shown(response) == sessions(expected)[(number - 1) * PAGE : number * PAGE]
    assert response.context["cl"].result_count == len(expected)
    assert len(commands) <= MOST, [command[:4] for command in commands]
    assert_cheap(commands)


def assert_cheap(commands):
    assert not commands.names & {"scan", "keys", "sscan", "hscan", "zscan", "hgetall", "zunion", "zinter"}
    for command in (*commands, *commands.inside):
        words = [word.upper() for word in command]
        assert "BYSCORE" not in words
        if words[0] in ("ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZRANGEBYLEX"):
            offset = words[words.index("LIMIT") + 1]
            assert offset == "0", command  # walking to an offset costs its length


def test_counts_beside_the_filters_are_right(viewer, full, commands):
    with commands:
        page = viewer.get(f"{URL}?_facets&status__exact=Active").content.decode()

    active = [row for row in full if row.status == "Active"]
    for label, fits in {
        "On hold": has(["OnHold"]),
        "Failed": has(["Failed"]),
    }.items():
        assert f"{label} ({len(list(filter(fits, full)))})" in page
    for bot in ("tienda", "banco", "soporte", "viajes"):
        assert f"{bot} ({len(list(filter(has(bot=bot), active)))})" in page
    assert len(commands) <= MOST
    assert_cheap(commands)


def test_months_and_days_are_offered_where_something_was_opened(viewer, full):
    months = viewer.get(URL).content.decode()
    assert "January 2026" in months
    assert "November 2026" in months
    assert "December 2026" not in months
    days = viewer.get(f"{URL}?timestamp__year=2026&timestamp__month=1").content.decode()
    assert "January 5" in days
    assert "timestamp__day=4&" not in days


@pytest.mark.parametrize(
    "question",
    [
        "o=1",
        "o=2",
        "o=-3.1",
        "name__icontains=ana",
        "user_id__startswith=52",
        "name=Ana",
        "status__isnull=True",
        "status__contains=O",
        "timestamp__isnull=True",
        "timestamp__month=3",
        "timestamp__gte=yesterday",
        "timestamp__year=9999",
        "timestamp__year=abc",
        "p=99999",
        "nonsense=1",
        "session_id__gt=a",
    ],
)
def test_what_the_index_cannot_answer_is_refused_the_admins_way(question, viewer, full):
    response = viewer.get(f"{URL}?{question}")
    assert (response.status_code, response.headers.get("Location")) == (302, f"{URL}?e=1")
    assert viewer.get(response.headers["Location"]).status_code == 200


def test_an_asterisk_is_no_status(viewer, full):
    assert shown(viewer.get(f"{URL}?status__exact=*")) == []


def test_the_list_masks_users_and_links_by_session(viewer, full):
    page = viewer.get(URL).content.decode()
    assert full[0].session in page
    assert full[0].user not in page
    assert f"…{full[0].user[-4:]}" in page


# Search


def test_search_finds_the_start_of_any_field(knower, full, commands):
    row = full[4321]
    for term in (row.user, row.session, f"+{row.user}", row.fields()["caseId"], f"USER{row.number}@"):
        assert shown(knower.get(URL, {"q": term})) == [row.session]


def test_a_number_is_found_as_people_paste_it_and_by_the_digits_that_the_list_shows(knower, full):
    row = full[4321]
    user = row.user
    for term in (f"+{user[:2]} {user[2]} {user[3:5]} {user[5:9]}-{user[9:]}", f"({user[3:5]}) {user[5:]}", user[-9:]):
        assert shown(knower.get(URL, {"q": term})) == [row.session], term
    ending = f"…{user[-4:]}"  # copied from the list
    alike = sessions([one for one in full if one.user.endswith(user[-4:])])
    assert shown(knower.get(URL, {"q": ending})) == alike
    assert row.session in alike
    assert shown(knower.get(URL, {"q": user[-3:] + "999999999999"})) == []


def test_a_name_is_found_without_its_accents(knower, full):
    expected = [row for row in full if row.name == "Inés Álvarez"]
    assert knower.get(URL, {"q": "ines alvarez"}).context["cl"].result_count == len(expected) == 100


def test_words_are_all_looked_for(knower, full, commands):
    row = full[17]
    with commands:
        assert shown(knower.get(URL, {"q": f"{row.name.split()[1]} user{row.number}"})) == [row.session]
    assert len(commands) <= 60
    assert_cheap(commands)
    assert shown(knower.get(URL, {"q": f"nobody user{row.number}"})) == []


def test_a_whole_name_is_found_with_its_accents(knower, full):
    expected = [row for row in full if row.name == "Ana Álvarez"]
    response = knower.get(URL, {"q": "ana álvarez"})
    assert shown(response) == sessions(expected)[:PAGE]
    assert response.context["cl"].result_count == len(expected) == 100


def test_a_common_word_is_capped_and_the_page_says_so(knower, full, commands):
    with commands:
        response = knower.get(URL, {"q": "ana", "_facets": "", "status__exact": "OnHold"})
    assert "More than 200 match" in response.content.decode()
    assert response.context["cl"].result_count <= 200
    assert {row.status for row in response.context["cl"].result_list} == {"OnHold"}
    assert len(commands) <= 60
    assert_cheap(commands)


@pytest.mark.parametrize(
    "term", ["\0", "[ana", "(", "-", "%00", "ÿ", "a " * 400, "\ud800".encode("utf-8", "replace")]
)
def test_odd_terms_find_nothing_and_break_nothing(term, viewer, full):
    assert viewer.get(URL, {"q": term}).status_code == 200


def test_months_are_offered_where_something_that_was_found_was_opened(knower, full):
    found = [row for row in full if row.name == "Inés Álvarez"]
    shown = knower.get(URL, {"q": "ines alvarez"}).content.decode()
    offered = {month for month in range(1, 13) if f"timestamp__month={month}&" in shown}
    assert offered == {row.opened.month for row in found}
