"""Webhooks: which bot, is it its platform, keep what was said, answer.

The status tells the sender what to do: 2xx forget it, 4xx do not repeat it, 503 send it again.  Nobody learns which
bots there are before showing the secret of one.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse

from interconnections.bridge import webhook_auth, which_bot
from interconnections.bridge.forwarding import goes_on
from interconnections.bridge.inbound import receive
from interconnections.bridge.services import here
from interconnections.bridge.unread import unreadable
from interconnections.directory import Bot
from interconnections.errors import BadInput
from interconnections.http.answers import answering, message
from interconnections.http.body import read_json
from interconnections.webhook_request import WebhookRequest

KEPT = "insert success"  # the old service's words


@answering("POST", "GET")
async def of_bot(request: HttpRequest, slug: str) -> HttpResponse:
    sent = _sent(request)
    if request.method == "GET":
        bot = await here().directory.bot(slug)
        return HttpResponse(webhook_auth.handshake(sent, bot), content_type="text/plain")
    return message(await told_of_bot(sent, slug))


@answering("POST")
async def of_provider(request: HttpRequest, provider: str) -> JsonResponse:
    """The old service's addresses: the bot of ?bot=, or the one that the payload names."""
    return message(await told_of_provider(_sent(request), provider))


async def told_of_bot(sent: WebhookRequest, slug: str) -> str:
    return await _kept(webhook_auth.checked(sent, await here().directory.bot(slug), slug), sent)


async def told_of_provider(sent: WebhookRequest, provider: str) -> str:
    if named := sent.query.get("bot", ""):
        bot = webhook_auth.checked(sent, await here().directory.bot(named), named)
        if bot.provider != provider:
            raise BadInput(f"the bot {bot.slug} is on {bot.provider}, not on {provider}")
        return await _kept(bot, sent)
    bots = [bot for bot in (await here().directory.bots()).values() if bot.provider == provider]
    if not bots:
        raise BadInput("no bot is configured for this provider")
    if len(bots) == 1:
        return await _kept(webhook_auth.checked(sent, bots[0], bots[0].slug), sent)
    return await _kept(which_bot.authenticated(sent, bots, read_json(sent)), sent)


# What a POST to these views tells, for a road that needs no request of Django's.
TOLD = {of_bot: told_of_bot, of_provider: told_of_provider}


async def _kept(bot: Bot, sent: WebhookRequest) -> str:
    """Whose sender is known."""
    try:
        body = read_json(sent)
    except BadInput as mistake:
        await unreadable(here(), bot, sent.body, str(mistake))
        return KEPT
    skipped = await receive(here(), bot, body, sent.body, goes_on=goes_on(bot, list(sent.headers)))
    return KEPT if skipped is None else f"message type: {skipped} was skipped"


def _sent(request: HttpRequest) -> WebhookRequest:
    return WebhookRequest(request.headers, request.GET, request.body)
