"""The table of faults: what is broken, what is found, and whether the exit code says so."""

import socket

import pytest
from cryptography.fernet import Fernet

from interconnections.models import Bot, Route, SalesforceOrg
from interconnections.secret import Secret
from interconnections.store.keys import key
from tests.doctor.conftest import levels, now

SECRETS = ("the-platform-token", "the-webhook-secret", "the-state-token", "hunter2", "5215512345678", "Ana")


def change(model, **values):
    def broken(redis, settings, stage):
        model.objects.update(**values)

    return broken


def setting(**values):
    def broken(redis, settings, stage):
        for name, value in values.items():
            setattr(settings, name, value)

    return broken


def config(**values):
    def broken(redis, settings, stage):
        for name, value in values.items():
            redis.config_set(name.replace("_", "-"), value)

    return broken


def fault(on="session_id", **wish):
    def broken(redis, settings, stage):
        stage.world.ask("POST", "/faults", {"on": on, "kind": "status"} | wish)

    return broken


def told(script):
    """`script(redis, now)` writes something odd."""

    def broken(redis, settings, stage):
        script(redis, now(redis))

    return broken


def conversation(redis, at, **fields):
    id = f"5215512345678-s{len(redis.keys('*'))}"
    redis.hset(key("hash", id), mapping={"status": "Active", "name": "Ana", "openedAt": at} | fields)
    redis.zadd(key("index", "Active", "*", "*"), {id: at})
    return id


def free(redis, at):
    redis.zadd(key("free"), {conversation(redis, at): at - 30_000})


def stuck_start(redis, at):
    redis.zadd(key("starting"), {conversation(redis, at): at - 60_000})


def orphan(redis, at):
    conversation(redis, at, owner="a-dead-worker")


def unheard(redis, at):
    conversation(redis, at - 90_000, owner="w1", started="1")


def behind(redis, at):
    redis.zadd(key("due", "integration", "w1"), {conversation(redis, at, owner="w1"): at - 45_000})


def dead_letters(redis, at):
    for _ in range(3):
        redis.xadd(
            key("dead"), {"id": "5215512345678-s", "lane": "integration", "item": "Ana", "why": "answered 400"}
        )


def wrong_token(redis, at):
    id = conversation(redis, at, owner="w1", polledAt=at)
    redis.hset(key("tokens", id), "sessionKey", Fernet(Fernet.generate_key()).encrypt(b"x").decode())


def stranger(redis, at):
    redis.set("{bridge}:novelty:5215512345678", 1)


def platform(heard=None, opened=None, **shore):
    """Minutes ago."""

    def script(redis, at):
        redis.delete(key("bot", "tienda"))
        if heard is not None:
            redis.hset(key("bot", "tienda"), "heardAt", at - heard * 60_000)
        if opened is not None:
            redis.zadd(key("index", "*", "*", "tienda"), {"5215512345678-s": at - opened * 60_000})
        why = {"refusedWhy": shore.pop("why", "answered 401")}
        moments = {name: at - minutes * 60_000 for name, minutes in shore.items()}
        redis.hset(key("shore", "integration", "tienda"), mapping=moments | why)

    return told(script)


def with_a_plus(redis, at):
    redis.zadd(key("index", "OnHold", "*", "tienda"), {"+5215512345678-s": at})


