"""What a message that is no plain text says, in words: places, contacts, replies, forms, reactions.

Pure and tolerant: what is missing or oddly shaped is left out; nothing here refuses a message.
Shapes: whatsapp-cloud-api.md section 4, which Yalo passes through (unconfirmed).
"""

import json
from collections.abc import Callable, Mapping

Json = Mapping[str, object]


def detail(kind: str, part: object) -> str:
    """The words of `part`, the object (or list) under the message's own type; "" when it says nothing."""
    read = DETAILS.get(kind)
    return read(part) if read else ""


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _words(body: Json, *names: str) -> list[str]:
    found = (body.get(name) for name in names)
    return [value.encode("utf-8", "replace").decode() for value in found if isinstance(value, str) and value.strip()]


def _place(part: object) -> str:
    body = _object(part)
    named = ", ".join(_words(body, "name", "address"))
    latitude, longitude = body.get("latitude"), body.get("longitude")
    if not _is_number(latitude) or not _is_number(longitude):
        return " ".join([named, *_words(body, "url")]).strip()
    return f"{named} https://maps.google.com/?q={latitude},{longitude}".strip()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _contacts(part: object) -> str:
    return "; ".join(words for each in (part if isinstance(part, list) else []) if (words := _contact(_object(each))))


def _contact(body: Json) -> str:
    name = " ".join(_words(_object(body.get("name")), "formatted_name"))
    numbers = body.get("phones")
    phones = [
        word for each in (numbers if isinstance(numbers, list) else []) for word in _words(_object(each), "phone")
    ]
    mails = body.get("emails")
    emails = [word for each in (mails if isinstance(mails, list) else []) for word in _words(_object(each), "email")]
    reach = ", ".join([*phones, *emails])
    return f"{name}: {reach}" if name and reach else name or reach


def _reply(part: object) -> str:
    body = _object(part)
    form = _object(body.get("nfm_reply"))
    if form:
        return _form(form)
    chosen = _object(body.get("button_reply")) or _object(body.get("list_reply"))
    return " – ".join(_words(chosen, "title", "description")) or " ".join(_words(chosen, "id"))


def _form(form: Json) -> str:
    try:
        answers = json.loads(str(form.get("response_json")))
    except (ValueError, RecursionError):
        answers = None
    if not isinstance(answers, dict):
        return " ".join(_words(form, "body"))
    shown = {name: value for name, value in answers.items() if name != "flow_token"}
    text = ", ".join(f"{name}: {value}" for name, value in shown.items())
    return text.encode("utf-8", "replace").decode()


def _button(part: object) -> str:
    body = _object(part)
    return " ".join(_words(body, "text") or _words(body, "payload"))


def _reaction(part: object) -> str:
    return " ".join(_words(_object(part), "emoji"))


DETAILS: dict[str, Callable[[object], str]] = {
    "location": _place,
    "contacts": _contacts,
    "interactive": _reply,
    "button": _button,
    "reaction": _reaction,
}
