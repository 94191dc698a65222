"""Configuration as code: out, in, compared; secrets are named and never shown, mistakes have lines."""

import base64
import re
import textwrap
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from interconnections.models import Bot, BotAccess, Route, SalesforceOrg
from interconnections.secret import Secret

pytestmark = pytest.mark.django_db
User = get_user_model()

WHOLE = """
    orgs:
      Tienda:
        chat_url: https://d.example.com/chat
        organization_id: 00D000000000001
        deployment_id: 572000000000001
        auth_flow: jwt_bearer
        client_id: consumer
        username: bridge@example.com
        private_key: {file: key.pem}
    bots:
      tienda-bot:
        bot_id: 525500009999
        org: Tienda
        api_url: https://integrations.example.org
        api_token: {env: TOKEN}
        waiting_limit: 60
        phone_prefixes: [521, 52]
        texts:
          waitAgent: No
        routes:
          - button_id: 573000000000001
          - flow: NO
            button_id: 573000000000002
    callers:
      shop:
        password: {env: PASSWORD}
        bots: [tienda-bot]
"""
VARIABLES = {"TOKEN": "tok-plain-1", "PASSWORD": "Plain-pass-4711", "HOOK": "hook-plain-2", "OTHER": "other-plain"}
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"


@pytest.fixture
def role():
    """The group as migrations make it: a test that emptied all tables may have been here before."""
    group, _ = Group.objects.get_or_create(name="YALO_ROLE")
    group.permissions.add(Permission.objects.get(codename="use_api"))
    return group


@pytest.fixture
def config(tmp_path, settings, role):
    """Runs the command on a document; gives its exit code and what it said."""
    settings.SECRET_OF_ENVIRONMENT = VARIABLES.get
    (tmp_path / "key.pem").write_text(f"{PEM}\n")

    def run(verb: str, document: str = "", *flags: str) -> tuple[int, str]:
        file = tmp_path / "bridge.yml"
        file.write_text(textwrap.dedent(document))
        out = StringIO()
        try:
            call_command("config", verb, *([str(file)] if verb != "export" else []), *flags, stdout=out)
        except CommandError as error:
            return error.returncode, str(error).replace(str(file), "bridge.yml")
        except SystemExit as left:
            return left.code, out.getvalue()
        return 0, out.getvalue()

    return run


def test_a_document_becomes_rows(config) -> None:
    code, said = config("import", WHOLE)
    assert (code, said.splitlines()[-1]) == (0, "5 changes")
    bot = Bot.objects.get(slug="tienda-bot")
    assert (bot.bot_id, bot.waiting_limit, bot.phone_prefixes) == ("525500009999", 60, ["521", "52"])
    assert bot.texts == {"waitAgent": "No"}
    assert bot.api_token == Secret("tok-plain-1")
    assert len(bot.webhook_secret.reveal()) > 30  # made, as for a bot that a form makes
    assert SalesforceOrg.objects.get().private_key == Secret(PEM)
    assert dict(Route.objects.values_list("flow", "button_id")) == {"": "573000000000001", "NO": "573000000000002"}
    user = User.objects.get(username="shop")
    assert user.check_password("Plain-pass-4711")
    assert user.has_perm("interconnections.use_api")
    assert [access.bot for access in user.bot_access.all()] == [bot]


def test_the_same_document_again_changes_nothing(config) -> None:
    config("import", WHOLE)
    before = list(Bot.objects.values()), list(SalesforceOrg.objects.values()), list(Route.objects.values())
    assert config("diff", WHOLE) == (0, "0 changes\n")
    assert config("import", WHOLE) == (0, "0 changes\n")
    assert before == (list(Bot.objects.values()), list(SalesforceOrg.objects.values()), list(Route.objects.values()))


def test_a_diff_says_what_would_change_and_changes_nothing(config) -> None:
    config("import", WHOLE)
    other = WHOLE.replace("waiting_limit: 60", "waiting_limit: 90").replace("{env: TOKEN}", "{env: OTHER}")
    other = other.replace("bots: [tienda-bot]", "bots: all")
    code, said = config("diff", other)
    assert code == 1
    assert said == (
        "~ bot tienda-bot\n    api_token: another\n    waiting_limit: 60 -> 90\n"
        '~ caller shop\n    bots: ["tienda-bot"] -> "all"\n2 changes\n'
    )
    assert Bot.objects.get().waiting_limit == 60
    assert config("import", other)[0] == 0
    assert config("diff", other)[0] == 0
    assert not BotAccess.objects.exists()


