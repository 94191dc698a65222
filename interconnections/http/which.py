"""Which bot does a payload speak of, where the address does not say?  (rulings 11)"""

from collections.abc import Mapping

from interconnections.directory import Bot
from interconnections.errors import BadInput
from interconnections.platforms.yalo.facebook import entry_ids


def meant(bots: list[Bot], body: object) -> Bot:
    """By its botId, by its number or page, or because there is only one; raises BadInput otherwise."""
    fields: Mapping[str, object] = body if isinstance(body, dict) else {}
    named = fields.get("botId")
    if isinstance(named, str) and named:
        for bot in bots:
            if named in (bot.slug, bot.bot_id):
                return bot
    numbers = {str(fields.get(name) or "").lstrip("+") for name in ("from", "to")} | entry_ids(body)
    by_number = [bot for bot in bots if {bot.phone.lstrip("+"), bot.bot_id} & (numbers - {"", "None"})]
    candidates = by_number or bots
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise BadInput("no bot is configured for this provider")
    # Asked before anybody is authenticated: our bots are not named to whoever calls.
    raise BadInput("which bot? Say it with ?bot=: several are configured for this provider")
