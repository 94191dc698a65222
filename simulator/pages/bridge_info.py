"""`/sim/stage`: where the bridge is and how one logs in there; told by whoever started everything."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from aiohttp import web

from ..control.request_parsing import Answer, Wrong, pick, wishes
from ..protocol_options import Json
from ..yalo.webhooks import SHAPES


@dataclass
class Facts:
    """What the pages and the bot in the phone must know of the bridge."""

    console: str | None = None
    api: str | None = None
    login: list[str] = field(default_factory=list)  # user and password, of the console and of the API
    bot: str | None = None  # slug of the one that phones talk to, unless they name another
    bot_id: str | None = None  # None: the platform's number
    bots: list[Json] = field(default_factory=list)  # where there are several: {"slug", "provider", "bot_id"} of each

    def id_of(self, slug: str | None) -> str | None:
        """The id under which the platform knows this bot."""
        named = next((one["bot_id"] for one in self.bots if one["slug"] == slug), None)
        return named or (self.bot_id if slug == self.bot else None)

    def account_of(self, slug: str | None) -> str | None:
        """The number or page at Meta of a bot that speaks to it itself."""
        return next((one.get("account") for one in self.bots if one["slug"] == slug), None)


STAGE: web.AppKey[Facts] = web.AppKey("stage", Facts)


async def get_stage(request: web.Request) -> Answer:
    """GET: what is known."""
    return asdict(request.app[STAGE])


async def put_stage(request: web.Request) -> Answer:
    """PUT {"console", "api", "login": [user, password], "bot", "bot_id", "bots"}: what is named is changed."""
    body = await wishes(request, "console", "api", "login", "bot", "bot_id", "bots")
    login, bots = body.get("login", request.app[STAGE].login), _bots(body.get("bots", request.app[STAGE].bots))
    if not isinstance(login, list) or len(login) not in (0, 2) or not all(isinstance(one, str) for one in login):
        raise Wrong(400, "login is a list of a user and a password.")
    words = {name: pick(body, name, str, None) for name in body if name not in ("login", "bots")}
    for name in ("console", "api"):
        if words.get(name) is not None and not words[name].startswith(("http://", "https://")):
            raise Wrong(400, f"{name} is an http address.")
    facts = request.app[STAGE]
    facts.login, facts.bots = login, bots
    for name, value in words.items():
        setattr(facts, name, value.rstrip("/") if name == "api" and value else value)
    return asdict(facts)


def _bots(bots: object) -> list[Json]:
    if not isinstance(bots, list) or not all(isinstance(one, dict) for one in bots):
        raise Wrong(400, "bots is a list of objects.")
    for one in bots:
        for name in ("slug", "provider", "bot_id"):
            pick(one, name, str)
        if one["provider"] not in SHAPES:
            raise Wrong(400, f"provider is one of {', '.join(SHAPES)}.")
    return bots


ROUTES = [("GET", "/stage", get_stage), ("PUT", "/stage", put_stage)]
