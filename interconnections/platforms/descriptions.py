"""What a message that is no plain text says, in words: places, contacts, replies, forms, orders, corrections.

Pure and tolerant: what is missing or oddly shaped is left out; nothing here refuses a message.
Shapes: whatsapp-cloud-api.md section 4, which Yalo passes through (unconfirmed).
"""

import json
from collections.abc import Callable, Iterator

from interconnections.platforms.values import (
    Json,
    a_list,
    a_text,
    an_object,
    degrees,
    mended,
    plain,
    text,
    texts,
)

DEEPEST = 20  # levels of a form's answers that are told apart; of what lies deeper, the words alone
MAP = "https://maps.google.com/?q="
SPOKEN = ("title", "text", "body", "question", "name", "description")  # what unknown kinds may say


def detail(kind: str, part: object) -> str:
    """The words of `part`, the object (or list) under the message's own type; "" when it says nothing."""
    return DETAILS.get(kind, _unknown)(part)


def chosen(kind: str, part: object) -> tuple[str, ...]:
    """What was tapped: the words on it, and the id or payload behind it."""
    body = an_object(part)
    if kind == "button":
        return tuple(texts(body, "text", "payload"))
    if kind == "interactive":
        reply = _tapped(body)
        return tuple(texts(reply, "title", "id", "payload"))
    return ()


def lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _unknown(part: object) -> str:
    return " – ".join(texts(an_object(part), *SPOKEN))


def _file(part: object) -> str:
    return text(an_object(part), "filename")


def place(part: object) -> str:
    """Its name and address and a link to the map; its own link where it names no spot."""
    body = an_object(part)
    spot = an_object(body.get("coordinates")) or body
    named = ", ".join(texts(body, "name", "address"))
    latitude = degrees(_any_of(spot, "latitude", "lat"), 90)
    longitude = degrees(_any_of(spot, "longitude", "long", "lng", "lon"), 180)
    link = f"{MAP}{latitude},{longitude}" if latitude and longitude else text(body, "url")
    return f"{named} {link}".strip()


def _any_of(body: Json, *names: str) -> object:
    return next((body[name] for name in names if body.get(name) is not None), None)


def _contacts(part: object) -> str:
    return "; ".join(words for each in a_list(part) if (words := _contact(an_object(each))))


def _contact(body: Json) -> str:
    called = an_object(body.get("name"))
    parts = " ".join(texts(called, "first_name", "middle_name", "last_name"))
    name = text(called, "formatted_name") or parts or text(body, "name")
    reach = [
        *_each(body.get("phones"), "phone", "wa_id"),
        *_each(body.get("emails"), "email"),
        *texts(an_object(body.get("org")), "company", "department", "title"),
        *(", ".join(texts(an_object(each), *ADDRESS)) for each in a_list(body.get("addresses"))),
        *_each(body.get("urls"), "url"),
        *texts(body, "birthday"),
    ]
    told = ", ".join(word for word in reach if word)
    return f"{name}: {told}" if name and told else name or told


ADDRESS = ("street", "city", "state", "zip", "country")


def _each(listed: object, *names: str) -> Iterator[str]:
    """The first of these names of every entry; an entry may also be the word itself."""
    for each in listed if isinstance(listed, list) else a_list(listed):
        yield text(an_object(each), *names) or a_text(each)


def _tapped(body: Json) -> Json:
    """The reply itself: under the name of its type, known to us or not."""
    known = (body.get("button_reply"), body.get("list_reply"), body.get(a_text(body.get("type"))))
    return next((each for each in known if isinstance(each, dict) and each), body)


def _reply(part: object) -> str:
    body = an_object(part)
    form = an_object(body.get("nfm_reply"))
    if form:
        return _form(form)
    reply = _tapped(body)
    shown = texts(reply, "title", "description") or texts(reply, "text", "body", "response")
    return " – ".join(shown) or text(reply, "id", "payload")


