"""What a Message entry says: text, files, links, choices, forms (section 6.3).  Pure."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from interconnections.desks import news
from interconnections.desks.enhanced_chat.entry import Entry
from interconnections.desks.loosely import Json, first_text, object_of, text

ANSWERS = frozenset({"ChoicesResponseMessage", "FormResponseMessage"})  # only users send these
MOST = 100  # files or options of one message
DEEPEST = 12  # levels of an option, a link or a carousel
ADDRESSES = ("https:", "http:", "mailto:", "tel:")


def read_message(entry: Entry) -> news.News:
    body = object_of(entry.payload.get("abstractMessage"))
    type = text(body, "messageType")
    id = first_text(body, "id") or first_text(entry.payload, "id") or entry.id
    if entry.by_user or type in ANSWERS:
        return news.Echo(id)
    match type:
        case "StaticContentMessage":
            return _static(object_of(body.get("staticContent")), entry.name)
        case "ChoicesMessage":
            return _choices(object_of(body.get("choices")), id, entry.name)
        case "FormMessage":
            return news.FormShown(_found(body.get("formMessage"), "title"), entry.name)
    return news.NotShown(type[:80] or "unreadable", entry.name)


def answered(entry: Entry) -> str:
    """The message that it quotes, "" for none."""
    return text(object_of(entry.payload.get("abstractMessage")), "inReplyToMessageId")


def _static(content: Json, name: str) -> news.News:
    written, format = text(content, "text"), text(content, "formatType")
    words = written if written.strip() else ""
    if format in ("Text", "") and "attachments" not in content:
        if isinstance(content.get("text"), str):
            return news.AgentSaid(words, name) if words else news.Other()
        return news.NotShown(format or "unreadable", name)
    files, not_shown = _files(content.get("attachments"))
    if files or (words and not_shown):
        return news.AgentSentFiles(files, words, name, not_shown)
    if shown := words or _link(content):
        return news.AgentSaid(shown, name)
    return news.NotShown(format[:80], name)


def _files(attached: object) -> tuple[tuple[news.AttachedFile, ...], int]:
    """Those that lie somewhere, and how many others there are."""
    rows = attached if isinstance(attached, list) else [attached] if attached else []
    found = tuple(file for row in rows[:MOST] if (file := _file(object_of(row))))
    return found, len(rows) - len(found)


def _file(row: Json) -> news.AttachedFile | None:
    url = text(row, "url").strip()
    if not url.lower().startswith(("https:", "http:")):
        return None
    return news.AttachedFile(first_text(row, "name") or _last_of(url), text(row, "mimeType"), url)


def _last_of(url: str) -> str:
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2], errors="replace")
    except ValueError:
        return ""


def _link(content: Json) -> str:
    """RichLink and WebView, whose fields are unconfirmed: the title, and the address beneath it."""
    address = _found(content, "url").strip()
    shown = address if address.lower().startswith(ADDRESSES) else ""
    title = _found(content, "title").strip()
    return "\n".join(part for part in (title, shown) if part)


def _choices(content: Json, id: str, name: str) -> news.News:
    words = first_text(content, "text") or _title(content)
    options = tuple(dict(_options(content)).items())[:MOST]
    if options:
        return news.Choices(words, id, options, name)
    return news.AgentSaid(words, name) if words else news.NotShown("ChoicesMessage", name)


def _title(content: Json) -> str:
    return first_text(content, "title") or first_text(object_of(content.get("titleItem")), "title")


def _options(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(identifier, title): wherever an option stands, as those of carousels are nested in their cards (U)."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        id, title = text(value, "optionIdentifier"), _found(value, "title", "text", "optionTitle").strip()
        if id and title:
            yield id, title
            return
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _options(inner, depth + 1)


def _found(value: object, *names: str, depth: int = 0) -> str:
    """The first text under one of the names, whatever it is wrapped in; an object's own before its parts'."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, dict):
        if own := first_text(value, *names):
            return own
        parts = list(value.values())
    else:
        parts = value if isinstance(value, list) else []
    return next((found for part in parts if (found := _found(part, *names, depth=depth + 1))), "")
