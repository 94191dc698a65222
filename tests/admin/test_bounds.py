"""However an address is written, a page asks for a bounded amount: of Redis, of SQL and of the process."""

from itertools import islice, product
from string import ascii_lowercase

import pytest

from interconnections.models import Bot, Interconnection
from tests.admin.seed_history import BOTS

LIST = "/admin/interconnections/interconnection/"
MANY = ",".join("".join(letters) for letters in islice(product(ascii_lowercase, repeat=3), 300))
FEW = "whatsapp,messenger," + ",".join(f"p{n}" for n in range(40))


@pytest.mark.parametrize(
    "asked",
    [
        f"status__in={MANY}&provider__in={MANY}&bot_slug__in={MANY}",
        f"status__in=OnHold,Active,Closed,Failed,{MANY[:160]}&provider__in={FEW}&bot_slug__in={MANY[:200]}",
        f"status__in=OnHold,Active,Closed,Failed&provider__in=whatsapp,messenger&bot_slug__in={MANY}&p=3",
        f"session_id__in={MANY},{MANY},{MANY},{MANY}",
        f"q={'a ' * 3000}",
        f"q={MANY}",
        "p=999999999999999999999",
        f"p={'9' * 5000}",
        "all=1",
        "_facets=True&status__in=OnHold,Active&bot_slug__in=tienda,banco,soporte,viajes",
        "timestamp__year=99999999",
        "timestamp__gte=0001-01-01&timestamp__lt=9999-12-31",
        "timestamp__year=1&timestamp__month=1&timestamp__day=1",
        "o=" + ".".join(["1"] * 5000),
        "status__regex=(a%2B)%2B%24",
    ],
)
def test_no_address_asks_redis_for_much(asked, viewer, full, commands):
    with commands:
        answer = viewer.get(f"{LIST}?{asked}")
    assert answer.status_code in (200, 302)
    assert len(commands) <= 60
    assert len(commands.inside) < 3000


def test_several_values_still_find_what_there_is(viewer, full):
    rows = viewer.get(f"{LIST}?status__in=Active,Closed&bot_slug__in=tienda,nobody,{MANY}").context["cl"]
    wanted = [row for row in full if row.status in ("Active", "Closed") and row.bot == "tienda"]
    assert rows.result_count == len(wanted)
    everything = viewer.get(f"{LIST}?bot_slug__in={','.join(slug for slug, _ in BOTS)}").context["cl"]
    assert everything.result_count == len(full)
    assert viewer.get(f"{LIST}?status__in=Nonsense").context["cl"].result_count == 0


def test_too_many_bots_at_once_are_refused_with_a_sentence(full, monkeypatch):
    from django.db import NotSupportedError

    many = [f"bot{n}" for n in range(200)]
    monkeypatch.setattr("interconnections.store.admin_reads.bots", lambda: many)
    question = Interconnection.objects.filter(status__in=["OnHold", "Active"], bot_slug__in=many)
    with pytest.raises(NotSupportedError, match="at most"):
        question.count()


@pytest.mark.parametrize("page", ["interconnections/bot", "interconnections/salesforceorg", "interconnections/route",
                                  "auth/user", "auth/group"])  # fmt: skip
def test_lists_over_sql_take_what_they_offer_and_no_more(page, chief, django_assert_max_num_queries):
    Bot.objects.create(slug="a" * 40 + "!")
    asked = ["q=" + "a+" * 3000, "o=" + ".".join(["1"] * 3000), "o=1.2.1.2", "slug__regex=(a%2B)%2B%24",
             "name__regex=(a%2B)%2B%24", "username__iregex=(a%2B)%2B%24", "p=99999999999999999999", "q=%00",
             "password__startswith=a", "org__password__startswith=g", "all=1&_facets=True"]  # fmt: skip
    for words in asked:
        with django_assert_max_num_queries(40):
            answer = chief.get(f"/admin/{page}/?{words}")
        assert answer.status_code in (200, 302, 400), words
    assert chief.get(f"/admin/{page}/?q=a").status_code == 200


def test_filters_of_lists_over_sql_still_work(chief):
    Bot.objects.create(slug="uno", provider="messenger")
    Bot.objects.create(slug="dos")
    page = chief.get("/admin/interconnections/bot/?provider__exact=messenger")
    assert [bot.slug for bot in page.context["cl"].result_list] == ["uno"]
    assert chief.get("/admin/interconnections/bot/?org__isnull=True").context["cl"].result_count == 2
    assert chief.get("/admin/auth/user/?is_staff__exact=1&is_active__exact=1").context["cl"].result_count == 1
    assert chief.get("/admin/auth/user/?groups__id__exact=1").status_code == 200
    found = chief.get("/admin/autocomplete/?app_label=interconnections&model_name=bot&field_name=org&term=a")
    assert found.status_code == 200
