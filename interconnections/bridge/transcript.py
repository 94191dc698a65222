"""The talk before the chat, as the agent reads it (yalo-integrations.md section 4.5)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interconnections.blanks import is_blank
from interconnections.directory import Bot
from interconnections.pieces import LONGEST_TEXT, pieces
from interconnections.store.context import Said

MOST = 5  # messages to the agent; of a longer past they are told the latest
GAP = "\n\n"
EARLIER = f"…{GAP}"  # there was more before


def told(bot: Bot, said: list[Said]) -> tuple[str, ...]:
    """The messages that tell it: `{context}:` and a line an entry, oldest first, in the bot's time zone.

    One ends where an entry ends; only an entry longer than a message is cut.  () when nothing was said.
    """
    zone = zone_of(bot.timezone)
    title = f"{bot.texts['context'][:200]}:\n"
    lines = (line for entry in said if (line := _line(bot, entry, zone)))
    messages = _packed(lines, LONGEST_TEXT - len(title + EARLIER))
    if not messages:
        return ()
    first, *others = messages[-MOST:]
    return (title + (EARLIER if len(messages) > MOST else "") + first, *others)


def _packed(lines: Iterable[str], limit: int) -> list[str]:
    """As few messages as hold the lines in order, none longer than `limit`."""
    messages: list[str] = []
    for line in lines:
        if messages and len(messages[-1] + GAP + line) <= limit:
            messages[-1] += GAP + line
        else:
            messages += pieces(line, limit)
    return messages


def zone_of(name: str) -> ZoneInfo:
    """The zone, or UTC where the configuration names none that exists: a wrong name must not end a chat."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _line(bot: Bot, entry: Said, zone: ZoneInfo) -> str:
    words = " ".join(part for part in (entry.text, entry.caption, entry.url) if not is_blank(part))
    if not words:
        return ""
    label = bot.texts["clientLabel"] if entry.speaker == "user" else bot.texts["botLabel"]
    return f"{label} [{_moment(entry, zone)}]:{words}"


def _moment(entry: Said, zone: ZoneInfo) -> str:
    """When it was said; "" where no calendar holds that: the words are told all the same."""
    for at in (entry.at, entry.stored_at):
        try:
            return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%d-%m-%Y %H:%M:%S}"
        except (ValueError, OverflowError, OSError):
            continue
    return ""
