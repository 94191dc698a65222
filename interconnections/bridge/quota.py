"""How much a bot may bring an hour, its webhooks and connects together, and what it is told beyond that.  Pure."""

from interconnections.directory import Bot

MB = 1_000_000


def over_quota(bot: Bot, wait: int) -> str:
    """`wait`: seconds until more is taken."""
    return f"more than {bot.intake_limit} MB within an hour: send it again in {wait} s"
