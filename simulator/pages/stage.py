"""`/sim/stage`: where the bridge is and how one logs in there; told by whoever started everything."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from aiohttp import web

from ..control.wires import Answer, Wrong, pick, wishes


@dataclass
class Facts:
    """What the pages and the bot in the phone must know of the bridge."""

    console: str | None = None
    api: str | None = None
    login: list[str] = field(default_factory=list)  # user and password, of the console and of the API
    bot: str | None = None  # slug
    bot_id: str | None = None  # None: the platform's number


STAGE: web.AppKey[Facts] = web.AppKey("stage", Facts)


async def get_stage(request: web.Request) -> Answer:
    """GET: what is known."""
    return asdict(request.app[STAGE])


async def put_stage(request: web.Request) -> Answer:
    """PUT {"console", "api", "login": [user, password], "bot", "bot_id"}: what is named is changed."""
    body = await wishes(request, "console", "api", "login", "bot", "bot_id")
    login = body.get("login", request.app[STAGE].login)
    if not isinstance(login, list) or len(login) not in (0, 2) or not all(isinstance(one, str) for one in login):
        raise Wrong(400, "login is a list of a user and a password.")
    words = {name: pick(body, name, str, None) for name in body if name != "login"}
    for name in ("console", "api"):
        if words.get(name) is not None and not words[name].startswith(("http://", "https://")):
            raise Wrong(400, f"{name} is an http address.")
    facts = request.app[STAGE]
    facts.login = login
    for name, value in words.items():
        setattr(facts, name, value.rstrip("/") if name == "api" and value else value)
    return asdict(facts)


ROUTES = [("GET", "/stage", get_stage), ("PUT", "/stage", put_stage)]
