"""The console's Check of a bot: what the doctor would say of it, asked now."""

import pytest

from interconnections.models import Bot
from interconnections.secret import Secret
from interconnections.store.keys import key
from simulator.graph.accounts import APP, APP_SECRET, CLOUD_TOKEN, NUMBER
from tests.admin.conftest import person

PAGE = "/admin/interconnections/bot/"


@pytest.fixture
def chief(client, db, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("chief"))
    return client


@pytest.fixture
def cloud(bot, redis):
    """The simulated number at Meta; the bot hears of its chats by nothing."""
    bot.platform, bot.bot_id, bot.api_token, bot.app_id = "whatsapp_cloud", NUMBER, Secret(CLOUD_TOKEN), APP
    bot.webhook_auth, bot.webhook_secret, bot.verify_token = "signature", Secret(APP_SECRET), Secret("agreed")
    bot.state_api = bot.state_url = ""
    bot.save()
    return bot


@pytest.fixture
def at_meta(stage):
    """Changes what the developer set up there, until the test is over."""
    before = stage.world.ask("GET", "/graph")["setup"]

    def change(part, **more):
        stage.world.ask("PUT", "/graph", {part: [row | more for row in before[part]]})

    yield change
    stage.world.ask("PUT", "/graph", {part: before[part] for part in ("tokens", "numbers")})


def checked(chief, bot, language="en"):
    """(level, words)."""
    chosen = {"action": "ask_platform", "_selected_action": [bot.pk]}
    answer = chief.post(PAGE, chosen, follow=True, headers={"Accept-Language": language})
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


def test_a_bot_that_is_well_is_told_so_by_its_platform(chief, cloud):
    told = checked(chief, cloud)
    assert ("success", "<div>tienda: Meta serves 525500001111 (Tienda), quality GREEN</div>") in told
    assert ("success", "<div>tienda: the webhook secret is the App secret</div>") in told
    assert ("success", "<div>tienda: Meta lets the business write first to 1000 users a day</div>") in told
    assert any("has the permissions that it needs" in words for _, words in told)
    assert any("last webhook came 10 min ago" in words for _, words in told)
    wrong = [words for level, words in told if level == "error"]
    assert len(wrong) == 2  # the app of this test is subscribed to nothing
    assert all("nothing that users say arrives" in words for words in wrong)


def test_what_is_wrong_is_told_with_its_mend_and_without_the_secret(chief, cloud, redis):
    Bot.objects.update(webhook_secret=Secret("made-up-here"), timezone="Mars/Olympus")
    redis.hdel(key("bot", cloud.slug), "heardAt")
    told = checked(chief, cloud)
    words = " ".join(words for _, words in told)
    for part in ("not the App secret", "App settings &gt; Basic", "no time zone", "was ever seen"):
        assert part in words, part
    assert "made-up-here" not in words


def test_a_token_without_its_permission_and_a_number_that_is_not_connected_are_told(chief, cloud, at_meta):
    at_meta("tokens", scopes=["whatsapp_business_management"])
    at_meta("numbers", status="FLAGGED", tier="TIER_UNLIMITED")
    told = " ".join(words for _, words in checked(chief, cloud))
    for part in ("lacks the permission whatsapp_business_messaging", "at Meta is FLAGGED", "any number of users"):
        assert part in told, part


def test_files_that_no_agent_would_ever_see_are_told(chief, cloud, org):
    told = " ".join(words for _, words in checked(chief, cloud))
    assert "agents of Acme never see users&#x27; files" in told
    org.chat_api, org.es_developer_name = "enhanced_chat", "Bridge_Client"  # it takes them into the chat
    org.save()
    assert "never see" not in " ".join(words for _, words in checked(chief, cloud))


def test_the_check_speaks_its_readers_language(chief, cloud):
    told = " ".join(words for _, words in checked(chief, cloud, "es-MX"))
    assert "Meta atiende 525500001111 (Tienda), calidad GREEN" in told
    assert "el último webhook de su plataforma llegó hace 10 min" in told
    assert "los agentes de Acme nunca ven los archivos" in told


def test_nobody_checks_who_may_not_change(client, cloud, django_user_model):
    person("looker", "view_bot")
    client.login(username="looker", password="long enough")
    assert checked(client, cloud) == []
