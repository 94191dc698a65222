"""Webhooks: which bot, is it its platform, what was said, keep it, answer.

The status tells the sender what to do: 2xx forget it, 4xx do not repeat it, 503 send it again.
"""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse

from interconnections.bridge.bridge import here
from interconnections.bridge.hear import hear
from interconnections.directory import Bot
from interconnections.errors import BadInput, Unknown
from interconnections.http import senders
from interconnections.http.answers import answering, message
from interconnections.http.body import read_json
from interconnections.platforms.words import Skipped
from interconnections.platforms.yalo import reader

KEPT = "insert success"  # the old service's words


@answering("POST")
async def of_bot(request: HttpRequest, slug: str) -> JsonResponse:
    bot = await here().directory.bot(slug)
    if bot is None:
        raise Unknown(f"there is no bot with the slug {slug!r}")
    return await _whatsapp(request, bot, None)


@answering("POST")
async def whatsapp(request: HttpRequest) -> JsonResponse:
    named = request.GET.get("bot", "")
    if named:
        bot = await here().directory.bot(named)
        if bot is None:
            raise Unknown(f"there is no bot with the slug {named!r}")
        return await _whatsapp(request, bot, None)
    body = read_json(request)
    bots = [bot for bot in (await here().directory.bots()).values() if bot.provider == "whatsapp"]
    return await _whatsapp(request, meant(bots, body), body)


async def _whatsapp(request: HttpRequest, bot: Bot, body: object) -> JsonResponse:
    senders.check(request, bot)
    if bot.provider != "whatsapp":
        raise BadInput(f"the bot {bot.slug} is on {bot.provider}; its webhooks are not read yet")
    told = reader.read_whatsapp(read_json(request) if body is None else body, bot.ignored_types)
    if isinstance(told, Skipped):
        return message(f"message type: {told.kind} was skipped")
    await hear(here(), bot, told)
    return message(KEPT)


def meant(bots: list[Bot], body: object) -> Bot:
    """The bot that a payload speaks of: by its botId, its number, or because there is only one (rulings 11)."""
    fields: Mapping[str, object] = body if isinstance(body, dict) else {}
    named = fields.get("botId")
    if isinstance(named, str) and named:
        for bot in bots:
            if named in (bot.slug, bot.bot_id):
                return bot
    numbers = {str(fields.get(name) or "").lstrip("+") for name in ("from", "to")} - {""}
    by_number = [bot for bot in bots if bot.phone and bot.phone.lstrip("+") in numbers]
    candidates = by_number or bots
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise BadInput("no bot is configured for this provider")
    raise BadInput(f"which bot? Say it with ?bot=: {', '.join(bot.slug for bot in candidates)}")
