"""The talk before the chat, as the agent reads it (yalo-integrations.md section 4.5)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interconnections.directory import Bot
from interconnections.store.context import Said


def block(bot: Bot, said: list[Said]) -> str:
    """`{context}:` and a line an entry, oldest first, in the bot's time zone; "" when nothing was said."""
    zone = zone_of(bot.timezone)
    lines = [line for entry in said if (line := _line(bot, entry, zone))]
    return f"{bot.texts['context']}:\n" + "\n\n".join(lines) if lines else ""


def zone_of(name: str) -> ZoneInfo:
    """The zone, or UTC where the configuration names none that exists: a wrong name must not end a chat."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _line(bot: Bot, entry: Said, zone: ZoneInfo) -> str:
    words = " ".join(part for part in (entry.text, entry.caption, entry.url) if part)
    if not words:
        return ""
    label = bot.texts["clientLabel"] if entry.speaker == "user" else bot.texts["botLabel"]
    moment = datetime.fromtimestamp(entry.at / 1000, UTC).astimezone(zone)
    return f"{label} [{moment:%d-%m-%Y %H:%M:%S}]:{words}"
