"""Starting it as the documentation says: clean where it is right, one sentence where it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "q8Zk2v-Nw4xT6yB1cD3eF5gH7jL9mP0rS_aUiOqWzXyVtRpN-7sK1dM5h",
    "ENCRYPTION_KEYS": "c2l4dGVlbi1ieXRlcy1zaXh0ZWVuLWJ5dGVzLXNpeHQ=",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
    "PUBLIC_URL": "https://bridge.tienda.mx",
    "ALLOWED_HOSTS": "bridge.tienda.mx",
    "CSRF_TRUSTED_ORIGINS": "https://bridge.tienda.mx",
}


def manage(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"]} | {name: value for name, value in (PRODUCTION | settings).items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )


def test_check_deploy_is_clean_under_production_settings() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


def test_check_warns_of_proxies_that_are_everybody() -> None:
    done = manage("check", "--fail-level", "WARNING", TRUSTED_PROXIES="10.0.0.5,::/0,0.0.0.0/1,unix")
    assert done.returncode == 1
    assert [name for name in ("10.0.0.5", "::/0", "0.0.0.0/1", "unix") if f"trusts {name}:" in done.stderr] == [
        "::/0", "0.0.0.0/1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Make one:"),
        ("SECRET_KEY", "change-me", "SECRET_KEY still has an example value."),
        ("ENCRYPTION_KEYS", "", "ENCRYPTION_KEYS is not set. Make a key:"),
        ("ENCRYPTION_KEYS", "not-a-key", "ENCRYPTION_KEYS: key 1 is not a Fernet key"),
        ("TIME_ZONE", "Mexico", "TIME_ZONE is 'Mexico'; it must be a name like America/Mexico_City"),
        ("REDIS_URL", "", "REDIS_URL is not set."),
        ("REDIS_URL", "redis://127.0.0.1/bridge", "the database is a number"),
        ("REDIS_URL", "http://x", "REDIS_URL must begin with redis://"),
        ("PUBLIC_URL", "bridge.tienda.mx", "PUBLIC_URL is 'bridge.tienda.mx'; it must be a whole address"),
        ("TRACES", "101", "TRACES is 101; it says how many of a hundred messages are traced."),
        ("REDIS_CLIENT", "many", "REDIS_CLIENT is 'many'; it must be one of line, pool."),
        ("HTTP_CLIENT", "curl", "HTTP_CLIENT is 'curl'; it must be one of fast, aiohttp."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'; it must be one of text, json."),
        ("REDIS_SENTINELS", "a:26379,b:26379", "REDIS_SENTINEL_SERVICE must name the service"),
        ("REDIS_SENTINELS", "a", "REDIS_SENTINELS: 'a' is not host:port"),
        ("DEBUG", "maybe", "DEBUG"),
        ("TRUSTED_PROXIES", "10.0.0.5,nginx", "TRUSTED_PROXIES: 'nginx' is not an address like 10.0.0.5"),
        ("TRUSTED_PROXIES", "10.0.0.5/8", "TRUSTED_PROXIES: '10.0.0.5/8' is not an address"),
        ("SESSION_RETENTION_DAYS", "many", "SESSION_RETENTION_DAYS"),
    ],
)
def test_a_wrong_setting_stops_the_process_with_the_sentence_that_mends_it(
    name: str, value: str, sentence: str
) -> None:
    done = manage("check", **{name: value})
    assert done.returncode != 0
    [line] = done.stderr.splitlines()
    assert sentence in line


def test_every_secret_setting_may_lie_in_a_file(tmp_path: Path) -> None:
    given: dict[str, str] = {}
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "REDIS_URL", "DATABASE_URL"):
        (tmp_path / name).write_text(f"{PRODUCTION[name]}\n")
        given |= {name: "", f"{name}_FILE": str(tmp_path / name)}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **given)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("value", "file", "sentence"),
    [
        ("redis://127.0.0.1", "/etc/hostname", "REDIS_URL and REDIS_URL_FILE are both set: set one of them."),
        ("", "/no/such/file", "REDIS_URL_FILE is '/no/such/file', which cannot be read"),
        ("", "/dev/null", "REDIS_URL_FILE is '/dev/null', which is empty."),
    ],
)
def test_a_file_of_a_secret_that_says_nothing_stops_the_process(value: str, file: str, sentence: str) -> None:
    done = manage("check", REDIS_URL=value, REDIS_URL_FILE=file)
    assert done.returncode != 0
    [line] = done.stderr.splitlines()
    assert sentence in line


def test_the_readme_names_every_secret_that_may_lie_in_a_file() -> None:
    from bridgeproject.secret_files import SECRETS

    readme = (ROOT / "README.md").read_text()
    assert [name for name in SECRETS if f"`{name}_FILE`" not in readme] == []


def test_no_migration_is_missing() -> None:
    done = manage("makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_the_example_configuration_loads_and_is_valid() -> None:
    import json

    rows = json.loads((ROOT / "docs/example.json").read_text())
    assert {row["model"].split(".")[1] for row in rows} == {"salesforceorg", "bot", "route"}


@pytest.mark.django_db
def test_the_example_configuration_is_valid_once_loaded() -> None:
    from django.core.management import call_command

    from interconnections.models import Bot, Route, SalesforceOrg

    call_command("loaddata", ROOT / "docs/example.json", verbosity=0)
    for model in (SalesforceOrg, Bot, Route):
        for row in model.objects.all():
            row.full_clean()
    assert len(Bot.objects.get(slug="tienda-bot").webhook_secret.reveal()) > 30  # minted, not published
