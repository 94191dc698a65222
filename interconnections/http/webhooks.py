"""Webhooks: which bot, is it its platform, what was said, keep it, answer.

The status tells the sender what to do: 2xx forget it, 4xx do not repeat it, 503 send it again.
"""

import hmac

from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.bridge.bridge import here
from interconnections.bridge.hear import hear
from interconnections.directory import Bot
from interconnections.errors import BadInput, Forbidden, Unknown
from interconnections.http import senders
from interconnections.http.answers import answering, message
from interconnections.http.body import read_json
from interconnections.http.which import meant
from interconnections.platforms.words import Message, Skipped
from interconnections.platforms.yalo.facebook import read_facebook
from interconnections.platforms.yalo.reader import read_whatsapp

KEPT = "insert success"  # the old service's words


@answering("POST", "GET")
async def of_bot(request: HttpRequest, slug: str) -> HttpResponse:
    bot = await _named(slug)
    return _handshake(request, bot) if request.method == "GET" else await _told(request, bot)


@answering("POST")
async def whatsapp(request: HttpRequest) -> JsonResponse:
    return await _told(request, await _of_provider(request, "whatsapp"))


@answering("POST")
async def facebook(request: HttpRequest) -> JsonResponse:
    return await _told(request, await _of_provider(request, "messenger"))


async def _of_provider(request: HttpRequest, provider: str) -> Bot:
    named = request.GET.get("bot", "")
    if named:
        bot = await _named(named)
        if bot.provider != provider:
            raise BadInput(f"the bot {bot.slug} is on {bot.provider}, not on {provider}")
        return bot
    bots = [bot for bot in (await here().directory.bots()).values() if bot.provider == provider]
    return meant(bots, read_json(request) if len(bots) > 1 else None)


async def _named(slug: str) -> Bot:
    bot = await here().directory.bot(slug)
    if bot is None:
        raise Unknown(f"there is no bot with the slug {slug!r}")
    return bot


async def _told(request: HttpRequest, bot: Bot) -> JsonResponse:
    senders.check(request, bot)
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


def _handshake(request: HttpRequest, bot: Bot) -> HttpResponse:
    """Meta's: the challenge comes back when the token is the one that was agreed on."""
    shown = request.GET.get("hub.verify_token", "").encode()
    agreed = bot.verify_token.reveal().encode()
    if request.GET.get("hub.mode") != "subscribe" or not agreed or not hmac.compare_digest(shown, agreed):
        raise Forbidden("the handshake's verify token is wrong")
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain")
