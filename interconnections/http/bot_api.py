"""The API that bots call: log in, connect, finish, context (yalo-integrations.md sections 2.3 to 2.6)."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from interconnections.bridge import registration
from interconnections.bridge.connect import connect as open_chat
from interconnections.bridge.hang_up import finish as end_chat
from interconnections.bridge.services import here
from interconnections.directory import Bot
from interconnections.errors import BadInput, Conflict, StartFailed, Unknown
from interconnections.http import tokens
from interconnections.http.answers import answering, error, message
from interconnections.http.body import clean, read_json
from interconnections.http.connect_body import read_wish
from interconnections.http.tokens import Caller
from interconnections.providers import NAMED
from interconnections.proxies import address_of
from interconnections.store import context as pasts
from interconnections.store import lookups


@answering("POST")
async def authenticate(request: HttpRequest) -> JsonResponse:
    body = read_json(request)
    if not isinstance(body, dict):
        raise BadInput("Invalid payload received : a JSON object is expected")
    username, password = body.get("username"), body.get("password")
    if not isinstance(username, str) or not isinstance(password, str):
        raise BadInput("Invalid payload received : username and password must be strings")
    token = await tokens.issue(here().redis, address_of(request), clean(username), clean(password))
    return JsonResponse({"token": token})


@answering("GET")
async def check_token(request: HttpRequest) -> JsonResponse:
    caller = await tokens.caller(request, roles=tokens.ROLES)
    return JsonResponse({"username": caller.username, "role": caller.role})


@answering("POST")
async def connect(request: HttpRequest) -> JsonResponse:
    caller = await tokens.caller(request)
    wish = read_wish(read_json(request))
    bot = await here().directory.bot(wish.bot_slug)
    if bot is None or not caller.may(bot.slug):  # another's bot is as unknown as one that is not there
        raise Unknown(f"could not create chat in salesforce : there is no bot with the slug {wish.bot_slug!r}")
    if bot.provider != wish.provider:
        raise BadInput(f"Error validating payload : the bot {bot.slug} is on {bot.provider}, not on {wish.provider}")
    await open_chat(here(), bot, wish)
    return message("Chat created succefully")  # the old service's spelling is part of the contract


async def nowhere(request: HttpRequest, **where: str) -> JsonResponse:
    """A call that does not exist, told in the words that callers read."""
    return error("there is no such call; providers are whatsapp and facebook", 404)


@answering("GET")
async def welcome(request: HttpRequest) -> JsonResponse:
    return message("Welcome to API!")


@answering("POST")
async def register(request: HttpRequest, provider: str) -> JsonResponse:
    caller = await tokens.caller(request)
    await registration.register(here(), await _bot_of(request, caller, provider, "error register webhook"))
    return message(f"Register webhook success with provider : {provider}")


@answering("DELETE")
async def remove(request: HttpRequest, provider: str) -> JsonResponse:
    caller = await tokens.caller(request)
    await registration.remove(here(), await _bot_of(request, caller, provider, "error remove webhook"))
    return message(f"Remove webhook success with provider : {provider}")


async def _bot_of(request: HttpRequest, caller: Caller, provider: str, failure: str) -> Bot:
    """The bot of ?bot=, or the caller's only one of this provider; raises StartFailed (500), as before."""
    ours = NAMED.get(provider)
    if ours is None:
        raise StartFailed(f"{failure}: there is no provider {provider!r}")
    names = await _bots(request, caller)
    bots = [bot for name in names if (bot := await here().directory.bot(name)) and bot.provider == ours]
    if len(bots) != 1:
        which = ", ".join(bot.slug for bot in bots)
        raise (
            Conflict(f"{failure}: say which bot with ?bot= ({which})")
            if bots
            else StartFailed(f"{failure}: no bot is configured for {provider}")
        )
    return bots[0]


@answering("DELETE")
async def finish(request: HttpRequest, user_id: str) -> JsonResponse:
    caller = await tokens.caller(request)
    await end_chat(here(), user_id, await _bots(request, caller))
    return message("Chat finished successfully")


@answering("GET")
async def context(request: HttpRequest, user_id: str) -> JsonResponse:
    caller = await tokens.caller(request)
    bots = await lookups.users_with_context(here().redis, user_id, await _bots(request, caller))
    if len(bots) > 1:
        raise Conflict(f"this user has talked to several bots ({', '.join(bots)}): say which with ?bot=")
    if not bots:
        return JsonResponse(None, safe=False)
    bot = await here().directory.bot(bots[0])
    hours = bot.context_hours if bot else settings.CONTEXT_HOURS  # it may be gone since we looked
    said = await pasts.read(here().redis, bots[0], user_id, hours)
    return JsonResponse([_past(user_id, entry, hours) for entry in said] or None, safe=False)


async def _bots(request: HttpRequest, caller: Caller) -> list[str]:
    """The bot of ?bot=, or all of the caller's; raises Unknown when it names none of those."""
    named = request.GET.get("bot", "")
    if not named:
        return [slug for slug in await here().directory.bots() if caller.may(slug)]
    if not caller.may(named) or await here().directory.bot(named) is None:
        raise Unknown(f"there is no bot with the slug {named!r}")
    return [named]


def _past(user_id: str, entry: pasts.Said, hours: int) -> dict[str, object]:
    gone = datetime.fromtimestamp(entry.stored_at / 1000 + hours * 3600, UTC)
    row = {
        "userId": user_id,
        "client": "salesforce",
        "timestamp": entry.at,
        "text": entry.text,
        "url": entry.url,
        "mimeType": entry.mime_type,
        "caption": entry.caption,
        "from": entry.speaker,
        "ttl": gone.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return {name: value for name, value in row.items() if value != ""}
