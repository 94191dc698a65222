"""Webhooks: which bot, is it its platform, what was said, keep it, answer.

The status tells the sender what to do: 2xx forget it, 4xx do not repeat it, 503 send it again.  Nobody learns which
bots there are before showing the secret of one.
"""

import hmac

from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.bridge.inbound import hear
from interconnections.bridge.services import here
from interconnections.directory import Bot
from interconnections.errors import BadInput, Forbidden, Unavailable
from interconnections.http import webhook_auth
from interconnections.http.answers import answering, message
from interconnections.http.body import read_json
from interconnections.http.which import meant, named_in
from interconnections.platforms.messages import Message, Skipped
from interconnections.platforms.yalo.facebook import read_facebook
from interconnections.platforms.yalo.reader import read_whatsapp

KEPT = "insert success"  # the old service's words


@answering("POST", "GET")
async def of_bot(request: HttpRequest, slug: str) -> HttpResponse:
    bot = await here().directory.bot(slug)
    if request.method == "GET":
        return _handshake(request, bot)
    return await _told(request, _checked(request, bot, slug))


@answering("POST")
async def whatsapp(request: HttpRequest) -> JsonResponse:
    return await _told(request, await _of_provider(request, "whatsapp"))


@answering("POST")
async def facebook(request: HttpRequest) -> JsonResponse:
    return await _told(request, await _of_provider(request, "messenger"))


async def _of_provider(request: HttpRequest, provider: str) -> Bot:
    named = request.GET.get("bot", "")
    if named:
        bot = _checked(request, await here().directory.bot(named), named)
        if bot.provider != provider:
            raise BadInput(f"the bot {bot.slug} is on {bot.provider}, not on {provider}")
        return bot
    bots = [bot for bot in (await here().directory.bots()).values() if bot.provider == provider]
    if not bots:
        raise BadInput("no bot is configured for this provider")
    body = read_json(request) if len(bots) > 1 else None
    if found := meant(bots, body):
        return _checked(request, found, found.slug)
    # Several, and none of them named: which there are is told to nobody, not even that a name is none of ours.
    guarded = [each for each in bots if each.webhook_auth != "none"]
    if named_in(body) and not any(webhook_auth.opens(request, each) for each in guarded):
        webhook_auth.check_unknown(request, named_in(body))
    raise BadInput("which bot? Say it with ?bot=: several are configured for this provider")


def _checked(request: HttpRequest, found: Bot | None, slug: str) -> Bot:
    bot = found if found is not None else webhook_auth.check_unknown(request, slug)
    webhook_auth.check(request, bot)
    return bot


async def _told(request: HttpRequest, bot: Bot) -> JsonResponse:
    body = read_json(request)
    messages: list[Message] = []
    if bot.provider == "whatsapp":
        told = read_whatsapp(body, bot.ignored_types)
        if isinstance(told, Skipped):
            return message(f"message type: {told.kind} was skipped")
        messages = [told]
    else:
        messages = read_facebook(body)
    for each in messages:  # one after the other: a repeat of the whole finds those that were kept
        await hear(here(), bot, each)
    return message(KEPT)


def _handshake(request: HttpRequest, bot: Bot | None) -> HttpResponse:
    """Meta's: the challenge comes back when the token is the one that was agreed on."""
    shown = request.GET.get("hub.verify_token", "").encode()
    if bot is not None and bot.verify_token.unreadable:
        raise Unavailable("the verify token of this bot cannot be read here now; try again")
    agreed = bot.verify_token.reveal().encode() if bot else b""
    if request.GET.get("hub.mode") != "subscribe" or not agreed or not hmac.compare_digest(shown, agreed):
        raise Forbidden("the handshake's verify token is wrong")
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")
