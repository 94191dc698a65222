"""What a visitor may post (§7): the body of each noun, when it may come, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..desk.chat import Status
from ..protocol_options import Json, Rules
from ..refusal import Refused
from ..shape import check, objects, require
from . import chasitor_init, events
from .chat import Chat, Handover
from .refusal import too_early

Act = Callable[[Chat, Json, "int | None"], None]
Check = Callable[[Json, Rules], None]


@dataclass(frozen=True)
class Noun:
    """One path under `Chasitor/`."""

    act: Act
    fields: dict[str, type] = field(default_factory=dict)
    check: Check | None = None


def check_body(name: str, body: Json, rules: Rules) -> None:
    """400 unless the body has the noun's fields, and words that it may have in them."""
    for wanted, kind in NOUNS[name].fields.items():
        require(body, wanted, kind)
    if (check_words := NOUNS[name].check) is not None:
        check_words(body, rules)


def in_time(name: str, chat: Chat) -> None:
    """500 for a noun whose time has not come (§4.3, §6)."""
    if name != "ChasitorInit":
        _in_time(name, chat)
    if name == "ChasitorSneakPeek" and not chat.rules.sneak_peek:
        raise Refused(500, "sneakPeekEnabled is false")  # §7: only if sneakPeekEnabled


def perform(name: str, chat: Chat, body: Json, number: int | None) -> None:
    """Do it.  The body has been checked, and its time has come."""
    NOUNS[name].act(chat, body, number)


def _in_time(name: str, chat: Chat) -> None:
    """POSTs before ChatEstablished are 500 (§4.3), and so are those before ChasitorResyncState (§6)."""
    if chat.handover is Handover.RESYNCING and chat.rules.before_resync == "refuse":
        raise too_early(name)
    if chat.established:
        return
    if name == "ChatEnd" and chat.status is Status.WAITING and chat.rules.chat_end_while_waiting == "ok":
        return
    raise too_early(name)


def _init(chat: Chat, body: Json, number: int | None) -> None:
    """Queue the visitor.  The answer says only that the request was taken; the outcome is an event (§4.2)."""
    if chat.status is not Status.CREATED:
        raise too_early("ChasitorInit")  # must be the first POST, and there is one first
    chat.init = init = chasitor_init.read(body, chat.id)
    chat.step("ChasitorInit")
    if not init.is_post:
        chat.end("NoPost", events.chat_request_fail("NoPost"))
        return
    chat.routed_to = chasitor_init.route(init, chat.rules)
    if chat.routed_to is None:
        chat.end("Unavailable", events.chat_request_fail("Unavailable"))
        return
    chat.records = chat.attach(init.prechat_details, init.prechat_entities)
    chat.become(Status.WAITING)
    chat.tell(events.chat_request_success(chat.rules, init.prechat_details, chat.id, with_wait=chat.waits))


def _say(chat: Chat, body: Json, number: int | None) -> None:
    chat.alive()
    chat.visitor_typing = False
    chat.write("visitor", chat.init.visitor_name if chat.init else "", body["text"], number)


def _typing(on: bool) -> Act:
    def act(chat: Chat, body: Json, number: int | None) -> None:
        chat.alive()
        chat.visitor_typing = on
        chat.bell.ring()

    return act


def _sneak_peek(chat: Chat, body: Json, number: int | None) -> None:
    chat.alive()


def _note(what: str, *names: str) -> Act:
    def act(chat: Chat, body: Json, number: int | None) -> None:
        chat.write("system", what, ": ".join(str(body[name]) for name in names), number)

    return act


def _end(chat: Chat, body: Json, number: int | None) -> None:
    chat.end("client")


def _idle_warning(chat: Chat, body: Json, number: int | None) -> None:
    chat.write("system", "idle warning", body["idleTimeoutWarningEvent"], number)


def _sensitive(chat: Chat, body: Json, number: int | None) -> None:
    chat.write("system", "sensitive data", ", ".join(rule["name"] for rule in body["rules"]), number)


def _short(body: Json, rules: Rules) -> None:
    """§7: no documented limit, so a switch."""
    if rules.max_text is not None and len(body["text"]) > rules.max_text:
        raise Refused(400, f"text is longer than {rules.max_text} characters")


def _one_of(name: str, *words: str) -> Check:
    def check_word(body: Json, rules: Rules) -> None:
        if body[name] not in words:
            raise Refused(400, f"{name} is {' or '.join(words)}")

    return check_word


def _rules(body: Json, rules: Rules) -> None:
    for index, rule in enumerate(objects(body["rules"], "rules")):
        for name in ("id", "name"):
            require(rule, name, str, where=f"rules[{index}].")


NOUNS = {
    "ChasitorInit": Noun(_init),  # its fields are checked by chasitor_init.read
    "ChatMessage": Noun(_say, {"text": str}, _short),
    "ChasitorTyping": Noun(_typing(on=True)),
    "ChasitorNotTyping": Noun(_typing(on=False)),
    "ChasitorSneakPeek": Noun(_sneak_peek, {"position": int, "text": str}),
    "CustomEvent": Noun(_note("custom event", "type", "data"), {"type": str, "data": str}),
    "ChatEnd": Noun(_end, {"reason": str}, _one_of("reason", "client")),
    "ChasitorIdleTimeoutWarningEvent": Noun(
        _idle_warning,
        {"idleTimeoutWarningEvent": str},
        _one_of("idleTimeoutWarningEvent", "triggered", "cleared"),
    ),
    "SensitiveDataRuleTriggered": Noun(_sensitive, {"rules": list}, _rules),
}


def unpack(body: Json, rules: Rules) -> list[tuple[str, Json]]:
    """The nouns of a MultiNoun, each with a checked body."""
    batch = []
    for index, one in enumerate(objects(require(body, "nouns", list), "nouns")):
        where = f"nouns[{index}]."
        name = require(one, "noun", str, where=where)
        if require(one, "prefix", str, where=where) != "Chasitor" or name not in NOUNS or name == "ChasitorInit":
            raise Refused(400, f"{where}noun is not known")
        inner = check(one.get("object"), dict, f"{where}object")
        check_body(name, inner, rules)
        batch.append((name, inner))
    return batch