def test_what_a_document_does_not_name_has_its_default_but_for_secrets(config) -> None:
    config("import", WHOLE)
    secret = Bot.objects.get().webhook_secret
    config("import", WHOLE.replace("waiting_limit: 60", "").replace("api_token: {env: TOKEN}", ""))
    bot = Bot.objects.get()
    assert (bot.waiting_limit, bot.api_token, bot.webhook_secret) == (0, Secret("tok-plain-1"), secret)


def test_an_export_is_the_document_that_changes_nothing_and_shows_no_secret(config, settings) -> None:
    config("import", WHOLE)
    code, document = config("export")
    assert code == 0
    assert not [plain for plain in (*VARIABLES.values(), "MIIE") if plain in document]
    assert Bot.objects.get().webhook_secret.reveal() not in document
    assert "api_token: {env: BOT_TIENDA_BOT_API_TOKEN}" in document
    assert config("diff", document, "--keep-secrets") == (0, "0 changes\n")
    bot, org = Bot.objects.get(), SalesforceOrg.objects.get()
    settings.SECRET_OF_ENVIRONMENT = {
        "BOT_TIENDA_BOT_API_TOKEN": bot.api_token.reveal(),
        "BOT_TIENDA_BOT_WEBHOOK_SECRET": bot.webhook_secret.reveal(),
        "ORG_TIENDA_PRIVATE_KEY": org.private_key.reveal(),
        "CALLER_SHOP_PASSWORD": "Plain-pass-4711",
    }.get
    assert config("diff", document) == (0, "0 changes\n")
    for model in (Bot, SalesforceOrg, User):
        model.objects.all().delete()
    assert config("import", document)[0] == 0  # staging becomes production
    assert config("export")[1] == document


def test_routes_of_a_bot_are_those_of_the_document(config) -> None:
    config("import", WHOLE)
    without = WHOLE.replace("          - flow: NO\n            button_id: 573000000000002\n", "")
    code, said = config("import", without)
    assert (code, said) == (0, "- route tienda-bot: NO\n1 change\n")


def test_what_is_stored_and_not_in_the_document_stays_unless_it_is_pruned(config) -> None:
    config("import", WHOLE)
    code, said = config("import", "bots: {}\n")
    assert (code, said) == (0, "  bot tienda-bot is not in the document, and stays\n0 changes\n")
    code, said = config("import", "bots: {}\n", "--prune")
    assert (code, said) == (0, "- bot tienda-bot\n1 change\n")
    assert SalesforceOrg.objects.exists()  # the document has no section of orgs
    assert User.objects.get().bot_access.get().bot is None  # and nobody is given all bots by it


