"""What an end user may send (EC §4.3, §4.4): its fields, one by one, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..protocol_options import Json, Rules
from ..refusal import Refused
from ..shape import check, objects, optional, require
from . import payloads, sessions
from .conversation import Conversation
from .entries import Entry

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
KINDS = ("StaticContentMessage", "ChoicesResponseMessage", "FormResponseMessage")


@dataclass(frozen=True)
class Said:
    """A message that was read: what the thread and the agent get of it."""

    id: str
    abstract: Json
    words: str  # as the agent reads it
    reply_to: str | None
    new_session: bool
    attributes: dict[str, str] | None
    language: str | None


def uuid4(value: object, name: str) -> str:
    """A UUID of version 4 in lower case (EC §4.1)."""
    if not isinstance(value, str) or not UUID4.fullmatch(value):
        raise Refused(400, f"{name} must be a UUID v4 in lower case")
    return value


def attributes(body: Json) -> dict[str, str] | None:
    """`routingAttributes`: a flat map of strings; None when it is missing or null."""
    found: dict[str, str] | None = optional(body, "routingAttributes", dict)
    for name, value in (found or {}).items():
        check(value, str, f"routingAttributes.{name}")
    return found


def message(body: Json, chat: Conversation) -> Said:
    """The body of call 7."""
    one = require(body, "message", dict)
    id, kind = uuid4(one.get("id"), "message.id"), require(one, "messageType", str, where="message.")
    reply_to = optional(one, "inReplyToMessageId", str, where="message.")
    if kind not in KINDS:
        raise Refused(400, f"message.messageType is one of {', '.join(KINDS)}")
    if kind == "StaticContentMessage":
        if reply_to is not None and chat.entry(reply_to) is None:
            raise Refused(400, "message.inReplyToMessageId is not the id of an entry of this conversation")
        words = _text(one, chat.rules)
        return _said(body, id, payloads.text(words), words, reply_to)
    if reply_to is None:
        raise Refused(400, "message.inReplyToMessageId is required for an answer")
    if kind == "ChoicesResponseMessage":
        options, words = _options(one, chat.choices.get(reply_to))
        return _said(body, id, payloads.choices_response(options), words, reply_to)
    if reply_to not in chat.forms:
        raise Refused(400, "message.inReplyToMessageId is not the id of a form")
    answer = require(one, "formResponse", dict, where="message.")
    return _said(body, id, payloads.form_response(answer), "[form]", reply_to)


def _text(one: Json, rules: Rules) -> str:
    content = require(one, "staticContent", dict, where="message.")
    if require(content, "formatType", str, where="message.staticContent.") != "Text":
        raise Refused(400, "message.staticContent.formatType is Text for an end user")
    words = require(content, "text", str, where="message.staticContent.")
    if not words.strip():
        raise Refused(400, "message.staticContent.text is empty")
    _short(words, rules)
    return str(words)


def _short(words: str, rules: Rules) -> None:
    if rules.message_max_text is not None and len(words) > rules.message_max_text:
        raise Refused(400, f"text is longer than {rules.message_max_text} characters")


def _options(one: Json, offered: dict[str, str] | None) -> tuple[list[Json], str]:
    if offered is None:
        raise Refused(400, "message.inReplyToMessageId is not the id of a ChoicesMessage")
    response = require(one, "choicesResponse", dict, where="message.")
    if require(response, "formatType", str, where="message.choicesResponse.") != "Selections":
        raise Refused(400, "message.choicesResponse.formatType is Selections")
    selected = objects(
        require(response, "selectedOptions", list, where="message.choicesResponse."), "selectedOptions"
    )
    titles = []
    for option in selected:
        id = require(option, "optionIdentifier", str, where="selectedOptions[].")
        if id not in offered:
            raise Refused(400, "optionIdentifier is not that of an option")
        titles.append(offered[id])
    if not titles:
        raise Refused(400, "selectedOptions is empty")
    return [one | {"optionTitle": title} for one, title in zip(selected, titles, strict=True)], ", ".join(titles)


def file(body: Json, chat: Conversation, name: str, mime: str, url: str) -> Said:
    """The `messageEntry` of call 8; the file is at `url` already."""
    one = require(body, "message", dict)
    id = uuid4(one.get("id"), "message.id")
    uuid4(one.get("fileId"), "message.fileId")
    caption = optional(one, "text", str, where="message.") or ""
    _short(caption, chat.rules)
    reply_to = optional(one, "inReplyToMessageId", str, where="message.")
    if reply_to is not None and chat.entry(reply_to) is None:
        raise Refused(400, "message.inReplyToMessageId is not the id of an entry of this conversation")
    abstract = payloads.attachment(name, mime, url, caption or None)
    return _said(body, id, abstract, caption or f"[{name}]", reply_to)


def _said(body: Json, id: str, abstract: Json, words: str, reply_to: str | None) -> Said:
    return Said(
        id=id,
        abstract=abstract,
        words=words,
        reply_to=reply_to,
        new_session=bool(optional(body, "isNewMessagingSession", bool)),
        attributes=attributes(body),
        language=optional(body, "language", str),
    )


def repeated(chat: Conversation, said: Said) -> bool:
    """The id was there before.  Without `dedupe` it is one more message all the same."""
    if chat.entry(said.id) is None:
        return False
    chat.duplicates += 1
    return chat.rules.dedupe


def take(chat: Conversation, said: Said, file: int | None = None) -> Entry:
    """Into the thread, to the agent, and back to the user as an echo (EC §6.2); it may begin a session."""
    _begin(chat, said)
    chat.visitor_typing = False
    if chat.session is not None:
        chat.session.messages += 1
    payload = payloads.message(said.id, said.abstract, said.reply_to)
    entry = chat.tell("Message", payload, chat.end_user, said.id)
    chat.write("visitor", chat.visitor_name or "", said.words, id=said.id, file=file, quotes=said.reply_to)
    keyword = chat.rules.opt_out_keyword
    if keyword is not None and said.words.strip().casefold() == keyword.casefold() and chat.serving:
        sessions.end(chat, "EndUser", "opted out", told=False)
    return entry


def _begin(chat: Conversation, said: Said) -> None:
    """A first message of a session must say so, and have attributes and a language (EC §4.3); else silence."""
    if chat.serving:
        if said.new_session and chat.session is not None and chat.session.messages:
            chat.unrouted.append("isNewMessagingSession is true while a session is open")
        return
    if not said.new_session:
        chat.unrouted.append("isNewMessagingSession is not true, and no session is open")
    elif said.attributes is None or said.language is None:
        chat.unrouted.append("routingAttributes and language are necessary with isNewMessagingSession")
    else:
        know(chat, said.attributes)
        chat.language = said.language
        sessions.begin(chat)


def know(chat: Conversation, told: dict[str, str]) -> None:
    """Keep the attributes that the channel has as parameters; others are dropped without a word (EC §9.12)."""
    for name, value in told.items():
        if chat.deployment.knows(name):
            chat.attributes[name] = value
        elif name not in chat.dropped_attributes:
            chat.dropped_attributes.append(name)
