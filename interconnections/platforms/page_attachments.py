"""What comes attached to a Messenger message (messenger-platform.md section 4.1), in order.  Pure.

An attachment's words and address stand in its payload, or beside it: Messenger does both.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from interconnections.platforms.beside import bounded
from interconnections.platforms.descriptions import DETAILS, lines, place, product
from interconnections.platforms.messages import Attachment
from interconnections.platforms.values import Json, a_list, a_text, an_object, moment, text, texts


def attachments(message: Json, words: str) -> list[Attachment]:
    """Each link once: a sticker comes as an image too, a shared link also in the text.

    What nobody can read is there all the same, as of a kind that nobody knows.
    """
    found: list[Attachment] = []
    stickers: set[str] = set()
    attached = message.get("attachments")
    for raw in a_list(attached) or ([attached] if attached and not isinstance(attached, list) else []):
        body = an_object(raw)
        if sticker := text(an_object(body.get("payload")), "sticker_id"):
            body = {**body, "type": "sticker"}  # the same one also comes as an image, at another address perhaps
            if sticker in stickers:
                continue
            stickers.add(sticker)
        for each in _attached(body):
            if each.url and (_stands_in(words, each.url) or any(each.url == other.url for other in found)):
                continue
            found.append(each)
    return found


def _attached(body: Json) -> Iterator[Attachment]:
    kind, payload = a_text(body.get("type")).strip().lower() or "unknown", an_object(body.get("payload"))
    title = text(payload, "title") or text(body, "title", "name")
    url, link = bounded(text(payload, "url") or text(body, "url"))
    match kind:
        case "location":
            spot = {"coordinates": payload.get("coordinates") or body.get("coordinates") or payload}
            mapped = place(spot)
            yield Attachment(kind, "" if mapped else url, " ".join(part for part in (title, mapped, link) if part))
        case "template":
            yield from _template(body, payload)
        case "appointment_booking":
            yield Attachment(kind, url, _appointment(payload))
        case _:
            own = DETAILS[kind](payload) if kind in DETAILS and not title else ""
            yield Attachment(kind, url, lines(title or own, link))


def _template(body: Json, payload: Json) -> Iterator[Attachment]:
    """Products as products, any other card by its words; one that says nothing is there all the same."""
    own = an_object(payload.get("product"))
    sold = [words for each in a_list(own.get("elements")) if (words := product(each))]
    yield from (Attachment("product", "", words) for words in sold)
    cards = [an_object(each) for each in a_list(payload.get("elements"))]
    title = text(payload, "text", "title") or text(body, "title")
    words = lines(title, *map(_card, cards), *_buttons(payload))
    url, link = bounded(text(body, "url") or text(payload, "url"))
    if _stands_in(words, url):
        url = ""
    if words or url or link or not sold:
        yield Attachment("template", url, lines(words, link))


def _card(body: Json) -> str:
    """Its words and where a tap on it leads, then its buttons."""
    link = text(an_object(body.get("default_action")), "url") or text(body, "url", "item_url")
    words = ", ".join(texts(body, "title", "subtitle"))
    return lines(f"{words} {link}".strip(), *_buttons(body))


def _buttons(body: Json) -> Iterator[str]:
    """Each with where it leads; what the bot is told by a tap is no word for people."""
    for button in map(an_object, a_list(body.get("buttons"))):
        leads = text(button, "url") or (text(button, "payload") if button.get("type") == "phone_number" else "")
        if words := " ".join(part for part in (text(button, "title"), leads) if part):
            yield f"• {words}"


def _appointment(payload: Json) -> str:
    """confirmed, 2026-02-25 09:00 – 2026-02-25 09:30 America/Mexico_City (b-1)"""
    zone = _zone(text(payload, "timezone"))
    begin, end = (_clock(payload.get(name), zone) for name in ("start_time", "end_time"))
    when = " – ".join(part for part in (begin, end) if part)
    words = ", ".join(part for part in (text(payload, "status"), when and f"{when} {zone}") if part)
    id = text(payload, "booking_id")
    return " ".join(part for part in (words, id and f"({id})") if part)


def _clock(value: object, zone: tzinfo) -> str:
    at = moment(value)
    return "" if at is None else datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # whatever stood there is looked for as a file
        return UTC


def _stands_in(words: str, url: str) -> bool:
    """As a link of its own, not as the beginning of another."""
    return url in words and re.search(re.escape(url) + r"(?![\w/%&=?#~+-])", words) is not None