def _form(form: Json) -> str:
    answers = form.get("response_json")
    if isinstance(answers, str):
        try:
            answers = json.loads(answers, parse_constant=str)
        except (ValueError, RecursionError):
            answers = None
    if isinstance(answers, dict):
        answers = {name: value for name, value in answers.items() if name != "flow_token"}
    return mended(_answer(answers)) or text(form, "body")


def _answer(value: object, depth: int = 0) -> str:
    """As a person would write it; nothing for null and for what is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, dict | list):
        if depth == DEEPEST:
            return ", ".join(_leaves(value))
        if isinstance(value, list):
            return ", ".join(said for each in value if (said := _answer(each, depth + 1)))
        named = ((str(name).strip(), _answer(each, depth + 1)) for name, each in value.items())
        return ", ".join(f"{name}: {said}" if name else said for name, said in named if said)
    return value.strip() if isinstance(value, str) else ""


def _leaves(whole: object) -> Iterator[str]:
    """What stands at the ends of all branches, in their order."""
    waiting = [whole]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += reversed(list(value.values()) if isinstance(value, dict) else value)
        elif said := _answer(value):
            yield said


def _button(part: object) -> str:
    return text(an_object(part), "text", "payload")


def _reaction(part: object) -> str:
    return text(an_object(part), "emoji")


def _order(part: object) -> str:
    body = an_object(part)
    products = [_ordered(an_object(each)) for each in a_list(body.get("product_items"))]
    return lines(text(body, "text"), "; ".join(each for each in products if each))


def _ordered(body: Json) -> str:
    """2 × SKU-9 (899 MXN)"""
    name = text(body, "name", "title", "product_retailer_id", "retailer_id")
    number, price = text(body, "quantity"), " ".join(texts(body, "item_price", "currency"))
    return " ".join(part for part in (f"{number} ×" if number and name else "", name, price and f"({price})") if part)


def product(part: object) -> str:
    """Tenis rojos, $899 (SKU-9)"""
    body = an_object(part)
    id = text(body, "retailer_id", "product_retailer_id", "id")
    return " ".join(word for word in (", ".join(texts(body, "title", "name", "subtitle")), id and f"({id})") if word)


def correction(part: object) -> str:
    """The words as they are now: of a text, of a caption, of whatever was edited."""
    body = an_object(part)
    whole = an_object(body.get("message")) or body
    kind = a_text(whole.get("type")).strip().lower()
    inner = whole.get(kind)
    words = text(an_object(whole.get("text")), "body") or text(whole, "text", "body")
    if kind and kind not in ("text", "edit"):
        words = lines(words, text(an_object(inner), "caption"), detail(kind, inner) if kind in DETAILS else "")
    return words


def _notice(part: object) -> str:
    """What the platform itself says of this user: a number that changed, an identity."""
    body = an_object(part)
    return text(body, "body") or " ".join(texts(body, "type", "wa_id", "user_id"))


def _unsupported(part: object) -> str:
    return text(an_object(part), "type", "title", "description")


def advertisement(part: object) -> str:
    """What led the user here: an ad, a post, a link of the shop's."""
    body = an_object(part)
    told = an_object(body.get("ads_context_data"))
    return ", ".join([*texts(body, "headline", "body"), *texts(told, "ad_title")]) or text(body, "ref")


def trouble(errors: object) -> str:
    """Why a message could not be passed on whole (whatsapp-cloud-api.md section 5, errors)."""
    first = an_object(next(iter(a_list(errors)), None))
    if not first:
        return ""
    return text(an_object(first.get("error_data")), "details") or text(first, "title", "message")


DETAILS: dict[str, Callable[[object], str]] = {
    "text": lambda part: "",
    "image": _file,
    "audio": _file,
    "voice": _file,
    "document": _file,
    "video": _file,
    "sticker": lambda part: "",
    "location": place,
    "contacts": _contacts,
    "interactive": _reply,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "product": product,
    "edit": correction,
    "revoke": lambda part: "",
    "system": _notice,
    "unsupported": _unsupported,
    "unknown": _unsupported,
}
