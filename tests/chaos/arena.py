"""The stage of the chaos: bots on WhatsApp and Messenger for each desk, through Yalo and without, and no paces."""

import json
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

import redis

from interconnections.store.keys import key
from simulator.configuration import (
    BOT,
    CLOUD_BOT,
    PAGE_BOT,
    VERIFY_TOKEN,
    Row,
    cloud_bot,
    enhanced_org,
    messenger_bot,
    org,
    page_bot,
    route,
    whatsapp_bot,
)
from simulator.graph.accounts import NUMBER
from simulator.graph.accounts import PAGE as PAGE_ACCOUNT
from simulator.processes import Process
from simulator.stage import Stage
from simulator.verification import Verification

LIVE_AGENT, ENHANCED_CHAT = DESKS = ("live_agent", "enhanced_chat")
CLOUD, PAGE = META = ("cloud", "page")  # WhatsApp and Messenger without a platform in between
BOT_OF = {  # desk and way to the user -> slug
    (LIVE_AGENT, "whatsapp"): BOT,
    (LIVE_AGENT, "messenger"): "demo-messenger",
    (ENHANCED_CHAT, "whatsapp"): "demo-messaging",
    (ENHANCED_CHAT, "messenger"): "demo-messaging-messenger",
    (ENHANCED_CHAT, CLOUD): CLOUD_BOT,
    (LIVE_AGENT, PAGE): PAGE_BOT,
}
DESK_OF = {CLOUD: ENHANCED_CHAT, PAGE: LIVE_AGENT}
ACCOUNT_OF = {CLOUD: NUMBER, PAGE: PAGE_ACCOUNT}
WIRE_WORD = {"whatsapp": "whatsapp", "messenger": "facebook", CLOUD: "whatsapp", PAGE: "facebook"}
META_RULES = {
    "meta_retry_pause": 0.2,
    "meta_retry_longest": 1.0,
    "cloud_pair_seconds": 0.001,
    "cloud_pair_burst": 100_000,
}
UNHURRIED = {"sends_per_second": 10_000, "pair_burst": 100_000, "pair_seconds": 0.001}


class Arena(Stage):
    def __init__(self, workers: int = 2) -> None:
        super().__init__(workers)
        self.verification = Verification()

    def fixture(self) -> list[Row]:
        url, secret = self.world.url, self.webhook_secret
        return [
            org(url),
            enhanced_org(url, 2, **self.verification.fields()),
            whatsapp_bot(1, BOT_OF[LIVE_AGENT, "whatsapp"], url, secret, **UNHURRIED),
            messenger_bot(2, BOT_OF[LIVE_AGENT, "messenger"], url, secret, **UNHURRIED),
            whatsapp_bot(
                3, BOT_OF[ENHANCED_CHAT, "whatsapp"], url, secret, org=2, bot_id="525500007777", **UNHURRIED
            ),
            messenger_bot(4, BOT_OF[ENHANCED_CHAT, "messenger"], url, secret, org=2, **UNHURRIED),
            cloud_bot(5, url, org=2, **UNHURRIED),
            page_bot(6, url, **UNHURRIED),
            route(1, 1),
            route(2, 2),
            route(3, 3, ""),
            route(4, 4, ""),
            route(5, 5, ""),
            route(6, 6),
        ]

    def introduce(self) -> None:
        super().introduce()
        self.verification.register(self.world)
        self.subscribe_at_meta()

    def subscribe_at_meta(self) -> None:
        """Meta's webhooks come to this stage's own web process."""
        for way, account in ACCOUNT_OF.items():
            self.subscribe(BOT_OF[DESK_OF[way], way], account, VERIFY_TOKEN)

    @property
    def webhooks(self) -> dict[tuple[str, str], str]:
        """Where the platform sends, by desk and provider."""
        secret = self.webhook_secret
        yalo = {where: slug for where, slug in BOT_OF.items() if where[1] not in META}
        return {where: self.webhook_of(WIRE_WORD[where[1]], slug, secret) for where, slug in yalo.items()}

    def clean(self) -> None:
        """Nobody talks, nothing is broken, everybody is there: as every scenario finds it."""
        self.world.ask("POST", "/reset")
        self.world.ask("PUT", "/platform", {"dedupe": True})
        self.world.ask("PUT", "/rules", {"hold_seconds": 5, "conversation_starts": 10_000, **META_RULES})
        self.ensure_workers(2)

    def keep(self, facts: object = None) -> Path:
        """What the processes said, and the facts as JSON, where the stage does not sweep them away."""
        kept = Path(tempfile.mkdtemp(prefix="bridge-chaos-"))
        for log in self.directory.glob("*.log"):
            shutil.copy(log, kept)
        (kept / "facts.json").write_text(json.dumps(facts, default=_plain, indent=1))
        return kept

    def start_worker(self) -> Process:
        self.workers = self.living()  # who was killed is not waited for
        return super().start_worker()

    def owned_by(self, worker: Process) -> set[str]:
        """Session ids that Redis says this process owns."""
        with self.redis_client() as client:
            ids = [id for name in _names(client, worker) for id in client.smembers(key("owned", name))]
            return {found for id in ids if (found := client.hget(key("hash", id), "sessionId"))}

    def all_owned(self, but_by: Process) -> bool:
        """Nothing is free, and nothing stands under the name of a worker that is gone."""
        with self.redis_client() as client:
            return not client.zcard(key("free")) and not any(_names(client, but_by))

    def until_quiet(self, redis_url: str = "", patience: float = 30) -> None:
        """Until nobody owns anything any more: what is still on its way would escape the judge."""
        deadline = time.monotonic() + patience
        with redis.Redis.from_url(redis_url or self.env["REDIS_URL"], decode_responses=True) as client:
            while time.monotonic() < deadline and _busy(client):
                time.sleep(0.05)

    def redis_client(self) -> redis.Redis:
        """With every right, unlike the bridge's own user."""
        assert self.redis is not None
        return redis.Redis.from_url(self.redis.url, decode_responses=True)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else vars(value)


def _busy(client: redis.Redis) -> bool:
    owned = [key("owned", worker) for worker in client.zrange(key("workers"), 0, -1)]
    return any(client.scard(name) for name in owned) or any(client.zcard(key(name)) for name in ("free", "starting"))


def _names(client: redis.Redis, worker: Process) -> list[str]:
    """Under which the store knows this process: they begin with the host and the process id."""
    prefix = f"{socket.gethostname()}-{worker.popen.pid}-"
    return [name for name in client.zrange(key("workers"), 0, -1) if name.startswith(prefix)]


def ports_of(worker: Process) -> frozenset[int]:
    """The local ports of its TCP sockets, as the kernel says."""
    files = Path(f"/proc/{worker.popen.pid}/fd")
    links = [os.readlink(file) for file in files.iterdir() if file.is_symlink()] if files.exists() else []
    sockets = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]] if sockets else []
    return frozenset(int(row[1].rpartition(":")[2], 16) for row in rows if row[9] in sockets)
