"""Which bot does a payload speak of, where the address does not say?  (rulings 11)"""

from collections.abc import Mapping

from interconnections.directory import Bot
from interconnections.platforms.yalo.facebook import entry_ids


def named_in(body: object) -> str:
    """The bot that a payload names by itself, "" where it does not."""
    named = body.get("botId") if isinstance(body, dict) else None
    return named if isinstance(named, str) else ""


def meant(bots: list[Bot], body: object) -> Bot | None:
    """One of `bots`: by its botId, by its number or page, or because there is only one; None when it is not told."""
    fields: Mapping[str, object] = body if isinstance(body, dict) else {}
    if named := named_in(body):
        for bot in bots:
            if named in (bot.slug, bot.bot_id):
                return bot
    numbers = {str(fields.get(name) or "").lstrip("+") for name in ("from", "to")} | entry_ids(body)
    by_number = [bot for bot in bots if {bot.phone.lstrip("+"), bot.bot_id} & (numbers - {"", "None"})]
    candidates = by_number or bots
    return candidates[0] if len(candidates) == 1 else None