def nobody_there():
    """An address of this machine where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


ERROR, WARNING = "error", "warning"
CASES = {
    "debug": (setting(DEBUG=True), WARNING, "DEBUG is on"),
    "no public address": (setting(PUBLIC_URL=""), WARNING, "PUBLIC_URL is not set"),
    "public address without TLS": (setting(PUBLIC_URL="http://bridge.example.org"), WARNING, "is not https"),
    "public host not answered": (setting(ALLOWED_HOSTS=["localhost"]), ERROR, "is not in ALLOWED_HOSTS"),
    "no proxies behind TLS": (setting(TRUSTED_PROXIES=[]), WARNING, "TRUSTED_PROXIES is not set"),
    "proxies that are everybody": (setting(TRUSTED_PROXIES=["::/0"]), WARNING, "TRUSTED_PROXIES trusts ::/0"),
    "any host answered": (setting(ALLOWED_HOSTS=["*"]), WARNING, "ALLOWED_HOSTS has '*'"),
    "short key": (setting(SECRET_KEY="short"), WARNING, "SECRET_KEY is short"),
    "no key opens": (setting(ENCRYPTION_KEYS=[Fernet.generate_key().decode()]), ERROR, "no key opens its"),
    "no key opens a token": (told(wrong_token), ERROR, "1 tokens of open conversations open with no key"),
    "nobody at Redis": (setting(REDIS_URL="unix:///nowhere/redis.sock"), ERROR, "Redis does not answer"),
    "not persistent": (config(appendonly="no"), ERROR, "appendonly is off"),
    "fsync off": (config(appendfsync="no"), WARNING, "appendfsync is no"),
    "evicting": (config(maxmemory="1gb", maxmemory_policy="allkeys-lru"), ERROR, "maxmemory-policy is allkeys-lru"),
    "would evict": (config(maxmemory_policy="allkeys-lru"), WARNING, "maxmemory-policy is allkeys-lru"),
    "foreign keys": (told(stranger), WARNING, "keys that this release does not know: novelty"),
    "no worker": (told(lambda redis, at: redis.delete(key("workers"))), ERROR, "no worker is alive"),
    "a worker just died": (
        told(lambda redis, at: redis.zadd(key("workers"), {"w0": at - 2000})), WARNING, "1 died just now",
    ),
    "free": (told(free), ERROR, "1 conversations wait for a worker, the longest for "),
    "stuck start": (told(stuck_start), ERROR, "1 starts are stuck"),
    "orphan": (told(orphan), ERROR, "1 open conversations have no living owner"),
    "unheard": (told(unheard), WARNING, "no poll ever brought anything"),
    "lane behind": (told(behind), ERROR, "1 lanes to integration are "),
    "dead letters": (told(dead_letters), WARNING, "3 messages were given up in the last day (3 to integration"),
    "never a webhook": (platform(), WARNING, "tienda: no webhook of its platform was ever seen"),
    "chats without any webhook": (platform(opened=9), WARNING, "was ever seen, though chats were opened"),
    "webhooks have stopped": (
        platform(heard=300, opened=10), WARNING, "was seen for 5 h, but a chat was opened 10 min ago",
    ),
    "token refused": (
        platform(heard=1, refusedAt=3, takenAt=240), ERROR,
        "refuses our token (answered 401 3 min ago; it took something 4 h ago)",
    ),
    "token never taken": (platform(heard=1, refusedAt=3, why="answered 403"), ERROR, "it never took anything)"),
    "refused otherwise": (
        platform(heard=1, refusedAt=3, why="answered 500"), WARNING, "was refused (answered 500 3 min ago",
    ),
    "a user with a plus": (told(with_a_plus), WARNING, "1 open chat is for a user with a + in front"),
    "retired": (fault(status=410), ERROR, "answered 410. Live Agent is not there"),
    "wrong path": (fault(status=404), ERROR, "answered 404. Live Agent is not there"),
    "forbidden": (fault(status=403), ERROR, "answered 403. Live Agent is not there"),
    "Salesforce unwell": (fault(status=500), ERROR, "answered 500: Salesforce is unwell"),
    "not Live Agent": (fault(kind="garbage"), ERROR, "but not like Live Agent"),
    "hangs up": (fault(kind="drop"), ERROR, "does not answer"),
    "cannot delete": (fault("delete_session", status=500), WARNING, "our test session could not be deleted"),
    "no such host": (
        change(SalesforceOrg, chat_url="https://no-such-host.invalid/chat/rest"), ERROR, "there is no host",
    ),
    "org nonsense": (change(SalesforceOrg, deployment_id="573"), ERROR, "is not a deployment id"),
    "org without address": (change(SalesforceOrg, chat_url=""), ERROR, "This must be a whole address"),
    "org nobody uses": (
        lambda *_: SalesforceOrg.objects.create(name="Old"), WARNING, "Old: no bot uses it",
    ),
    "no org": (
        lambda *_: (Route.objects.all().delete(), Bot.objects.all().delete(), SalesforceOrg.objects.all().delete()),
        ERROR, "no org is configured",
    ),
    "bot without org": (change(Bot, org=None), ERROR, "Choose the Salesforce org"),
    "bot's platform not built": (change(Bot, platform="telegram"), ERROR, "no choice"),
    "open webhook": (change(Bot, webhook_auth="none"), WARNING, "its webhooks are not authenticated"),
    "no token": (change(Bot, api_token=Secret("")), WARNING, "no API token"),
    "no route": (lambda *_: Route.objects.all().delete(), ERROR, "no route leads to a button"),
    "no default route": (change(Route, flow="PEDIDO"), WARNING, "no default route: only users of PEDIDO"),
    "wrong button": (change(Route, button_id="nonsense"), ERROR, "is not a button id"),
    "platform away": (lambda *_: Bot.objects.update(api_url=nobody_there()), ERROR, "platform's API at 127.0.0.1"),
    "no such platform": (
        change(Bot, api_url="https://no-such-host.invalid"), ERROR, "there is no host no-such-host.invalid for",
    ),
    "state API away": (
        lambda *_: Bot.objects.update(state_url=nobody_there()), ERROR, "the state API at 127.0.0.1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_fault_has_its_finding_and_the_exit_code_follows(name, doctor, redis, settings, stage):
    broken, level, sentence = CASES[name]
    broken(redis, settings, stage)
    code, found, printed = doctor("--json")
    [finding, *_] = [one for one in found if sentence in one["what"]] or pytest.fail(printed)
    assert finding["level"] == level
    assert finding["mend"]
    assert code == (1 if level == ERROR else 0), levels(found, "error")
    _, _, text = doctor()
    for secret in SECRETS:
        assert secret not in printed + text, secret