def test_an_org_that_bots_need_is_not_pruned(config) -> None:
    config("import", WHOLE)
    code, said = config("import", "orgs: {}\n", "--prune")
    assert (code, "org Tienda is not here, and cannot be removed" in said) == (2, True)
    assert SalesforceOrg.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("waiting_limit: 60", "waiting_limits: 60", "bridge.yml:17: There is no waiting_limits here; waiting_limit"),
        ("waiting_limit: 60", "waiting_limit: many", "bridge.yml:17: waiting_limit: This must be a whole number"),
        ("org: Tienda", "org: Nobody", "bridge.yml:14: There is no org Nobody, here or stored."),
        ("{env: TOKEN}", "tok-plain-1", "bridge.yml:16: A secret is named, not written: {env: NAME}"),
        ("{env: TOKEN}", "{env: ELSEWHERE}", "bridge.yml:16: The environment has no ELSEWHERE"),
        ("{file: key.pem}", "{file: none.pem}", "bridge.yml:10: There is no file that can be read as none.pem"),
        ("573000000000002", "574000000000002", "bridge.yml:24: route tienda-bot: NO: button_id: "),
        ("flow: NO", "flow: ''", "bridge.yml:23: route tienda-bot: every other flow is here twice."),
        ("bots: [tienda-bot]", "bots: [tienda]", "bridge.yml:28: There is no bot tienda, here or stored."),
        ("bots: [tienda-bot]", "active: true", "bridge.yml:26: Say which bots this caller is given"),
        ("callers:", "caller:", "bridge.yml:25: There is no caller here; callers is near."),
        ("api_url: https", "api_url: [https", "bridge.yml:16: This is not YAML: "),
        ("waitAgent: No", "waitAgent: 5", "bridge.yml:19: bot tienda-bot: texts: "),
        ("org: Tienda", "org: Tienda\n        org: Tienda", "bridge.yml:15: org is here twice."),
        ("{env: PASSWORD}", "{env: SHORT}", "bridge.yml:27: password: This password is too short."),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_stored(config, monkeypatch, before, after, told) -> None:
    monkeypatch.setitem(VARIABLES, "SHORT", "kurz")
    assert before in WHOLE
    code, said = config("import", WHOLE.replace(before, after, 1))
    assert code == 2
    assert said.startswith(told), said
    assert said.endswith("Nothing was changed.")
    assert not [text for text in VARIABLES.values() if text in said]
    assert not SalesforceOrg.objects.exists()


def test_all_mistakes_are_told_at_once_and_a_wrong_org_is_told_once(config) -> None:
    code, said = config("import", WHOLE.replace("00D000000000001", "nothing").replace("bots: [tienda-bot]", ""))
    assert code == 2
    assert [line.partition(" ")[0] for line in said.splitlines()] == ["bridge.yml:5:", "bridge.yml:26:", "Nothing"]


def test_a_stored_secret_does_not_follow_its_address_to_another_host(config) -> None:
    config("import", WHOLE)
    elsewhere = WHOLE.replace("https://integrations.example.org", "https://evil.example.net")
    code, said = config("import", elsewhere, "--keep-secrets")
    assert code == 2
    assert "api_url leads to another host now: name api_token" in said
    named = elsewhere.replace(
        "api_token: {env: TOKEN}", "api_token: {env: TOKEN}\n        webhook_secret: {env: HOOK}"
    )
    assert config("import", named)[0] == 0


def test_a_caller_without_a_bot_is_not_given_all(config) -> None:
    config("import", WHOLE.replace("bots: [tienda-bot]", "bots: []"))
    assert User.objects.get().bot_access.get().bot is None
    assert "    bots: []\n" in config("export")[1]


def test_a_user_of_the_console_is_no_caller(config, role) -> None:
    User.objects.create_superuser("shop")
    code, said = config("import", WHOLE)
    assert code == 2
    assert "caller shop is a user of the console" in said
    other = User.objects.create_user("ana", is_staff=True)
    other.groups.add(role)
    assert config("export")[1].count("password") == 0


def test_the_example_document_is_taken(config, settings) -> None:
    settings.SECRET_OF_ENVIRONMENT = lambda name: f"A-long-enough-{name}"
    document = (Path(__file__).resolve().parents[2] / "docs/example.yml").read_text()
    code, said = config("import", document)
    assert code == 0, said
    assert config("diff", document) == (0, "0 changes\n")


@pytest.mark.parametrize("guide", ["whatsapp-cloud", "messenger-platform"])
def test_the_bot_of_a_guide_is_taken(config, settings, guide: str) -> None:
    settings.SECRET_OF_ENVIRONMENT = lambda name: "whsec_" + base64.b64encode(name.ljust(32).encode()).decode()
    page = (Path(__file__).resolve().parents[2] / f"docs/{guide}.md").read_text()
    [document] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    config("import", WHOLE)
    code, said = config("import", document)
    assert code == 0, said
    assert "+ bot tienda-" in said


def test_a_pause_is_an_operators_and_no_configuration(config) -> None:
    config("import", WHOLE)
    Bot.objects.filter(slug="tienda-bot").update(paused=True, pause_text="Back at nine.")
    assert "Back at nine." not in config("export")[1]
    config("import", WHOLE)
    assert Bot.objects.get(slug="tienda-bot").paused
