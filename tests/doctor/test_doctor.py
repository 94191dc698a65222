"""The doctor as a whole: a healthy installation, secrets that are not told, time that is bounded, real processes."""

import json
import socket
import subprocess
import sys
import time

import pytest
from cryptography.fernet import Fernet

from interconnections.doctor import server
from interconnections.models import Bot, SalesforceOrg
from interconnections.secret import Secret, seal
from interconnections.store.keys import key
from simulator.stage import ROOT
from tests.doctor.conftest import levels, now


def test_a_healthy_installation_is_all_well(doctor, stage, monkeypatch):
    monkeypatch.setattr(server, "SLOW", float("inf"))  # of a busy machine
    code, found, _ = doctor("--json")
    assert (code, levels(found, "error"), levels(found, "warning")) == (0, [], [])
    assert list(dict.fromkeys(finding["group"] for finding in found)) == [
        "Settings", "Keys", "Database", "Redis", "Work", "Salesforce orgs", "Bots",
    ]  # fmt: skip
    _, _, text = doctor()
    assert text.rstrip().endswith("0 errors, 0 warnings. It can work.")


def test_what_the_platform_did_lately_is_told(doctor, redis):
    at = now(redis)
    redis.hset(key("shore", "integration", "tienda"), mapping={"refusedAt": at - 600_000, "takenAt": at - 180_000})
    redis.zadd(key("index", "*", "*", "tienda"), {"5215512345678-s": at - 500_000})
    _, found, _ = doctor("--json")
    assert "tienda: its platform's last webhook came 10 min ago" in levels(found, "ok")
    assert "tienda: what we sent last was taken 3 min ago" in levels(found, "ok")


def test_the_mend_of_a_missing_webhook_is_a_line_to_paste(doctor, redis):
    redis.delete(key("bot", "tienda"))
    _, _, text = doctor()
    line = 'curl -X POST "https://bridge.example.org/v1/integrations/webhook/register/whatsapp?bot=tienda"'
    assert line in text


def test_no_session_is_left_behind_at_salesforce(doctor, stage):
    others = {chat["id"] for chat in stage.world.ask("GET", "/chats")["chats"]}
    doctor()
    ours = [chat for chat in stage.world.ask("GET", "/chats")["chats"] if chat["id"] not in others]
    assert [chat["end_reason"] for chat in ours] == ["deleted"]


def test_a_replica_takes_no_writes(doctor, redis):
    redis.replicaof("127.0.0.1", "1")
    code, found, _ = doctor("--json")
    redis.replicaof("NO", "ONE")
    assert code == 1
    assert "we are connected to a slave, which takes no writes" in levels(found, "error")


def test_addresses_are_named_by_their_host_only(doctor, settings):
    SalesforceOrg.objects.update(chat_url="http://admin:hunter2@127.0.0.1:1/chat?token=hunter2")
    Bot.objects.update(api_url="http://admin:hunter2@127.0.0.1:1/x?token=hunter2")
    settings.REDIS_URL = "redis://user:hunter2@127.0.0.1:1/0"
    code, _, text = doctor()
    assert code == 1
    assert "hunter2" not in text
    assert "127.0.0.1:1" in text


def test_which_key_opens_what_is_told(doctor, settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    Bot.objects.update(api_token=Secret("sealed with the first"))
    code, found, _ = doctor("--json")
    assert code == 0
    assert any("1 with key 1, 2 with key 2. Run manage.py rotatekeys" in what for what in levels(found, "ok"))
    assert seal(Secret("x"))


def test_nothing_waits_longer_than_its_five_seconds(doctor, redis, settings):
    with socket.socket() as silent:  # takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        SalesforceOrg.objects.update(chat_url=f"http://{address}")
        Bot.objects.update(api_url=f"http://{address}", state_url=f"http://{address}")
        settings.REDIS_URL = f"redis://{address}/0"
        start = time.monotonic()
        code, found, _ = doctor("--json")
    assert code == 1
    assert time.monotonic() - start < 4 * 5  # all at once, not one after the other
    assert len([what for what in levels(found, "error") if "within 5 s" in what]) == 4


# As a process


def run(stage, *arguments, **env):
    return subprocess.run(
        [sys.executable, "manage.py", "doctor", *arguments], cwd=ROOT, env=stage.env | env,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_real_processes_are_well(stage):
    done = run(stage, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["status"] == "warning"  # no PUBLIC_URL
    assert "1 worker lives" in done.stdout


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY still has an example value"),
        ({"ENCRYPTION_KEYS": "nonsense"}, "is not a Fernet key"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"REDIS_URL": "redis://127.0.0.1/bridge"}, "the database is a number"),
        ({"REDIS_URL": "redis://127.0.0.1?ssl_check_hostname=x&db=y"}, "REDIS_URL cannot be read"),
        ({"REDIS_SENTINELS": "127.0.0.1:1", "REDIS_SENTINEL_SERVICE": "x"}, "REDIS_URL is a unix socket"),
        ({"DATABASE_URL": "sqlite:////nowhere/bridge.sqlite3"}, "the database does not answer"),
        ({"DATABASE_URL": "sqlite://:memory:"}, "not migrated:"),
    ],
)
def test_broken_environments_end_with_one(env, sentence, stage):
    done = run(stage, **env)
    assert done.returncode == 1
    assert sentence in done.stdout + done.stderr
    assert stage.webhook_secret not in done.stdout + done.stderr
