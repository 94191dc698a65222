"""Which bot does a payload speak of, where the address does not say?  (rulings 11)"""

from interconnections.bridge import webhook_auth
from interconnections.directory import Bot
from interconnections.errors import BadInput
from interconnections.platforms import PLATFORMS
from interconnections.platforms.platform import BotIds
from interconnections.webhook_request import WebhookRequest


def authenticated(request: WebhookRequest, bots: list[Bot], body: object) -> Bot:
    """One of `bots`, whose platform this is; raises as `webhook_auth.check` does, or BadInput when it is not told.

    Several, and none of them named: which there are is told to nobody, not even that a name is none of ours.
    """
    ids = {name: PLATFORMS[name].bot_ids(body) for name in {bot.platform for bot in bots}}
    if found := meant(bots, ids):
        return webhook_auth.checked(request, found, found.slug)
    named = next((each.named for each in ids.values() if each.named), "")
    guarded = [bot for bot in bots if bot.webhook_auth != "none"]
    if named and not any(webhook_auth.opens(request, bot) for bot in guarded):
        webhook_auth.check_unknown(request, named)
    raise BadInput("which bot? Say it with ?bot=: several are configured for this provider")


def meant(bots: list[Bot], ids: dict[str, BotIds]) -> Bot | None:
    """By its botId, by its number or page, or because there is only one; None when it is not told.

    `ids`: whom the payload speaks of, as each of their platforms reads it.
    """
    for bot in bots:
        if ids[bot.platform].named in _names(bot.slug, bot.bot_id):
            return bot
    by_number = [bot for bot in bots if _names(bot.phone.lstrip("+"), bot.bot_id) & ids[bot.platform].numbers]
    candidates = by_number or bots
    return candidates[0] if len(candidates) == 1 else None


def _names(*names: str) -> frozenset[str]:
    return frozenset(name for name in names if name)
